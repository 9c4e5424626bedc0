"""The command `safelight-codegen generate`."""

import sys
from pathlib import Path

import click

from safelight_codegen._generate.build import build
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import read_tree, replace_folder
from safelight_codegen._generate.staleness import explain
from safelight_openapi import DocumentError, OverlayError, SpecError

_EXPECTED = (DocumentError, GenerationError, OverlayError, SpecError, OSError)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail, and say why, when generated/ is stale.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder that holds openapi/, overlays/ and generated/.",
)
@click.argument("vendor", nargs=-1)
def generate(*, check: bool, root: Path, vendor: tuple[str, ...]) -> None:
    """Rewrite generated/ from openapi/ and overlays/, for every VENDOR or for those named."""
    folder = root / "generated"
    current = read_tree(folder)
    try:
        fresh = build(root, vendor, current=current)
        if not check:
            replace_folder(folder, fresh)
    except _EXPECTED as error:
        click.echo(f"safelight-codegen: {error}", err=True)
        sys.exit(1)
    if check and (reasons := explain(current, fresh)):
        click.echo("\n".join(reasons), err=True)
        sys.exit(1)
