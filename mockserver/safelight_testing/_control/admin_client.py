"""The control plane of a mock server in this process, over httpx without a socket."""

from collections.abc import Iterator
from typing import TypeVar

import httpx
import msgspec

from safelight_mock import Twin, TwinTransport
from safelight_testing._control.records import SandboxRecord

T = TypeVar("T")

BASE = "http://localhost/_safelight/"
ALL = 1_000  # the most that one request lists


class ControlError(ValueError):
    """The mock server refused what a test asked of it; the message says why."""


class AdminClient:
    """Requests to the control plane; raises ControlError with its message if one is refused."""

    def __init__(self, twin: Twin) -> None:
        self._http = httpx.Client(transport=TwinTransport(twin), base_url=BASE)

    def read(self, path: str, kind: type[T], **parameters: str | int) -> T:
        """GET a path, as a type."""
        return self._sent("GET", path, kind, parameters=parameters)

    def send(self, method: str, path: str, body: object, kind: type[T]) -> T:
        """Send JSON to a path; return the response as a type."""
        return self._sent(method, path, kind, body=body)

    def sandboxes(self) -> Iterator[SandboxRecord]:
        """Yield the sandboxes in the order of their first use."""
        yield from self.read("sandboxes", list[SandboxRecord])

    def close(self) -> None:
        """Close the client."""
        self._http.close()

    def _sent(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        body: object = None,
        parameters: dict[str, str | int] | None = None,
    ) -> T:
        response = self._http.request(method, path, params=parameters, json=body)
        if not response.is_success:
            raise ControlError(response.json()["detail"])
        return msgspec.json.decode(response.content, type=kind)
