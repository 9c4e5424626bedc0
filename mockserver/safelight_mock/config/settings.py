"""Everything about a twin that can be chosen."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from safelight_mock.config.parsing import check_address
from safelight_mock.core.clock import Mode
from safelight_mock.wire.cors import origin
from safelight_mock.wire.forwarding import network
from safelight_mock.wire.setting import Plain

FASTEST = 1e6  # of paces, as on the control plane: beyond it years have too many digits before long
TIMEOUTS = ("body_timeout", "header_timeout", "input_timeout", "keep_alive_timeout")
NUMBERS = ("pace", "speed", "capacity", "storage", "sandboxes", "journal", "max_connections", *TIMEOUTS)
TOKEN = re.compile(r"[!-~]*")  # what a header can carry as one word
LAST = 1e11  # that clocks tell, there too: dates have four digits for a year, and jobs need time after it
SLOWEST = 1e-6  # of speeds, for the same reason


class DataDirError(Exception):
    """A folder in which nothing can be kept."""


class Durability(StrEnum):
    """What a response to a call that changed something promises of a `data_dir`."""

    NORMAL = "normal"  # it survives the process, however that ends
    FULL = "full"  # and a loss of power: it is synced to disk before the response


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A twin's settings.

    Raises ValueError for a number that is not above zero, or goes too far, and for an address that is none.

    - `clock`: what moves the clocks of new sandboxes. `pace`: how many times faster than real scaled ones go.
    - `speed`: how many times faster than planned jobs live.
    - `strict`: serve the vendors' documents to the letter.
    - `api_keys`: the only keys to take; none means any.
    - `seed`: what ids and links follow from; none means a random one.
    - `capacity`: jobs at most. `sandboxes`: keys at most. `storage`: bytes of images on disk.
    - `journal`: calls that are remembered at most.
    - `body_timeout`: seconds a request's body may pause, and a client may stop reading its response.
    - `header_timeout`: seconds in which a request's head has to arrive, from when a connection is made or a
      later request begins. `keep_alive_timeout`: seconds a connection stays open between two requests.
    - `max_connections`: open at a time; None means as many as the limit of open files has room for.
    - `input_hosts`: where inputs are loaded from by address. This machine needs to be listed, as `localhost`
      or by its address, only where others reach the twin too.
    - `input_timeout`: seconds all inputs of a call may take. `strict_inputs`: make none up.
    - `webhook_hosts`: where webhooks are sent to; this machine as above.
    - `control_token`: what callers of the control plane have to know; none means that they are here.
    - `retention`: how long jobs are kept after their end; None keeps them as long as their vendor does.
    - `public_url`: base URL of generated links. `files_url`: that of links to files, one for all vendors or
      one by vendor. Empty: as docs/control.md has it.
    - `cors_origins`: origins of web pages that may call the vendors' APIs and read files; "*" is all.
    - `trusted_proxies`: addresses and networks of reverse proxies whose forwarding headers are heeded.
    - `data_dir`: a folder in which sandboxes and their files are kept; None keeps them in memory.
    - `durability`: what of a `data_dir` survives a loss of power.
    - `grace`: seconds that calls and deliveries in flight may take to end when the twin is stopped.
    - `check_replies`: hold every reply against the spec.
    - `options`: vendors' settings, by `vendor.name`.
    """

    clock: Mode = Mode.REAL
    pace: float = 60.0
    speed: float = 1.0
    strict: bool = False
    api_keys: frozenset[str] = field(default=frozenset(), repr=False)
    seed: str = field(default="", repr=False)
    capacity: int = 10_000
    storage: int = 2_000_000_000
    sandboxes: int = 1_000
    journal: int = 1_000
    body_timeout: float = 30.0
    header_timeout: float = 10.0
    keep_alive_timeout: float = 5.0
    max_connections: int | None = None
    input_hosts: frozenset[str] = frozenset()
    input_timeout: float = 20.0
    strict_inputs: bool = False
    webhook_hosts: frozenset[str] = frozenset()
    control_token: str = field(default="", repr=False)
    retention: timedelta | None = None
    public_url: str = ""
    files_url: str | Mapping[str, str] = ""
    trusted_proxies: frozenset[str] = frozenset()
    cors_origins: frozenset[str] = frozenset()
    data_dir: Path | None = None
    durability: Durability = Durability.NORMAL
    grace: float = 1.0
    check_replies: bool = True
    options: Mapping[str, Plain] = field(default_factory=dict)

    @property
    def files_urls(self) -> Mapping[str, str]:
        """The configured base URLs of links to files by vendor; "" is for every other vendor."""
        return {"": self.files_url} if isinstance(self.files_url, str) else self.files_url

    def __post_init__(self) -> None:
        object.__setattr__(self, "clock", Mode(self.clock))  # which a text may name
        object.__setattr__(self, "durability", Durability(self.durability))
        for name in NUMBERS:
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be a number above zero, not {value}")
        if self.pace > FASTEST:
            raise ValueError(f"pace must be at most {FASTEST:g}, not {self.pace}")
        if self.speed < SLOWEST:
            raise ValueError(f"speed must be at least {SLOWEST:g}, not {self.speed}")
        if not (math.isfinite(self.grace) and self.grace >= 0):
            raise ValueError(f"grace must be a number from zero, not {self.grace}")
        if self.retention is not None and self.retention <= timedelta():
            raise ValueError(f"retention must be a length of time above zero, not {self.retention}")
        if not TOKEN.fullmatch(self.control_token):
            raise ValueError("control_token must be one word of ASCII characters")
        self._check_addresses()

    def _check_addresses(self) -> None:
        for url in filter(None, (self.public_url, *self.files_urls.values())):
            check_address(url)
        for address in self.trusted_proxies:
            network(address)
        for page in self.cors_origins:
            origin(page)
