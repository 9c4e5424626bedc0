"""The file of `serve --coverage`: checked at the start, written at exit."""

from pathlib import Path

import click

from safelight_mock.adapters.environment import variable
from safelight_mock.twin import Twin


def check_coverage_file(ctx: click.Context, file: Path) -> None:
    """Raise UsageError for a name without a format, for a folder, and for a file below a file."""
    from safelight_mock.coverage.writing import format_of  # noqa: PLC0415 - few runs write one

    try:
        format_of(file)
    except ValueError as error:
        raise click.UsageError(f"{variable(ctx, 'coverage')}--coverage {error}", ctx) from error
    option = f"{variable(ctx, 'coverage')}--coverage {file}"
    if file.is_dir():
        raise click.UsageError(f"{option} is a folder; name a file in it", ctx)
    above = next(folder for folder in file.absolute().parents if folder.exists())
    if not above.is_dir():
        raise click.UsageError(f"{option} is below {above}, which is a file; choose another folder", ctx)


def write_coverage_file(twin: Twin, file: Path) -> bool:
    """Write what clients covered; return whether that succeeded, and otherwise print why not."""
    from safelight_mock.coverage.writing import write_coverage  # noqa: PLC0415 - few runs write one

    try:
        write_coverage(twin.coverage(), file)
    except OSError as error:
        click.echo(f"cannot write {file}: {error.strerror}; choose another --coverage", err=True)
        return False
    return True
