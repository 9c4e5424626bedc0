"""The commands `vendor` and `check-sources`: cut vendored documents out anew, hold them to their digests."""

import sys
from pathlib import Path

import click

from safelight_openapi import (
    SpecError,
    digest_mismatches,
    extract_documents,
    list_vendors,
    read_source,
    source_mismatches,
)


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
        written = extract_documents(root, name)
        differing = [
            change for document in read_source(root, name).documents for change in digest_mismatches(document)
        ]
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
    known = names or tuple(list_vendors(root))
    faults = [fault for name in known for fault in source_mismatches(root, name)]
    if not known:
        faults = [
            f"no openapi/*/source.toml below {root.resolve()}: run it where openapi/ is, or give --root"
        ]
    if faults:
        click.echo("\n".join(faults), err=True)
        sys.exit(1)
