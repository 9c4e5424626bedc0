"""The subcommand `safelight-codegen generate`."""

import sys
from pathlib import Path

import click

from safelight_codegen._commands.options import help_option, root_option
from safelight_codegen._generate.build import build
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import read_tree, replace_folder
from safelight_codegen._generate.staleness import explain_staleness
from safelight_openapi import DocumentError, OverlayError, SpecError

_EXPECTED = (DocumentError, GenerationError, OverlayError, SpecError, OSError)


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; fail with the reasons if generated/ is outdated. Default: write.",
)
@root_option("openapi/, overlays/ and generated/")
@help_option
@click.argument("vendor", nargs=-1, metavar="[VENDOR]...")
def generate(*, check: bool, root: Path, vendor: tuple[str, ...]) -> None:
    """Rewrite generated/ from openapi/ and overlays/.

    VENDOR selects folders of openapi/; by default all are generated.
    """
    folder = root / "generated"
    current = read_tree(folder)
    try:
        fresh = build(root, vendor, current=current)
        if not check:
            replace_folder(folder, fresh)
    except _EXPECTED as error:
        click.echo(f"safelight-codegen: {error}", err=True)
        sys.exit(1)
    if check and (reasons := explain_staleness(current, fresh)):
        click.echo("\n".join(reasons), err=True)
        sys.exit(1)
