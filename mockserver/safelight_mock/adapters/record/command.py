"""The command `safelight-mock record`."""

import logging
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safelight_mock.adapters.option_types import BaseUrl, Host, Number, WebhookUrl, WholeNumber
from safelight_mock.adapters.serve_options import PORT, PORTS
from safelight_mock.wire.logs import log_to_stderr

if TYPE_CHECKING:
    from safelight_mock.config.services import Service


@click.command(context_settings={"show_default": True})
@click.argument("document", required=False, type=click.Path(path_type=Path))
@click.option("--vendor", metavar="NAME", help="Record a built-in API instead of that of a document.")
@click.option(
    "--upstream",
    required=True,
    type=BaseUrl(),
    metavar="URL",
    help="Base URL of the service, as its clients have it.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the scenario, its files and the observations.",
)
@click.option(
    "--lifecycle",
    "lifecycles",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Overlay that adds x-async-jobs to the document; may be repeated.",
)
@click.option(
    "--name",
    default="",
    metavar="NAME",
    help="Name of the document in URLs.",
    show_default="that of the file",
)
@click.option(
    "--port", default=PORT, type=PORTS, metavar="PORT", help="Port on loopback; 0 takes a free one."
)
@click.option(
    "--public-url",
    type=BaseUrl(),
    metavar="URL",
    show_default="none",
    help="Where the service reaches this proxy with webhooks, such as the URL of a tunnel.",
)
@click.option(
    "--account-webhook",
    type=WebhookUrl(),
    metavar="URL",
    show_default="none",
    help="Where webhooks go whose URL is a setting of the account: set the printed address there.",
)
@click.option(
    "--allow-webhook-host",
    "hosts",
    multiple=True,
    type=Host(),
    metavar="HOST",
    help="Pass webhooks on to this host; may be repeated.",
    show_default="this machine, without --public-url",
)
@click.option(
    "--requests",
    type=WholeNumber(1),
    metavar="N",
    help="Stop after so many requests.",
    show_default="never",
)
@click.option(
    "--idle",
    type=Number(),
    metavar="SECONDS",
    help="Stop so many seconds after the last request.",
    show_default="never",
)
def record(  # noqa: PLR0913 - options
    *,
    document: Path | None,
    vendor: str | None,
    upstream: str,
    folder: Path,
    lifecycles: Sequence[Path],
    name: str,
    port: int,
    public_url: str | None,
    account_webhook: str | None,
    hosts: Sequence[str],
    requests: int | None,
    idle: float | None,
) -> None:
    """Pass a session with a service through, and write a scenario that plays it again.

    It listens on loopback until interrupted. Each request for the API goes to --upstream, and each link of a
    response to its own host; nothing else is requested. DOCUMENT is the OpenAPI document of the service, or
    --vendor names a built-in one. Keys and signed links are never written.
    """
    from safelight_mock.adapters.record.recorder import Recorder, Stop  # noqa: PLC0415 - other commands do without
    from safelight_mock.scenarios.reading import InvalidScenarioError  # noqa: PLC0415 - likewise

    if (document is None) == (vendor is None):
        raise click.UsageError(
            "give the OpenAPI document of the service, or --vendor NAME for a built-in API"
        )
    try:
        recorder = Recorder(
            _service(document, vendor, lifecycles, name),
            upstream,
            folder,
            port=port,
            public_url=public_url or "",
            account_webhook=account_webhook or "",
            webhook_hosts=frozenset(hosts),
            stop=Stop(requests, idle),
            report=lambda line: click.echo(line, err=True),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        where, option = (error.filename, "--output") if error.filename else (f"port {port}", "--port")
        reason = os.strerror(error.errno) if error.errno else str(error)
        sentence = f"cannot use {where}: {reason}; choose another {option}" if error.errno else reason
        raise click.ClickException(sentence) from error
    log_to_stderr(logging.WARNING)
    click.echo(f"recording {upstream} at {recorder.url}; Ctrl-C stops and writes", err=True)
    if recorder.webhook_address:
        click.echo(f"let the webhook URL of the account be {recorder.webhook_address}", err=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: recorder.stop())
    recorder.run()
    try:
        count = recorder.write()
    except InvalidScenarioError as error:
        raise click.ClickException(f"the scenario was written, and has to be corrected: {error}") from error
    click.echo(
        f"{len(recorder.session.exchanges)} requests, {count} observations: {folder / 'observations.md'}"
    )
    if recorder.folder.scenario.exists():
        click.echo(f"safelight-mock serve --scenario {recorder.folder.scenario}")


def _service(document: Path | None, vendor: str | None, lifecycles: Sequence[Path], name: str) -> "Service":
    """Return the API that is recorded; raises ValueError."""
    from safelight_mock.config.services import services  # noqa: PLC0415 - as above
    from safelight_mock.config.settings import Settings  # noqa: PLC0415 - as above
    from safelight_mock.config.specs import Spec  # noqa: PLC0415 - as above
    from safelight_mock.config.vendors import choose_vendors  # noqa: PLC0415 - as above

    specs = [] if document is None else [Spec(document, lifecycles, name)]
    chosen = choose_vendors([] if vendor is None else [vendor], specs)
    return next(iter(services(Settings(), chosen).values()))
