"""The subcommand `safelight-codegen generate`."""

import sys
from pathlib import Path

import click

from safelight_codegen._commands.options import help_option, root_option
from safelight_codegen._generate.build import build
from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import read_tree, replace_folder
from safelight_codegen._generate.spec_client import check_replaceable, differences, spec_client
from safelight_codegen._generate.staleness import explain_staleness
from safelight_openapi import DocumentError, OverlayError, SpecError, lifecycle_violations, load_document

NOTES = 20  # that are shown
_EXPECTED = (DocumentError, GenerationError, OverlayError, SpecError, OSError)


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; fail with the reasons if what is there is outdated. Default: write.",
)
@click.option(
    "--spec",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Generate a client for this OpenAPI document (3.0 to 3.2, or Swagger 2.0) instead.",
)
@click.option(
    "--lifecycle",
    "lifecycles",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="With --spec: apply this overlay, which may add x-async-jobs; may be repeated.",
)
@click.option("--package", metavar="NAME", help="With --spec: name of the package, such as acme_client.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    metavar="FOLDER",
    help="With --spec: folder in which the package is written. Default: the current folder.",
)
@root_option("openapi/, overlays/ and generated/")
@help_option
@click.argument("vendor", nargs=-1, metavar="[VENDOR]...")
def generate(  # noqa: PLR0913 - two ways in
    *,
    check: bool,
    spec: Path | None,
    lifecycles: tuple[Path, ...],
    package: str | None,
    out: Path,
    root: Path,
    vendor: tuple[str, ...],
) -> None:
    """Rewrite generated/ from its sources, or generate a client for --spec.

    VENDOR selects folders of openapi/; by default all are generated.
    """
    _check_combination(spec, lifecycles, package, vendor)
    try:
        reasons = (
            _vendors(root, vendor, check=check)
            if spec is None or package is None
            else _package(spec, lifecycles, package, out, check=check)
        )
    except _EXPECTED as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    if reasons:
        click.echo("\n".join(reasons), err=True)
        sys.exit(1)


def _check_combination(
    spec: Path | None, lifecycles: tuple[Path, ...], package: str | None, vendor: tuple[str, ...]
) -> None:
    """Raise UsageError for options that do not go together."""
    if spec is None and package is not None:
        raise click.UsageError("--package is for --spec FILE only; add --spec")
    if spec is None and lifecycles:
        raise click.UsageError("--lifecycle is for --spec FILE only; add --spec and --package")
    if spec is not None and vendor:
        raise click.UsageError(f"give VENDOR or --spec, not both: {', '.join(vendor)}")
    if spec is not None and package is None:
        raise click.UsageError(
            "--spec also needs --package NAME, the name of the client package, such as acme_client"
        )


def _vendors(root: Path, vendor: tuple[str, ...], *, check: bool) -> list[str]:
    """Write `generated/`, or return why it is outdated."""
    folder = root / "generated"
    current = read_tree(folder)
    fresh = build(root, vendor, current=current)
    if check:
        return explain_staleness(current, fresh)
    replace_folder(folder, fresh)
    return []


def _package(spec: Path, lifecycles: tuple[Path, ...], package: str, out: Path, *, check: bool) -> list[str]:
    """Write a package, or return why it is outdated."""
    loaded = load_document(spec, lifecycles, checks=(lifecycle_violations,))
    folder = out / package
    check_replaceable(folder)
    fresh, notes = spec_client(package, loaded.document)
    if check:
        lines = [*differences(read_tree(folder), fresh)]
        return [*lines, f"{folder} is outdated; generate it again"] if lines else []
    out.mkdir(parents=True, exist_ok=True)
    replace_folder(folder, fresh)
    together = [*loaded.notes, *notes]
    for note in together[:NOTES]:
        click.echo(f"{spec}: {note}", err=True)
    if len(together) > NOTES:
        click.echo(f"{spec}: {len(together) - NOTES} more notes like these", err=True)
    click.echo(folder.as_posix())
    return []
