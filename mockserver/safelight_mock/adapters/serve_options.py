"""Options of `safelight-mock serve`, in the groups of its help. Each sets the setting of the same name."""

from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import click

from safelight_mock.adapters.access_log import AccessLog, as_json, as_text
from safelight_mock.adapters.grouped_options import Decorator, Group, Serve
from safelight_mock.adapters.option_types import (
    Duration,
    Key,
    LifecycleFile,
    Moment,
    NamedSetting,
    Names,
    Number,
    VendorUrl,
    WholeNumber,
)
from safelight_mock.adapters.server import LOOPBACK
from safelight_mock.config.arguments import LAST_PORT
from safelight_mock.config.settings import Durability, Settings
from safelight_mock.core.clock import ClockMode
from safelight_mock.vendors import DESCRIBED
from safelight_mock.wire.setting import HOST

DEFAULTS = Settings()
LOGS: Mapping[str, AccessLog | None] = {"text": AccessLog(as_text), "json": AccessLog(as_json), "none": None}
PORT = 4010

# An option for each vendor whose Host is a setting, because its document names none.
HOSTS: Mapping[str, str] = {f"{slug}_host": f"{slug}.host" for slug in DESCRIBED}

POSITIVE = Number()
COUNT = WholeNumber(1)
PORTS = WholeNumber(0, LAST_PORT, what="a port: a number")
THIS_MACHINE = "this machine, if only it can reach --host"

documents: Group = Group("Documents")
addresses: Group = Group("Addresses and links")
time: Group = Group("Time")
behaviour: Group = Group("API behaviour")
network: Group = Group("Input URLs and webhooks")
storage: Group = Group("Storage")
limits: Group = Group("Limits and timeouts")
control: Group = Group("Control plane and log")

