"""The command `safelight-mock`."""

import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, closing, suppress

import click

from safelight_mock.adapters.connections import limits_of
from safelight_mock.adapters.environment import ServeCommand, culprit, variable
from safelight_mock.adapters.grouped_options import PREFIX
from safelight_mock.adapters.serve_options import HOSTS, LOGS, serve_options
from safelight_mock.adapters.server import LOOPBACK, listen, listener_of, server
from safelight_mock.config.services import services
from safelight_mock.config.settings import DataDirError, Settings
from safelight_mock.twin import Twin
from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.listener import Listener
from safelight_mock.wire.logs import clean
from safelight_mock.wire.presigned_links import PREFIX as FILES
from safelight_mock.wire.setting import Plain

PORT_ERRORS = (errno.EADDRINUSE, errno.EACCES)  # that another port may avoid; other errors are about the host


@click.group()
@click.version_option(package_name="safelight")
def main() -> None:
    """Run a local mock server of asynchronous image APIs.

    It accepts uploads, simulates the job lifecycle of each vendor and returns real images.
    """


@main.command(cls=ServeCommand, context_settings={"auto_envvar_prefix": PREFIX, "show_default": True})
@click.pass_context
@serve_options
def serve(  # noqa: PLR0913 - what is not a setting
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
    """Serve every vendor's API until interrupted.

    Each option can also be set by its environment variable; that of a repeatable option holds its values
    separated by spaces.
    """
    _configure_logging(log)
    settings = _settings(ctx, chosen, options)
    _check_host(ctx, host, settings)
    _check_connections(ctx, settings)
    _check_folder(ctx, settings)
    sockets = _listen(ctx, host, {"port": port, "files_port": files_port})
    listener = listener_of(sockets)
    twin = _twin(ctx, settings, sockets)
    _exit_on_signals()
    with suppress(SystemExit), closing(twin):
        click.echo("\n".join(_addresses(twin, listener)), err=True)
        server(twin, listener, LOGS[log]).run(sockets=sockets)
    sys.stderr.flush()
    os._exit(0)  # without waiting for threads that still render an image


@main.command()
def settings() -> None:
    """List the vendors' settings with their values, for `serve --set NAME=VALUE`.

    They choose between readings where the vendors' documents are silent or contradict one another.
    """
    for slug, service in services(Settings()).items():
        for name, setting in service.vendor.settings.items():
            click.echo(f"{slug}.{name}={service.options[name]}\n    {setting.about}")


def _configure_logging(log: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(clean)  # messages of libraries contain text of requests too
    logging.basicConfig(level=logging.ERROR, format="%(message)s", handlers=[handler])
    logging.getLogger("safelight_mock").setLevel(logging.ERROR if log == "none" else logging.WARNING)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # our own log has the errors of applications


def _settings(
    ctx: click.Context, chosen: MutableMapping[str, object], options: Mapping[str, Plain]
) -> Settings:
    """Make the settings; raises UsageError that names the variable of a value from the environment."""
    hosts = {setting: str(chosen.pop(name)) for name, setting in HOSTS.items()}
    named = {setting: host for setting, host in hosts.items() if host}
    try:
        return Settings(options={**options, **named}, **chosen)  # type: ignore[arg-type] # click typed them
    except ValueError as error:
        raise click.UsageError(f"{culprit(ctx, chosen, error)}{error}") from error


def _check_host(ctx: click.Context, host: str, settings: Settings) -> None:
    if not is_loopback(host) and not settings.control_token:
        raise click.UsageError(
            f"{variable(ctx, 'host')}--host {host or '(all addresses)'} can be reached from other machines, "
            f"which could control this server; add --control-token TOKEN, or use --host {LOOPBACK}"
        )


def _check_connections(ctx: click.Context, settings: Settings) -> None:
    try:
        limits_of(settings)
    except ValueError as error:
        raise click.UsageError(f"{variable(ctx, 'max_connections')}{error}") from error


def _check_folder(ctx: click.Context, settings: Settings) -> None:
    if settings.data_dir is not None and settings.data_dir.is_file():
        raise click.UsageError(
            f"{variable(ctx, 'data_dir')}--data-dir {settings.data_dir} is a file; choose a folder"
        )


def _twin(ctx: click.Context, settings: Settings, sockets: Sequence[socket.socket]) -> Twin:
    try:
        return Twin(settings, listener=listener_of(sockets))
    except DataDirError as error:
        for bound in sockets:
            bound.close()
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
        if error.errno not in PORT_ERRORS:
            option = "host"
        raise click.ClickException(
            f"{variable(ctx, option)}cannot listen on {host}:{port}: {error.strerror}; "
            f"choose another --{option.replace('_', '-')}"
        ) from error


def _exit_on_signals() -> None:
    """Exit by SystemExit, with status 0: uvicorn raises the signal again once it has shut down."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))


def _addresses(twin: Twin, listener: Listener) -> Iterable[str]:
    urls = twin.base_urls
    for slug, service in twin.served.items():
        yield f"{slug}: {urls.public_url or listener.own}/{slug}{service.api.base}"
    if listener.files_port:
        yield f"files: {urls.files_of_all(listener)}{FILES}"
