"""The subcommands `vendor` and `check-sources`: extract vendored documents again, compare their digests."""

import sys
from pathlib import Path

import click

from safelight_codegen._commands.options import help_option, root_option
from safelight_openapi import (
    SpecError,
    digest_mismatches,
    extract_documents,
    list_vendors,
    read_source,
    source_mismatches,
)


@click.command()
@root_option("openapi/")
@help_option
@click.argument("name")
def vendor(*, root: Path, name: str) -> None:
    """Extract the documents of vendor NAME from their pages, and compare them with source.toml.

    Fails if a digest differs; the files are written all the same.
    """
    try:
        written = extract_documents(root, name)
        differing = [
            change for document in read_source(root, name).documents for change in digest_mismatches(document)
        ]
    except (SpecError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        "\n".join(path.as_posix() for path in written) or f"{name}: transcribed by hand, nothing to extract"
    )
    if differing:
        raise click.ClickException("\n".join(differing))


@click.command(name="check-sources")
@root_option("openapi/")
@help_option
@click.argument("names", metavar="[VENDOR]...", nargs=-1)
def check_sources(*, root: Path, names: tuple[str, ...]) -> None:
    """Compare vendored documents and pages with the digests in source.toml; fail if one differs.

    VENDOR selects folders of openapi/; by default all are checked.
    """
    known = names or tuple(list_vendors(root))
    mismatches = [mismatch for name in known for mismatch in source_mismatches(root, name)]
    if not known:
        remedy = "change to the folder that has openapi/, or use --root"
        mismatches = [f"no openapi/*/source.toml below {root.resolve()}; {remedy}"]
    if mismatches:
        click.echo("\n".join(mismatches), err=True)
        sys.exit(1)