OPTIONS: tuple[Decorator, ...] = (
    documents.repeatable(
        "--lifecycle",
        "lifecycles",
        tuple,
        type=LifecycleFile(),
        show_default="that in the document",
        help="Overlay that adds x-async-jobs to the document, or to the one named NAME; may be repeated: "
        "overlays are applied in their order.",
    ),
    documents.repeatable(
        "--name",
        "names",
        tuple,
        metavar="NAME",
        show_default="that of the file, or the title",
        help="Name of a document in URLs and settings; may be repeated, in the order of the documents.",
    ),
    documents(
        "--vendors",
        type=Names(),
        show_default="all",
        help="Built-in vendors that are served as well, separated by commas; none leaves them out.",
    ),
    documents(
        "--cache/--no-cache",
        default=True,
        help="Keep documents that passed their checks in the user's cache directory, for the next start.",
    ),
    documents(
        "--infer/--no-infer",
        default=True,
        help="Infer the lifecycles of a document that has none; without, operations respond with examples.",
    ),
    addresses("--host", default=LOOPBACK, metavar="ADDRESS", help="Address to listen on."),
    addresses(
        "--port", default=PORT, type=PORTS, metavar="PORT", help="Port to listen on; 0 takes a free one."
    ),
    addresses(
        "--files-port",
        type=PORTS,
        metavar="PORT",
        show_default="the same port",
        help="Port that serves files only; 0 takes a free one.",
    ),
    addresses(
        "--public-url",
        default="",
        show_default="the request's own origin",
        help="Base URL of generated links.",
    ),
    addresses.repeatable(
        "--files-url",
        "files_url",
        dict,
        type=VendorUrl(),
        show_default="that of other links",
        help="Base URL of links to files: one URL for all vendors, or VENDOR=URL for one; may be repeated.",
    ),
    addresses.repeatable(
        "--trust-proxy",
        "trusted_proxies",
        metavar="ADDRESS",
        show_default="none",
        help="Trust forwarding headers (Forwarded, X-Forwarded-Proto and -Host) of this IP address or "
        "network; may be repeated.",
    ),
    addresses.repeatable(
        "--cors-origin",
        "cors_origins",
        metavar="ORIGIN",
        show_default="none",
        help="Let web pages of this origin call the APIs and read files; * allows all; may be repeated.",
    ),
    *(
        addresses(
            f"--{name.replace('_', '-')}",
            default="",
            metavar="HOST",
            show_default="none",
            help=HOST.about,
        )
        for name in HOSTS
    ),
    time(
        "--clock",
        type=click.Choice([*ClockMode], case_sensitive=False),
        default=DEFAULTS.clock,
        show_default=str(DEFAULTS.clock),  # some releases of click print the member's own name instead
        help="What advances time: the system clock (real), the same faster (scaled, by --clock-rate), the "
        "control plane alone (manual), or polling a job, to its next transition (auto).",
    ),
    time(
        "--clock-rate",
        default=DEFAULTS.clock_rate,
        type=POSITIVE,
        metavar="FACTOR",
        help="Rate of a scaled clock, relative to real time.",
    ),
    time(
        "--start",
        type=Moment(),
        show_default="now",
        help="Time at which clocks of new sandboxes start, such as 2026-01-01T00:00:00Z.",
    ),
    time(
        "--job-speedup",
        default=DEFAULTS.job_speedup,
        type=POSITIVE,
        metavar="FACTOR",
        help="Divide the simulated durations of jobs by this factor.",
    ),
    behaviour(
        "--strict",
        is_flag=True,
        help="Accept only what the vendors' documents describe; unknown fields of bodies are rejected.",
    ),
    behaviour.repeatable(
        "--api-key",
        "api_keys",
        type=Key(),
        metavar="KEY",
        show_default="any key",
        help="Accept only this API key; may be repeated.",
    ),
    behaviour(
        "--seed",
        default="",
        show_default="random",
        help="Text that generated ids and links are derived from.",
    ),
    behaviour(
        "--retention",
        type=Duration(),
        show_default="as the vendor",
        help="How long jobs are kept after their end, such as 90s, 24h or 7d.",
    ),
    behaviour(
        "--validate-responses/--no-validate-responses",
        default=True,
        help="Validate every response against the OpenAPI document; an invalid one becomes a 500.",
    ),
    behaviour(
        "--scenario",
        default=None,
        metavar="NAME|FILE",
        show_default="none",
        help="What goes wrong where a request chooses nothing else: a name of `safelight-mock scenarios`, or "
        "a file.",
    ),
    behaviour.repeatable(
        "--scenario-file",
        "scenario_files",
        tuple,
        type=click.Path(path_type=Path),
        metavar="FILE",
        show_default="none",
        help="Let requests choose the scenario of this file by its name; may be repeated.",
    ),
    behaviour.repeatable(
        "--set",
        "options",
        dict,
        type=NamedSetting(),
        show_default="see `safelight-mock settings`",
        help="Set a vendor's setting; may be repeated.",
    ),
    network.repeatable(
        "--allow-input-host",
        "allowed_input_hosts",
        metavar="HOST",
        show_default=THIS_MACHINE,
        help="Load inputs from this host; may be repeated.",
    ),
    network(
        "--placeholder-inputs/--no-placeholder-inputs",
        default=True,
        help="Substitute a placeholder image for an input URL whose host is not allowed, instead of failing "
        "the job.",
    ),
    network(
        "--input-timeout",
        default=DEFAULTS.input_timeout,
        type=POSITIVE,
        metavar="SECONDS",
        help="Seconds in which all inputs of a request have to load.",
    ),
    network.repeatable(
        "--allow-webhook-host",
        "allowed_webhook_hosts",
        metavar="HOST",
        show_default=THIS_MACHINE,
        help="Send webhooks to this host; may be repeated.",
    ),
    storage(
        "--data-dir",
        type=click.Path(path_type=Path),
        show_default="in memory",
        help="Keep jobs and files in this folder, across restarts.",
    ),
    storage(
        "--durability",
        type=click.Choice([*Durability], case_sensitive=False),
        default=DEFAULTS.durability,
        show_default=str(DEFAULTS.durability),
        help="What --data-dir survives: a crash of the process (normal), or a loss of power too (full).",
    ),
    limits(
        "--max-jobs",
        default=DEFAULTS.max_jobs,
        type=COUNT,
        metavar="N",
        help="Jobs of all API keys; beyond it the oldest finished ones are evicted.",
    ),
    limits(
        "--max-sandboxes",
        default=DEFAULTS.max_sandboxes,
        type=COUNT,
        metavar="N",
        help="API keys in use; beyond it the least recently used is evicted.",
    ),
    limits(
        "--max-storage",
        default=DEFAULTS.max_storage,
        type=COUNT,
        metavar="BYTES",
        help="Bytes of images on disk; beyond it the least recently used are removed.",
    ),
    limits(
        "--request-log-size",
        default=DEFAULTS.request_log_size,
        type=COUNT,
        metavar="N",
        help="Requests in the request log; beyond it the oldest are dropped.",
    ),
    limits(
        "--max-connections",
        type=COUNT,
        metavar="N",
        show_default="by the limit of open files",
        help="Open connections; more get 503.",
    ),
    limits(
        "--header-timeout",
        default=DEFAULTS.header_timeout,
        type=POSITIVE,
        metavar="SECONDS",
        help="Seconds in which the head of a request has to arrive.",
    ),
    limits(
        "--body-timeout",
        default=DEFAULTS.body_timeout,
        type=POSITIVE,
        metavar="SECONDS",
        help="Seconds a request's body, or the client's reading of a response, may pause.",
    ),
    limits(
        "--keep-alive-timeout",
        default=DEFAULTS.keep_alive_timeout,
        type=POSITIVE,
        metavar="SECONDS",
        help="Seconds a connection stays open between two requests.",
    ),
    limits(
        "--shutdown-timeout",
        default=DEFAULTS.shutdown_timeout,
        type=Number(may_be_zero=True),
        metavar="SECONDS",
        help="Seconds that requests and webhook deliveries in flight may take to end on shutdown.",
    ),
    control(
        "--control-token",
        default="",
        metavar="TOKEN",
        show_default="none: loopback only",
        help="Require this bearer token for /_safelight/, and accept it from other machines.",
    ),
    control(
        "--coverage",
        type=click.Path(path_type=Path),
        metavar="FILE",
        show_default="none",
        help="Write at exit what clients covered of the APIs: as .txt, .json, .html, or .xml for JUnit.",
    ),
    control(
        "--log",
        type=click.Choice([*LOGS]),
        default="text",
        help="Format of the access log on stderr: a line for each request.",
    ),
)


def serve_options(command: Serve) -> Serve:
    """Add the options of `serve` to a command."""
    return reduce(lambda decorated, option: option(decorated), reversed(OPTIONS), command)
