"""The command `safelight-mock check`."""

import json
from collections.abc import Sequence
from pathlib import Path

import click


@click.command()
@click.argument("document", type=click.Path(path_type=Path))
@click.option(
    "--lifecycle",
    "overlays",
    type=click.Path(path_type=Path),
    multiple=True,
    help="An overlay that is applied before, usually with the lifecycles; repeatable.",
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(ctx: click.Context, /, document: Path, *, overlays: Sequence[Path], is_json: bool) -> None:
    """List everything that is wrong with DOCUMENT, its overlays and its lifecycles.

    Each finding has its place, what may be meant, and an overlay action that corrects it. The exit status is
    1 if there are errors; warnings are about what can be served as it is.
    """
    from safelight_mock.config.specs import serving_checks  # noqa: PLC0415 - other commands do without
    from safelight_openapi import check_document  # noqa: PLC0415 - likewise; it takes 0.1 s

    report = check_document(document, overlays, checks=serving_checks())
    click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False) if is_json else report.as_text())
    ctx.exit(1 if report.errors else 0)
