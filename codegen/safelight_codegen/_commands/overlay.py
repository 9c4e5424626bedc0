"""The subcommands `safelight-codegen overlay …`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from safelight_codegen._commands.options import help_option
from safelight_codegen._commands.output import fail, one_line, write_text
from safelight_openapi import (
    DocumentError,
    DocumentFormat,
    JSONValue,
    OverlayError,
    apply_overlay,
    dump_json,
    dump_yaml,
    format_of,
    format_of_name,
    load_overlay,
    parse_document,
    read_text,
)

_EXAMPLES = """\b
Examples:
  safelight-codegen overlay apply openapi.yaml fixes.overlay.yaml
  safelight-codegen overlay apply --strict openapi.json fixes.yaml -o fixed.json
"""
_DUMPS: dict[DocumentFormat, Callable[[JSONValue], str]] = {
    DocumentFormat.JSON: dump_json,
    DocumentFormat.YAML: dump_yaml,
}


@click.group()
@help_option
def overlay() -> None:
    """Check OpenAPI overlays and apply them to documents.

    Overlays follow the OpenAPI Overlay Specification 1.1 or 1.0; documents and overlays are JSON or YAML.
    """


@overlay.command(name="apply", short_help="Apply an overlay to a document.", epilog=_EXAMPLES)
@click.argument("document", type=click.Path(path_type=Path))
@click.argument("overlay_path", metavar="OVERLAY", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write the complete result to OUT, or nothing after an error. Default: standard output.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Fail on actions that match or change nothing, and on warnings. Default: the specification's rules.",
)
@help_option
def apply_command(document: Path, overlay_path: Path, output: Path | None, *, strict: bool) -> None:
    """Apply OVERLAY to DOCUMENT and print the result.

    The result has the format of DOCUMENT, unless the name of OUT ends in .json, .yaml or .yml. DOCUMENT is
    not changed. The effect of each action is printed to standard error.
    """
    with _errors_inone_line():
        text = read_text(document)
        original = parse_document(text, source=document.as_posix())
        applied = apply_overlay(original, load_overlay(overlay_path), strict=strict)
        form = format_of(text, source=document.name)
        form = form if output is None else format_of_name(output.name) or form
        write_text(_DUMPS[form](applied.document), output)
    for report in applied.actions:
        if report.warning:
            sentence = f"{report.overlay}, action {report.number}: {report.warning}"
            click.echo(f"Warning: {one_line(sentence)}.", err=True)
    for report in applied.actions:
        click.echo(str(report), err=True)


@overlay.command(short_help="Check an overlay without a document.")
@click.argument("overlay_path", metavar="OVERLAY", type=click.Path(path_type=Path))
@help_option
def check(overlay_path: Path) -> None:
    """Check that OVERLAY is a valid overlay document and that its targets are RFC 9535 queries."""
    with _errors_inone_line():
        checked = load_overlay(overlay_path)
    count = len(checked.actions)
    click.echo(
        f"{checked.source}: valid overlay {checked.version}, {count} action{'' if count == 1 else 's'}."
    )


@contextmanager
def _errors_inone_line() -> Iterator[None]:
    try:
        yield
    except (DocumentError, OverlayError) as error:
        fail(str(error))
    except RecursionError:
        fail("the result is nested too deeply to be written.")
