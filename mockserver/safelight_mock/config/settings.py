"""Settings of a mock server."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import asdict, force_setattr

from safelight_mock.config.arguments import check_number, check_start, shown
from safelight_mock.config.parsing import check_address
from safelight_mock.config.setting_types import check_setting_types
from safelight_mock.core.clock import ClockMode
from safelight_mock.wire.cors import origin
from safelight_mock.wire.forwarding import network
from safelight_mock.wire.hosts import check_host
from safelight_mock.wire.setting import Plain

Choice = TypeVar("Choice", bound=StrEnum)

FASTEST = 1e6  # clock rate, as on the control plane: beyond it years soon have more than four digits
TIMEOUTS = ("body_timeout", "header_timeout", "input_timeout", "keep_alive_timeout")
NUMBERS = ("clock_rate", "job_speedup", *TIMEOUTS)
COUNTS = ("max_jobs", "max_storage", "max_sandboxes", "request_log_size")
SECRETS = ("api_keys", "seed", "control_token")  # not in the repr
TOKEN = re.compile(r"[!-~]*")  # visible ASCII: a header can carry it as one token
SLOWEST = 1e-6  # job speedup, for the same reason


class DataDirError(Exception):
    """A `data_dir` that cannot be used."""


class Durability(StrEnum):
    """What the response to a request that changed something guarantees of a `data_dir`."""

    NORMAL = "normal"  # the change survives the process, however that ends
    FULL = "full"  # and a loss of power: it is synced to disk before the response


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of a mock server, which `safelight-mock serve` takes as options.

    Raises TypeError for a value of another type, and ValueError for a number out of range and for a malformed
    URL, host, origin, network or token.

    - `clock`: mode of the clocks of new sandboxes. `clock_rate`: rate of scaled ones, relative to real time.
    - `job_speedup`: divides the planned durations of jobs; clocks are not affected.
    - `strict`: validate requests by the vendors' documents to the letter.
    - `api_keys`: the only accepted keys; empty accepts any.
    - `seed`: ids and links are derived from it; empty draws a random one.
    - `max_jobs`: of all sandboxes together, with uploaded files. `max_sandboxes`: API keys in use.
      `max_storage`: bytes of images on disk. Beyond each, the least recently used is evicted, or else the
      request gets 503.
    - `request_log_size`: number of requests in the request log.
    - `body_timeout`: seconds a request's body, or the client's reading of a response, may pause.
    - `header_timeout`: seconds in which a request's head has to arrive, from when a connection is made or a
      later request begins. `keep_alive_timeout`: seconds a connection stays open between two requests.
    - `max_connections`: open at a time; None derives it from the process's limit of open files.
    - `allowed_input_hosts`: hosts that input URLs may be loaded from. Loopback needs to be listed, as
      `localhost` or by its address, only if the server listens on an address that other machines can reach.
    - `input_timeout`: seconds all inputs of a request may take.
    - `placeholder_inputs`: whether a placeholder image replaces an input whose host is not allowed; otherwise
      the job fails.
    - `allowed_webhook_hosts`: hosts that webhooks may be sent to; loopback as above.
    - `control_token`: required of requests to the control plane; empty restricts it to loopback.
    - `start`: when the clocks of new sandboxes start: stopped ones at this time, others with the server; None
      is now.
    - `retention`: how long jobs are kept after their end; None follows the vendor.
    - `public_url`: base URL of generated links. `files_url`: that of links to files, one for all vendors or
      one by vendor. Empty: as docs/control.md has it.
    - `cors_origins`: origins of web pages that may call the vendors' APIs and read files; "*" is all.
    - `scenario`: what goes wrong where nothing else is chosen: the name of a scenario, the path of a file, or
      a scenario's values. `scenario_files`: files whose scenarios are known by name, too.
    - `trusted_proxies`: addresses and networks of reverse proxies whose forwarding headers are trusted.
    - `data_dir`: folder that sandboxes and their files are stored in; None keeps them in memory.
    - `durability`: whether a `data_dir` survives a loss of power.
    - `shutdown_timeout`: seconds that requests and webhook deliveries in flight may take to end on shutdown.
    - `validate_responses`: validate every response against the OpenAPI document.
    - `options`: vendors' settings, by `vendor.name`.
    - `vendors`: names of the built-in vendors, and of those of packages, that are served; None: all.
    - `cache`: whether checked documents are kept in the user's cache directory, for the next start.
    - `infer`: whether a document without lifecycles gets those that it most likely has.
    """

    clock: ClockMode = ClockMode.REAL
    clock_rate: float = 60.0
    job_speedup: float = 1.0
    strict: bool = False
    api_keys: frozenset[str] = frozenset()
    seed: str = ""
    max_jobs: int = 10_000
    max_storage: int = 2_000_000_000
    max_sandboxes: int = 1_000
    request_log_size: int = 1_000
    body_timeout: float = 30.0
    header_timeout: float = 10.0
    keep_alive_timeout: float = 75.0  # longer than clients keep idle connections: see docs/why.md
    max_connections: int | None = None
    allowed_input_hosts: frozenset[str] = frozenset()
    input_timeout: float = 20.0
    placeholder_inputs: bool = True
    allowed_webhook_hosts: frozenset[str] = frozenset()
    control_token: str = ""
    start: datetime | None = None
    retention: timedelta | None = None
    public_url: str = ""
    files_url: str | Mapping[str, str] = ""
    trusted_proxies: frozenset[str] = frozenset()
    cors_origins: frozenset[str] = frozenset()
    data_dir: Path | None = None
    durability: Durability = Durability.NORMAL
    shutdown_timeout: float = 1.0
    validate_responses: bool = True
    scenario: str | Path | Mapping[str, object] | None = None
    scenario_files: tuple[Path, ...] = ()
    options: Mapping[str, Plain] = msgspec.field(default_factory=dict)
    vendors: frozenset[str] | None = None
    cache: bool = True
    infer: bool = True

    @property
    def files_urls(self) -> Mapping[str, str]:
        """The configured base URLs of links to files by vendor; "" is for every other vendor."""
        return {"": self.files_url} if isinstance(self.files_url, str) else self.files_url

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in asdict(self).items() if name not in SECRETS)
        return f"Settings({', '.join(shown)})"

    def __post_init__(self) -> None:
        force_setattr(self, "clock", _member("clock", ClockMode, self.clock))
        force_setattr(self, "durability", _member("durability", Durability, self.durability))
        self._check_numbers()
        check_setting_types(partial(getattr, self))
        force_setattr(self, "api_keys", frozenset(self.api_keys))
        if self.clock_rate > FASTEST:
            raise ValueError(f"clock_rate must be at most {FASTEST:g}, not {self.clock_rate}")
        if self.job_speedup < SLOWEST:
            raise ValueError(f"job_speedup must be at least {SLOWEST:g}, not {self.job_speedup}")
        if self.start is not None:
            check_start(self.start)
        if self.retention is not None and self.retention <= timedelta():
            raise ValueError(f"retention must be a positive duration, not {self.retention}")
        if not TOKEN.fullmatch(self.control_token):
            raise ValueError(
                "control_token must be visible ASCII characters without spaces, because a header carries it"
            )
        self._check_addresses()

    def _check_numbers(self) -> None:
        for name in NUMBERS:
            check_number(name, getattr(self, name))
        for name in COUNTS:
            check_number(name, getattr(self, name), is_whole=True)
        if self.max_connections is not None:
            check_number("max_connections", self.max_connections, is_whole=True)
        check_number("shutdown_timeout", self.shutdown_timeout, may_be_zero=True)

    def _check_addresses(self) -> None:
        for url in filter(None, (self.public_url, *self.files_urls.values())):
            check_address(url)
        for host in (*self.allowed_input_hosts, *self.allowed_webhook_hosts):
            check_host(host)
        for address in self.trusted_proxies:
            network(address)
        for page in self.cors_origins:
            origin(page)


def check_settings(value: object) -> None:
    """Raise TypeError for what is neither Settings nor None, with what may be meant."""
    if value is None or isinstance(value, Settings):
        return
    is_path = isinstance(value, str | PathLike)
    hint = f"; pass documents as specs=[{str(value)!r}]" if is_path else ""
    raise TypeError(f'settings must be Settings, such as Settings(clock="auto"), not {shown(value)}{hint}')


def _member(name: str, choices: type[Choice], value: str) -> Choice:
    """Return the member of a setting that may be given as a string; raises ValueError."""
    try:
        return choices(value)
    except ValueError as error:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}") from error
