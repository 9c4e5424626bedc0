"""The subcommand `safelight-codegen drift`."""

import sys
from pathlib import Path

import click

from safelight_codegen._commands.options import SectionedCommand, help_option, root_option
from safelight_codegen._drift.changes import ChangeSeverity
from safelight_codegen._drift.errors import DriftError
from safelight_codegen._drift.report import drift_between, find_drift
from safelight_codegen._drift.report_formats import FORMATS
from safelight_openapi import DocumentError, OverlayError, SpecError

EXIT = {ChangeSeverity.HARMLESS: 0, ChangeSeverity.REVIEW: 3, ChangeSeverity.BREAKING: 4}
_FROM = {"review": ChangeSeverity.REVIEW, "breaking": ChangeSeverity.BREAKING}
_GROUPS = {
    "Documents": ("vendor", "against", "cut", "root"),
    "Report": ("form", "fail_on"),
}
_EPILOG = """\b
Exit status:
  0  no change, only harmless changes, or changes that --fail-on allows
  1  a document is not an OpenAPI document, or NEW describes another API
  2  the arguments are invalid
  3  a change needs review
  4  a change is breaking

\b
Examples:
  safelight-codegen drift --vendor topaz new.yaml
  safelight-codegen drift --vendor claid page.md --cut 'fenced-json 1 of 4' --format markdown
  safelight-codegen drift old.json new.yaml --fail-on breaking
"""


@click.command(cls=SectionedCommand, groups=_GROUPS, epilog=_EPILOG)
@click.option(
    "--vendor",
    metavar="NAME",
    help="Compare NEW with the documents of openapi/NAME/. Default: compare OLD and NEW.",
)
@click.option(
    "--against",
    metavar="FILE",
    help="Compare with this document of the vendor. Default: the one that shares most operations with NEW.",
)
@click.option(
    "--cut",
    metavar="METHOD",
    help="Extract the document from the page NEW, by a method of source.toml. Default: NEW is the document.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS]),
    default="text",
    show_default=True,
    help="Print the report in this format.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*_FROM, "nothing"]),
    default="review",
    show_default=True,
    help="Exit with another status than 0 for changes of this class and more severe ones.",
)
@root_option("openapi/ and overlays/")
@help_option
@click.argument("documents", metavar="[OLD] NEW", nargs=-1, required=True, type=click.Path(path_type=Path))
def drift(  # noqa: PLR0913 - the command's options
    *,
    documents: tuple[Path, ...],
    vendor: str | None,
    against: str | None,
    cut: str | None,
    form: str,
    fail_on: str,
    root: Path,
) -> None:
    """Compare the OpenAPI documents OLD and NEW, or NEW with the document of a vendor.

    Reports for each change whether it is breaking, harmless or needs review, and which version to release.
    With --vendor also which overlay actions no longer apply, and which parts of clients and mock server are
    affected. Documents are JSON or YAML, OpenAPI 3.0 or 3.1. Nothing is written or downloaded.
    """
    _check_arguments(documents, vendor=vendor, only_with_vendor=against or cut)
    try:
        if vendor is None:
            old, new = documents
            report = drift_between(old, new)
        else:
            report = find_drift(documents[0], vendor=vendor, root=root, against=against, cut=cut)
    except (DocumentError, DriftError, OverlayError, SpecError, OSError) as error:
        message = error.summary if isinstance(error, SpecError) else str(error)
        click.echo(f"Error: {' '.join(message.split())}", err=True)
        sys.exit(1)
    except RecursionError:
        click.echo("Error: a chain of references is too long; shorten it.", err=True)
        sys.exit(1)
    click.echo(FORMATS[form](report))
    if fail_on in _FROM and report.severity >= _FROM[fail_on]:
        sys.exit(EXIT[report.severity])


def _check_arguments(documents: tuple[Path, ...], *, vendor: str | None, only_with_vendor: object) -> None:
    if vendor is not None and len(documents) != 1:
        raise click.UsageError("with --vendor pass NEW only: OLD is the vendored document")
    if vendor is None and len(documents) != 2:  # noqa: PLR2004 - OLD and NEW
        raise click.UsageError("pass OLD and NEW, or --vendor and NEW")
    if vendor is None and only_with_vendor:
        raise click.UsageError("--against and --cut require --vendor")
