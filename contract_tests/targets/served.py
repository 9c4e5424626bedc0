"""What a journey sees of the service it is made at, whichever that is."""

from dataclasses import dataclass, field
from typing import NoReturn
from uuid import uuid4

import httpx
import pytest

from safelight import Polling
from safelight_mock import Twin
from safelight_mock.vendors import VENDORS
from safelight_testing._request_validator import RequestValidator

TOKEN = "SAFELIGHT_MOCK_CONTROL_TOKEN"  # noqa: S105 - the name of a variable
BASES = {vendor: RequestValidator.of(vendor).api.base for vendor in VENDORS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A service for all vendors, and how clients reach it.

    - `origin`: that of a mock server, with its control plane; `urls`: base URLs by vendor that differ from
      it.
    - `transport`: of clients; None: the default of httpx. `control`: a client of the control plane.
    - `run`: suffix of keys at a shared mock server.
    - `is_live`: whether it is the vendors' service, whose time cannot be advanced. `keys`: those of the
      vendors.
    """

    origin: str = ""
    urls: dict[str, str] = field(default_factory=dict)
    transport: httpx.BaseTransport | None = None
    control: httpx.Client | None = None
    own: Twin | None = None
    run: str = ""
    is_live: bool = False
    keys: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def twin(self) -> Twin:
        """The mock server in this process; skips the journey without one."""
        return self.own or _skip("needs a twin in this process")

    def url(self, vendor: str) -> str:
        """A vendor's base URL; skips a journey to a vendor that is not there."""
        if self.is_live:
            return self.urls.get(vendor) or _skip(f"needs SAFELIGHT_{vendor.upper()}_API_KEY, and an address")
        return self.urls.get(vendor, f"{self.origin}/{vendor}{BASES[vendor]}")

    def key(self, vendor: str, name: str) -> str:
        """Return the key for a name in a journey; its prefix may be a magic one."""
        if self.is_live and not name.startswith("invalid"):
            return self.keys.get(vendor) or _skip(f"needs SAFELIGHT_{vendor.upper()}_API_KEY")
        return f"{name}{self.run}"

    def polling(self, vendor: str, key: str) -> Polling:
        """Waits that advance the clock of a sandbox; real ones at a vendor's service."""
        if self.is_live:
            return Polling()
        delays: list[float] = []

        def sleep(seconds: float) -> None:
            delays.append(seconds)
            self.advance(seconds, vendor=vendor, key=key)

        self.advance(0, vendor=vendor, key=key)
        return Polling(sleep=sleep, clock=lambda: sum(delays))

    def advance(self, seconds: float, *, vendor: str, key: str) -> None:
        """Let time pass for a key."""
        sandbox = self.sandbox(vendor, key)
        self.post(f"sandboxes/{sandbox}/clock/advance", {"seconds": seconds})

    def sandbox(self, vendor: str, key: str) -> str:
        """The name that the control plane has for a key's sandbox."""
        return self.post("sandboxes", {"vendor": vendor, "key": self.key(vendor, key)})["name"]

    def move(self, job_id: str, to: str) -> None:
        """Bring a job to another state, as no vendor's operation does."""
        self.post(f"jobs/{job_id}/move", {"to": to})

    def post(self, path: str, body: object) -> dict[str, str]:
        """Send a request to the control plane; skips the journey without one."""
        response = self.plane.post(path, json=body)
        assert response.is_success, response.text
        result: dict[str, str] = response.json()
        return result

    @property
    def plane(self) -> httpx.Client:
        """A client of the control plane; skips the journey without one."""
        return self.control or _skip("needs the control plane of a twin")


def fresh() -> str:
    """An end for keys that no other run has."""
    return f"-{uuid4().hex[:12]}"


def _skip(reason: str) -> NoReturn:
    pytest.skip(f"this journey {reason}")
