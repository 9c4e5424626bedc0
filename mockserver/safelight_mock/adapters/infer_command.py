"""The command `safelight-mock infer`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safelight_lifecycle import EXTENSION

if TYPE_CHECKING:
    from safelight_openapi import Inference


@click.command()
@click.argument("document", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The overlay to write. Default: standard output.",
)
@click.option("--force", is_flag=True, help="Replace the output, also if it was edited.")
def infer(document: Path, output: Path | None, *, force: bool) -> None:
    """Write an overlay with the lifecycles that DOCUMENT most likely has.

    DOCUMENT is JSON or YAML: OpenAPI 3.0 to 3.2, or Swagger 2.0. Each action of the overlay says why it is
    inferred. What only a weak rule says is a comment: read it, and remove the marks of what is right.
    """
    from safelight_openapi import (  # noqa: PLC0415 - it takes 0.1 s, and other commands do without
        SpecError,
        infer_lifecycles,
        load_document,
        overlay_of,
    )

    try:
        effective = load_document(document).document
    except SpecError as error:
        raise click.ClickException(error.summary) from error
    if EXTENSION in effective:
        raise click.ClickException(
            f"{document} has {EXTENSION} already; 'safelight-mock check' lists what it lacks"
        )
    inferred = infer_lifecycles(effective)
    if not inferred.drafts:
        raise click.ClickException(
            f"{document}: no job was recognised: no GET takes an id and responds with a state that has words "
            "of a job; write a lifecycle as docs/lifecycles.md says"
        )
    info = effective.get("info")
    title = str(info.get("title", document.stem)) if isinstance(info, dict) else document.stem
    _write(overlay_of(inferred, title), output, is_forced=force)
    click.echo("\n".join(_summary(inferred)), err=True)


def _write(text: str, output: Path | None, *, is_forced: bool) -> None:
    """Write the overlay; a file that differs, which a user may have edited, is kept unless forced."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        if not is_forced and output.exists() and output.read_bytes() != text.encode():
            raise click.ClickException(
                f"{output} exists and differs from what is inferred; give another --output, or --force to "
                "replace it"
            )
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = f"cannot write {output}: {error.strerror}; choose another --output"
        raise click.ClickException(reason) from error


def _summary(inferred: "Inference") -> Iterator[str]:
    """Yield a line for each lifecycle: how many facts it has, and how many of them are doubtful."""
    from safelight_openapi import is_certain  # noqa: PLC0415 - as above

    for name, draft in inferred.drafts.items():
        facts = [fact for at, fact in inferred.facts.items() if at.startswith(f"/lifecycles/{name}/")]
        weak = sum(fact.is_doubtful for fact in facts)
        comment = "" if is_certain(draft) else ", all as comments"
        yield f"{name}: {len(facts)} facts, {weak} of them doubtful{comment}"
