"""The command `safelight-mock`."""

import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TypeVar

import click

from safelight_mock.adapters.access_log import AccessLog, as_json, as_text
from safelight_mock.adapters.connections import bounds_of
from safelight_mock.adapters.environment import NamingCommand, culprit, variable
from safelight_mock.adapters.option_types import SETTINGS, Duration, NamedSetting, VendorUrl
from safelight_mock.adapters.server import LOOPBACK, entrance_of, listen, server
from safelight_mock.config.services import services
from safelight_mock.config.settings import DataDirError, Durability, Settings
from safelight_mock.core.clock import Mode
from safelight_mock.twin import Twin
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.hosts import is_here
from safelight_mock.wire.listener import CONTROL, Listener
from safelight_mock.wire.logs import clean
from safelight_mock.wire.presigned_links import PREFIX
from safelight_mock.wire.setting import Plain

Command = TypeVar("Command", bound=Callable[..., None])

PORT = 4010
PORTS = (errno.EADDRINUSE, errno.EACCES)  # errors that another port may mend, and no other host
DEFAULTS = Settings()
HOSTS: Mapping[str, str] = {f"{slug}_host": f"{slug}.host" for slug in VENDORS if f"{slug}.host" in SETTINGS}

LOGS = {"text": AccessLog(as_text), "json": AccessLog(as_json), "none": None}


def host_options(command: Command) -> Command:
    """Add an option for each vendor whose Host is a setting, because its document names none."""
    for name, setting in HOSTS.items():
        option = click.option(
            f"--{name.replace('_', '-')}", default="", help=SETTINGS[setting].about, show_default="none"
        )
        command = option(command)
    return command


@click.group()
@click.version_option(package_name="safelight")
def main() -> None:
    """Run a faithful local twin of image-processing APIs."""


