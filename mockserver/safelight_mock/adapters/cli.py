"""The command `safelight-mock`."""

import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from safelight_mock.adapters.check_command import check
from safelight_mock.adapters.connections import limits_of
from safelight_mock.adapters.coverage_file import check_coverage_file, write_coverage_file
from safelight_mock.adapters.dry_run.command import dry_run
from safelight_mock.adapters.environment import ServeCommand, settings_error, variable
from safelight_mock.adapters.grouped_options import PREFIX
from safelight_mock.adapters.infer_command import infer
from safelight_mock.adapters.option_types import EMPTY, read_settings
from safelight_mock.adapters.record.command import record
from safelight_mock.adapters.scenarios_command import scenarios
from safelight_mock.adapters.serve_options import HOSTS, LOGS, serve_options
from safelight_mock.adapters.server import LOOPBACK, listen, listener_of, server
from safelight_mock.app.fault_injection import load_scenarios
from safelight_mock.config.services import Service, services
from safelight_mock.config.settings import DataDirError, Durability, Settings
from safelight_mock.config.vendors import UnknownVendorError, choose_vendors
from safelight_mock.core.clock import ClockMode
from safelight_mock.scenarios.reading import InvalidScenarioError, UnknownScenarioError
from safelight_mock.scenarios.registry import ScenarioRegistry
from safelight_mock.twin import Twin
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.listener import Listener
from safelight_mock.wire.logs import log_to_stderr
from safelight_mock.wire.presigned_links import PREFIX as FILES
from safelight_mock.wire.served_vendor import ServedVendor
from safelight_mock.wire.setting import HOST, Plain

if TYPE_CHECKING:
    from safelight_mock.config.specs import Spec

PORT_ERRORS = (errno.EADDRINUSE, errno.EACCES)  # that another port may avoid; other errors are about the host


@click.group()
@click.version_option(package_name="safelight")
def main() -> None:
    """Run a local mock server of asynchronous APIs.

    It accepts uploads, simulates the job lifecycle of each vendor and returns real images.
    """


@main.command(cls=ServeCommand, context_settings={"auto_envvar_prefix": PREFIX, "show_default": True})
@click.argument("documents", nargs=-1, type=click.Path(path_type=Path), envvar=f"{PREFIX}_DOCUMENTS")
@click.pass_context
@serve_options
def serve(  # noqa: PLR0913 - what is not a setting
    ctx: click.Context,
    /,
    documents: Sequence[Path],
    host: str,
    port: int,
    files_port: int | None,
    *,
    lifecycles: Sequence[tuple[str, Path]],
    names: Sequence[str],
    coverage: Path | None,
    log: str,
    options: Mapping[str, str],
    **chosen: object,
) -> None:
    """Serve every vendor's API, and that of each OpenAPI document, until interrupted.

    DOCUMENTS are JSON or YAML: OpenAPI 3.0 to 3.2, or Swagger 2.0. Each is served under its name, beside the
    built-in vendors.

    Each option can also be set by its environment variable; that of a repeatable option holds its values
    separated by spaces.
    """
    log_to_stderr(logging.ERROR if log == "none" else logging.WARNING)
    specs = _specs(ctx, documents, lifecycles, names)
    vendors = _vendors(ctx, specs, chosen)
    settings = _settings(ctx, chosen, options, vendors)
    _check_host(ctx, host, settings)
    _check_connections(ctx, settings)
    _check_folder(ctx, settings)
    if coverage is not None:
        check_coverage_file(ctx, coverage)
    _check_effect(ctx, settings)
    _check_scenarios(ctx, settings)
    sockets = _listen(ctx, host, {"port": port, "files_port": files_port})
    listener = listener_of(sockets)
    twin = _twin(ctx, settings, vendors, sockets)
    _exit_on_signals()
    with suppress(SystemExit), closing(twin):
        click.echo("\n".join(_addresses(twin, listener)), err=True)
        server(twin, listener, LOGS[log]).run(sockets=sockets)
    is_written = coverage is None or write_coverage_file(twin, coverage)
    sys.stderr.flush()
    os._exit(0 if is_written else 1)  # without waiting for threads that still render an image


@main.command()
def settings() -> None:
    """List the vendors' settings with their values, for `serve --set NAME=VALUE`.

    They choose between readings where the vendors' documents are silent or contradict one another.
    """
    for slug, service in services(Settings()).items():
        for name, setting in service.vendor.settings.items():
            click.echo(f"{slug}.{name}={service.options[name]}\n    {setting.about}")


main.add_command(scenarios)
main.add_command(infer)
main.add_command(check)
main.add_command(dry_run)
main.add_command(record)


def _specs(
    ctx: click.Context,
    documents: Sequence[Path],
    lifecycles: Sequence[tuple[str, Path]],
    names: Sequence[str],
) -> "list[Spec]":
    if not documents and not lifecycles and not names:
        return []
    from safelight_mock.config.specs import assign_overlays  # noqa: PLC0415 - by default there is no document

    try:
        return assign_overlays(documents, lifecycles, names)
    except ValueError as error:
        raise click.UsageError(str(error), ctx) from error


