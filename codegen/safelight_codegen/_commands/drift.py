"""The command `safelight-codegen drift`."""

import sys
from pathlib import Path

import click

from safelight_codegen._drift.changes import Severity
from safelight_codegen._drift.errors import DriftError
from safelight_codegen._drift.report import drift as compared
from safelight_codegen._drift.report import drift_between
from safelight_codegen._drift.report_formats import FORMATS
from safelight_openapi import DocumentError, OverlayError, SpecError

EXIT = {Severity.HARMLESS: 0, Severity.LOOK: 3, Severity.BREAKING: 4}
_FROM = {"look": Severity.LOOK, "breaking": Severity.BREAKING}
_EPILOG = """\b
Exit status:
  0  nothing changed, or nothing that matters; also what --fail-on lets pass
  1  a document is refused: it is no OpenAPI document, or NEW is another API's
  2  the command was not understood
  3  something needs a look
  4  something breaks

\b
Examples:
  safelight-codegen drift --vendor topaz new.yaml
  safelight-codegen drift --vendor claid page.md --cut 'fenced-json 1 of 4' --format markdown
  safelight-codegen drift old.json new.yaml --fail-on breaking
"""


@click.command(epilog=_EPILOG)
@click.option("--vendor", help="A folder under openapi/: what is vendored there is OLD.")
@click.option(
    "--against", metavar="FILE", help="The vendored document to compare with, if not the likeliest."
)
@click.option("--cut", metavar="MANNER", help="NEW is a page: cut the document out, as source.toml says it.")
@click.option("--format", "form", type=click.Choice([*FORMATS]), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice([*_FROM, "nothing"]),
    default="look",
    show_default=True,
    help="The mildest class that makes the exit status other than 0.",
)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder that holds openapi/ and overlays/.",
)
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
    """Compare NEW with OLD, two OpenAPI documents, or with the vendored document of a vendor.

    Says of every change whether it is breaking, harmless or needs a look, and which version should follow.
    With --vendor also which overlay actions no longer fit, and what of the clients and the mock server is
    touched. Documents are JSON or YAML, OpenAPI 3.0 or 3.1. Nothing is written, nothing is fetched.
    """
    _refuse_other_counts(documents, vendor=vendor, only_with_vendor=against or cut)
    try:
        if vendor is None:
            old, new = documents
            found = drift_between(old, new)
        else:
            found = compared(documents[0], vendor=vendor, root=root, against=against, cut=cut)
    except (DocumentError, DriftError, OverlayError, SpecError, OSError) as error:
        said = error.summary if isinstance(error, SpecError) else str(error)
        click.echo(f"safelight-codegen: {' '.join(said.split())}", err=True)
        sys.exit(1)
    except RecursionError:
        click.echo("safelight-codegen: a chain of references is too long to follow; shorten it.", err=True)
        sys.exit(1)
    click.echo(FORMATS[form](found))
    if fail_on in _FROM and found.severity >= _FROM[fail_on]:
        sys.exit(EXIT[found.severity])


def _refuse_other_counts(
    documents: tuple[Path, ...], *, vendor: str | None, only_with_vendor: object
) -> None:
    if vendor is not None and len(documents) != 1:
        raise click.UsageError("with --vendor give NEW alone: OLD is what is vendored")
    if vendor is None and len(documents) != 2:  # noqa: PLR2004 - OLD and NEW
        raise click.UsageError("give OLD and NEW, or --vendor and NEW")
    if vendor is None and only_with_vendor:
        raise click.UsageError("--against and --cut go with --vendor")
