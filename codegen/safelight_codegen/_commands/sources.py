"""The commands `vendor` and `check-sources`: cut vendored documents out anew, hold them to their digests."""

import sys
from pathlib import Path

import click

from safelight_openapi._effective.extract import changes, write
from safelight_openapi._effective.source_digests import source_faults
from safelight_openapi._effective.source_file import read_source, vendors
from safelight_openapi._errors import SpecError


@click.command()
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder that holds openapi/.",
)
@click.argument("name")
def vendor(*, root: Path, name: str) -> None:
    """Cut the documents of vendor NAME out of their pages; fail if source.toml says they are others."""
    try:
        written = write(root, name)
        differing = [change for document in read_source(root, name).documents for change in changes(document)]
    except (SpecError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(path.as_posix() for path in written) or f"{name}: transcribed, nothing to cut out")
    if differing:
        raise click.ClickException("\n".join(differing))


@click.command(name="check-sources")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder that holds openapi/.",
)
@click.argument("names", metavar="[VENDOR]...", nargs=-1)
def check_sources(*, root: Path, names: tuple[str, ...]) -> None:
    """Fail unless the documents of every VENDOR, or of those named, are byte for byte what was vendored."""
    known = names or tuple(vendors(root))
    faults = [fault for name in known for fault in source_faults(root, name)]
    if not known:
        faults = [
            f"no openapi/*/source.toml below {root.resolve()}: run it where openapi/ is, or give --root"
        ]
    if faults:
        click.echo("\n".join(faults), err=True)
        sys.exit(1)