@main.command(
    cls=NamingCommand, context_settings={"auto_envvar_prefix": "SAFELIGHT_MOCK", "show_default": True}
)
@click.pass_context
@click.option("--host", default=LOOPBACK, help="Address to listen on.")
@click.option(
    "--port", default=PORT, type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one."
)
@click.option(
    "--files-port",
    type=click.IntRange(0, 65535),
    help="Port to serve files on, and nothing else; 0 takes a free one.",
    show_default="the same port",
)
@click.option("--public-url", default="", help="What clients call this twin.", show_default="as they call it")
@click.option(
    "--files-url",
    "files_url",
    multiple=True,
    type=VendorUrl(),
    envvar="SAFELIGHT_MOCK_FILES_URL",
    callback=lambda _context, _parameter, urls: dict(urls),
    help="Base URL of links to files: one URL for all vendors, or VENDOR=URL for one; may be repeated.",
    show_default="as the API's",
)
@click.option(
    "--cors-origin",
    "cors_origins",
    multiple=True,
    metavar="ORIGIN",
    envvar="SAFELIGHT_MOCK_CORS_ORIGIN",
    callback=lambda _context, _parameter, origins: frozenset(origins),
    help="Let web pages of this origin call the APIs and read files, or * of all; may be repeated.",
    show_default="none",
)
@click.option(
    "--trust-proxy",
    "trusted_proxies",
    multiple=True,
    metavar="ADDRESS",
    envvar="SAFELIGHT_MOCK_TRUST_PROXY",
    callback=lambda _context, _parameter, addresses: frozenset(addresses),
    help="Heed Forwarded, X-Forwarded-Proto and -Host of this IP address or network; may be repeated.",
    show_default="of no peer",
)
@click.option(
    "--clock",
    type=click.Choice(
        [*Mode], case_sensitive=False
    ),  # newer releases of click compare the members' own names
    default=DEFAULTS.clock,
    show_default=str(DEFAULTS.clock),
    help="What advances time: the system clock (real), the same faster (scaled, by --clock-rate), "
    "the control plane alone (manual), or clients that poll a job, to its next transition (auto).",
)
@click.option(
    "--clock-rate",
    default=DEFAULTS.clock_rate,
    type=click.FloatRange(0, min_open=True),
    help="Rate of a scaled clock, relative to real time.",
)
@click.option(
    "--job-speedup",
    default=DEFAULTS.job_speedup,
    type=click.FloatRange(0, min_open=True),
    help="Divide the simulated durations of jobs by this factor.",
)
@click.option("--strict", is_flag=True, help="Take only what the vendors' documents say.")
@click.option(
    "--api-key",
    "api_keys",
    multiple=True,
    envvar="SAFELIGHT_MOCK_API_KEY",
    callback=lambda _, __, keys: frozenset(keys),
    help="Take only this key; may be repeated.",
    show_default="any key",
)
@click.option("--seed", default="", help="Ids and links follow from this text.", show_default="random")
@click.option("--max-jobs", default=DEFAULTS.max_jobs, type=click.IntRange(1), help="Jobs at most.")
@click.option(
    "--max-storage", default=DEFAULTS.max_storage, type=click.IntRange(1), help="Bytes of images on disk."
)
@click.option(
    "--max-sandboxes", default=DEFAULTS.max_sandboxes, type=click.IntRange(1), help="Keys in use at most."
)
@click.option(
    "--request-log-size",
    default=DEFAULTS.request_log_size,
    type=click.IntRange(1),
    help="Calls that are remembered at most.",
)
@click.option(
    "--retention",
    type=Duration(),
    help="How long jobs are kept after their end, as 24h or 7d.",
    show_default="as long as their vendor keeps them",
)
@click.option(
    "--shutdown-timeout",
    default=DEFAULTS.shutdown_timeout,
    type=click.FloatRange(0),
    help="Seconds that calls and webhook deliveries in flight may take to end when it is stopped.",
)
@click.option(
    "--body-timeout",
    default=DEFAULTS.body_timeout,
    type=click.FloatRange(0, min_open=True),
    help="Seconds a request's body, or the reading of a response, may pause.",
)
@click.option(
    "--header-timeout",
    default=DEFAULTS.header_timeout,
    type=click.FloatRange(0, min_open=True),
    help="Seconds in which a request's head has to arrive.",
)
@click.option(
    "--keep-alive-timeout",
    default=DEFAULTS.keep_alive_timeout,
    type=click.FloatRange(0, min_open=True),
    help="Seconds a connection stays open between two requests.",
)
@click.option(
    "--max-connections",
    type=click.IntRange(1),
    help="Connections open at a time; further ones are answered 503.",
    show_default="as many as the limit of open files has room for",
)
@click.option(
    "--allow-input-host",
    "allowed_input_hosts",
    multiple=True,
    envvar="SAFELIGHT_MOCK_ALLOW_INPUT_HOST",
    callback=lambda _context, _parameter, hosts: frozenset(hosts),
    help="Load inputs from this host too; may be repeated.",
    show_default="this machine, if it alone reaches --host",
)
@click.option(
    "--placeholder-inputs/--no-placeholder-inputs",
    default=True,
    help="Use a placeholder image for an input URL whose host is not allowed; otherwise its job fails.",
)
@click.option(
    "--input-timeout",
    default=DEFAULTS.input_timeout,
    type=click.FloatRange(0, min_open=True),
    help="Seconds all inputs of a call may take to load.",
)
@click.option(
    "--allow-webhook-host",
    "allowed_webhook_hosts",
    multiple=True,
    envvar="SAFELIGHT_MOCK_ALLOW_WEBHOOK_HOST",
    callback=lambda _context, _parameter, hosts: frozenset(hosts),
    help="Send webhooks to this host too; may be repeated.",
    show_default="this machine, if it alone reaches --host",
)
@click.option(
    "--control-token",
    default="",
    help="Ask callers of /_safelight/ for this; wherever they are, they may call then.",
    show_default="none: this machine alone may call",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    help="Keep jobs and files in this folder, across restarts.",
    show_default="in memory",
)
@click.option(
    "--durability",
    type=click.Choice([*Durability], case_sensitive=False),
    default=DEFAULTS.durability,
    show_default=str(DEFAULTS.durability),
    help="Whether what --data-dir keeps survives the process alone (normal), or a loss of power too (full).",
)
@click.option(
    "--validate-responses/--no-validate-responses",
    default=True,
    help="Validate every response against the OpenAPI document.",
)
@click.option(
    "--set",
    "options",
    multiple=True,
    type=NamedSetting(),
    envvar="SAFELIGHT_MOCK_SET",
    callback=lambda _, __, options: dict(options),
    help="A vendor's setting; may be repeated.",
    show_default="see `settings`",
)
@host_options
@click.option(
    "--log",
    type=click.Choice(["text", "json", "none"]),
    default="text",
    help="A line for each call, on stderr.",
)
def serve(  # noqa: PLR0913 - what settings do not have
    ctx: click.Context,
    /,
    host: str,
    port: int,
    files_port: int | None,
    *,
    log: str,
    options: Mapping[str, Plain],
    **chosen: object,
) -> None:
    """Serve every vendor until interrupted.

    Every option can be given in the environment too: --port as SAFELIGHT_MOCK_PORT, --api-key as
    SAFELIGHT_MOCK_API_KEY (several apart by spaces), and so on.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(clean)  # what libraries log holds text from outside too
    logging.basicConfig(level=logging.ERROR, format="%(message)s", handlers=[handler])
    logging.getLogger("safelight_mock").setLevel(logging.ERROR if log == "none" else logging.WARNING)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # what goes wrong in an answer is in our own log
    try:
        named = _hosts(chosen)
        settings = Settings(options={**options, **named}, **chosen)  # type: ignore[arg-type] # click typed them
    except ValueError as error:
        raise click.UsageError(f"{culprit(ctx, chosen, error)}{error}") from error
    _check_host(ctx, host, settings)
    _check_connections(ctx, settings)
    _check_folder(ctx, settings)
    sockets = _listen(ctx, host, {"port": port, "files_port": files_port})
    entrance = entrance_of(sockets)
    twin = _twin(ctx, settings, sockets)
    _exit_in_order()
    with suppress(SystemExit), closing(twin):
        click.echo("\n".join(_addresses(twin, entrance)), err=True)
        server(twin, entrance, LOGS[log]).run(sockets=sockets)
    sys.stderr.flush()
    os._exit(0)  # a picture that is being made is not waited for


@main.command()
def settings() -> None:
    """List the vendors' settings: choices of ours where their documents are silent."""
    for slug, service in services(Settings()).items():
        for name, setting in service.vendor.settings.items():
            click.echo(f"{slug}.{name}={service.options[name]}\n    {setting.about}")


