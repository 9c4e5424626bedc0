"""The command `safelight-mock dry-run`."""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safelight_mock.wire.logs import log

if TYPE_CHECKING:
    from safelight_mock.adapters.dry_run.control import Exchange
    from safelight_mock.adapters.dry_run.player import DryRunStep

SHOWN = 400  # characters of a body
ORIGIN = "http://mock.local"


@click.command("dry-run")
@click.argument("document", type=click.Path(path_type=Path))
@click.option(
    "--lifecycle",
    "lifecycles",
    type=click.Path(path_type=Path),
    multiple=True,
    help="An overlay that adds x-async-jobs; may be repeated. Default: that in the document, else inferred.",
)
@click.option("--quiet", is_flag=True, help="Print the steps without requests and responses.")
def dry_run(document: Path, lifecycles: Sequence[Path], *, quiet: bool) -> None:
    """Play the lifecycles of DOCUMENT in process, and print each request and response.

    Of each lifecycle a job is submitted, polled until its end, fetched, listed and delivered by webhook;
    others are cancelled and fail; an unknown id, a missing key and a broken body are tried. It runs on a
    manual clock, without a port, and exits with 1 if a lifecycle sticks.
    """
    import httpx  # noqa: PLC0415 - other commands do without

    from safelight_mock.adapters.dry_run.player import Player  # noqa: PLC0415
    from safelight_mock.adapters.httpx_transports import TwinTransport  # noqa: PLC0415
    from safelight_mock.config.settings import Settings  # noqa: PLC0415
    from safelight_mock.config.specs import Spec  # noqa: PLC0415
    from safelight_mock.twin import Twin  # noqa: PLC0415

    try:
        twin = Twin(Settings(), specs=[Spec(document, lifecycles, name="api")])
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    problems = 0
    with _quiet_log(), closing(twin), httpx.Client(transport=TwinTransport(twin)) as client:
        api = twin.served["api"].api
        if not api.async_jobs.lifecycles:
            raise click.ClickException(
                f"{document} has no lifecycle, and none is recognised in it; `safelight-mock infer "
                f"{document}` says why, and docs/lifecycles.md how to write an overlay for --lifecycle"
            )
        played = ""
        for step in Player(api=api, slug="api", client=client, origin=ORIGIN).play():
            story = f"{step.lifecycle}: {step.operation}"
            click.echo(
                "\n".join([*([f"\n{story}"] if story != played else []), *_lines(step, is_quiet=quiet)])
            )
            played = story
            problems += bool(step.problem)
    sys.exit(bool(problems))


@contextmanager
def _quiet_log() -> Iterator[None]:
    """Log nothing meanwhile: what sticks is printed with its response."""
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _lines(step: "DryRunStep", *, is_quiet: bool) -> Iterator[str]:
    """Yield a line for the step, and two for each of its exchanges."""
    yield f"  {step.title}: {step.problem or step.outcome}"
    shown = () if is_quiet and not step.problem else step.exchanges
    for exchange in _folded(shown):
        yield from exchange


def _folded(exchanges: "Sequence[Exchange]") -> Iterator[list[str]]:
    """Yield the lines of each exchange; those that repeat the last response are left out."""
    last: bytes | None = None
    for one in exchanges:
        if one.response.content == last and one.request.method == "GET":
            continue
        last = one.response.content
        sent = _shown(one.request.headers.get("content-type", ""), one.request.read())
        got = _shown(one.response.headers.get("content-type", ""), one.response.content)
        yield [
            f"    {one.request.method} {one.request.url.raw_path.decode()} {sent}".rstrip(),
            f"    {one.response.status_code} {got}".rstrip(),
        ]


def _shown(media_type: str, body: bytes) -> str:
    if not body:
        return ""
    if "json" not in media_type and not media_type.startswith("text/"):
        return f"({media_type.partition(';')[0]}, {len(body)} bytes)"
    text = body.decode("utf-8", "replace").replace("\n", " ")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
