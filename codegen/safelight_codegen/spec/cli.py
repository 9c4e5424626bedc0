"""The command `vendor`: cut vendored documents out of their pages anew."""

from pathlib import Path

import click

from safelight_codegen.spec.errors import SpecError
from safelight_codegen.spec.extract import changes, write
from safelight_codegen.spec.source import read_source


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
    click.echo("\n".join(path.as_posix() for path in written))
    if differing:
        raise click.ClickException("\n".join(differing))