def _vendors(
    ctx: click.Context, specs: "Sequence[Spec]", chosen: Mapping[str, object]
) -> Mapping[str, ServedVendor]:
    """Load and check every document; raises ClickException with a line for each problem."""
    names, how = chosen["vendors"], {"use_cache": bool(chosen["cache"]), "infers": bool(chosen["infer"])}
    try:
        vendors = choose_vendors(names, specs, **how)  # type: ignore[arg-type] # click typed it
    except ValueError as error:
        problems = str(error).splitlines()
        if isinstance(error, UnknownVendorError):
            raise click.UsageError(f"{variable(ctx, 'vendors') or '--vendors: '}{error}", ctx) from error
        several = ("these documents cannot be served:", *problems)
        raise click.ClickException(problems[0] if len(problems) == 1 else "\n  ".join(several)) from error
    if not vendors:
        nothing = "nothing would be served; give the path of a document, or name vendors"
        raise click.UsageError(f"{variable(ctx, 'vendors')}{nothing}", ctx)
    return vendors


def _settings(
    ctx: click.Context,
    chosen: MutableMapping[str, object],
    texts: Mapping[str, str],
    vendors: Mapping[str, ServedVendor],
) -> Settings:
    """Make the settings; raises UsageError that names the variable of a value from the environment."""
    hosts = {setting: str(chosen.pop(name)) for name, setting in HOSTS.items()}
    named = {setting: _read_host(setting, host) for setting, host in hosts.items() if host}
    _check_files_urls(ctx, chosen["files_url"], vendors)
    try:
        options = read_settings(texts, vendors)
    except ValueError as error:
        raise click.UsageError(f"{variable(ctx, 'options') or '--set '}{error}", ctx) from error
    try:
        return Settings(options={**options, **named}, **chosen)  # type: ignore[arg-type] # click typed them
    except ValueError as error:
        raise click.UsageError(settings_error(ctx, chosen, error)) from error


def _read_host(setting: str, host: str) -> Plain:
    try:
        return HOST.read(host)
    except ValueError as error:
        raise click.UsageError(f"--{setting.replace('.', '-')}: {error}") from error


def _check_effect(ctx: click.Context, settings: Settings) -> None:
    """Raise UsageError for an option that has no effect by itself."""
    if (
        ctx.get_parameter_source("control_token") is not ParameterSource.DEFAULT
        and not settings.control_token
    ):
        raise click.UsageError(f"--control-token: {EMPTY}", ctx)
    is_given = ctx.get_parameter_source("clock_rate") is not ParameterSource.DEFAULT
    if is_given and settings.clock is not ClockMode.SCALED:
        raise click.UsageError(
            f"{variable(ctx, 'clock_rate')}--clock-rate has no effect with --clock {settings.clock}; "
            "add --clock scaled",
            ctx,
        )
    if settings.durability is Durability.FULL and settings.data_dir is None:
        raise click.UsageError(
            f"{variable(ctx, 'durability')}--durability full has no effect without --data-dir PATH; add it",
            ctx,
        )


def _check_scenarios(ctx: click.Context, settings: Settings) -> None:
    """Read scenarios before a port is used: an error of theirs does not depend on it."""
    try:
        load_scenarios(ScenarioRegistry(), settings)
    except InvalidScenarioError as error:
        option = "--scenario: " if isinstance(error, UnknownScenarioError) else ""
        raise click.UsageError(f"{variable(ctx, 'scenario') or option}{error}", ctx) from error


def _check_files_urls(ctx: click.Context, urls: object, vendors: Mapping[str, ServedVendor]) -> None:
    for vendor in urls if isinstance(urls, Mapping) else ():
        if vendor and vendor not in vendors:
            known = ", ".join(vendors)
            unknown = f"unknown vendor {vendor!r}; use one of {known}"
            raise click.UsageError(f"{variable(ctx, 'files_url') or '--files-url: '}{unknown}", ctx)


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


def _twin(
    ctx: click.Context,
    settings: Settings,
    vendors: Mapping[str, ServedVendor],
    sockets: Sequence[socket.socket],
) -> Twin:
    try:
        return Twin(settings, vendors=vendors, listener=listener_of(sockets))
    except (DataDirError, ValueError) as error:
        for bound in sockets:
            bound.close()
        if isinstance(error, InvalidScenarioError):
            raise click.UsageError(f"{variable(ctx, 'scenario')}{error}", ctx) from error
        if isinstance(error, ValueError):  # a setting that its type allows, but not the vendor
            raise click.UsageError(f"{variable(ctx, 'options')}{error}", ctx) from error
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
        other = f"choose another --{option.replace('_', '-')}{'' if option == 'host' else ', or 0 for any'}"
        raise click.ClickException(
            f"{variable(ctx, option)}cannot listen on {host}:{port}: {_reason(error)}; {other}"
        ) from error


def _reason(error: OSError) -> str:
    """Return what went wrong, without the address that the standard library adds."""
    is_system = error.errno in errno.errorcode
    return os.strerror(error.errno) if is_system and error.errno is not None else str(error.strerror or error)


def _exit_on_signals() -> None:
    """Exit by SystemExit, with status 0: uvicorn raises the signal again once it has shut down."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))


def _addresses(twin: Twin, listener: Listener) -> Iterable[str]:
    urls = twin.base_urls
    for slug, service in twin.served.items():
        about = "" if slug in VENDORS else f" ({', '.join(_about(service))})"
        yield f"{slug}: {urls.public_url or listener.own}/{slug}{service.facts.base}{about}"
    if listener.files_port:
        yield f"files: {urls.files_of_all(listener)}{FILES}"


def _about(service: Service) -> Iterator[str]:
    """Describe a document: its number of operations, and its lifecycles."""
    count, named = service.facts.operations, service.facts.lifecycles
    yield f"{count} operation{'' if count == 1 else 's'}"
    if not named:
        yield "no lifecycle"
    else:
        inferred = " (inferred)" if service.facts.is_inferred else ""
        yield f"lifecycle{'' if len(named) == 1 else 's'} {', '.join(named)}{inferred}"