def _hosts(chosen: MutableMapping[str, object]) -> Mapping[str, Plain]:
    """Take the options that name a vendor's Host out, for the settings they are."""
    named = {setting: str(chosen.pop(name)) for name, setting in HOSTS.items()}
    return {setting: host for setting, host in named.items() if host}


def _check_host(ctx: click.Context, host: str, settings: Settings) -> None:
    if not is_here(host) and not settings.control_token:
        raise click.UsageError(
            f"{variable(ctx, 'host')}on --host {host or '(any)'} others could drive this twin: choose a "
            f"--control-token, which calls to {CONTROL} have to bear, or listen on {LOOPBACK}"
        )


def _check_connections(ctx: click.Context, settings: Settings) -> None:
    try:
        bounds_of(settings)
    except ValueError as error:
        raise click.UsageError(f"{variable(ctx, 'max_connections')}{error}") from error


def _check_folder(ctx: click.Context, settings: Settings) -> None:
    if settings.data_dir is not None and settings.data_dir.is_file():
        raise click.UsageError(
            f"{variable(ctx, 'data_dir')}--data-dir names a folder; {settings.data_dir} is a file: "
            "name another"
        )


def _twin(ctx: click.Context, settings: Settings, sockets: Sequence[socket.socket]) -> Twin:
    try:
        return Twin(settings, entrance=entrance_of(sockets))
    except DataDirError as error:
        for listening in sockets:
            listening.close()
        raise click.ClickException(
            f"{variable(ctx, 'data_dir')}{error}; choose another --data-dir"
        ) from error


def _listen(ctx: click.Context, host: str, ports: Mapping[str, int | None]) -> list[socket.socket]:
    """Bind a socket for each option that names a port: all or none."""
    with ExitStack() as opened:
        sockets = [
            opened.enter_context(_bound(ctx, host, port, option))
            for option, port in ports.items()
            if port is not None
        ]
        opened.pop_all()
    return sockets


def _bound(ctx: click.Context, host: str, port: int, option: str) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno not in PORTS:
            option = "host"
        raise click.ClickException(
            f"{variable(ctx, option)}cannot listen on {host}:{port}: {error.strerror}; "
            f"choose another --{option.replace('_', '-')}"
        ) from error


def _exit_in_order() -> None:
    """Leave by SystemExit when told to stop: uvicorn raises the signal again once it has shut down."""
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: sys.exit(0))


def _addresses(twin: Twin, entrance: Listener) -> Iterable[str]:
    urls = twin.base_urls
    for slug, service in twin.served.items():
        yield f"{slug}: {urls.public_url or entrance.own}/{slug}{service.api.base}"
    if entrance.files_port:
        yield f"files: {urls.files_of_all(entrance)}{PREFIX}"
