"""The file of `serve --coverage`: checked at the start, written at exit."""

from pathlib import Path

import click

from safelight_mock.adapters.environment import variable
from safelight_mock.twin import Twin


def check_coverage_file(ctx: click.Context, file: Path) -> None:
    """Raise UsageError for a file that cannot be written."""
    from safelight_mock.coverage.writing import check_file  # noqa: PLC0415 - few runs write one

    try:
        check_file(file)
    except ValueError as error:
        raise click.UsageError(f"{variable(ctx, 'coverage')}--coverage {error}", ctx) from error


def write_coverage_file(twin: Twin, file: Path) -> bool:
    """Write what clients covered; return whether that succeeded, and otherwise print why not."""
    from safelight_mock.coverage.writing import write_coverage  # noqa: PLC0415 - few runs write one

    try:
        write_coverage(twin.coverage(), file)
    except OSError as error:
        click.echo(f"cannot write {file}: {error.strerror}; choose another --coverage", err=True)
        return False
    return True
