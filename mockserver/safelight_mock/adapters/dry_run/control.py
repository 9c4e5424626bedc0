"""The sandbox that lifecycles are played in, reached by the control plane over the same client."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count

import httpx
import msgspec

from safelight_lifecycle import JSON, State

CONTROL = "/_safelight"
INBOX = "dry-run"


class StuckError(Exception):
    """A step that did not go on as the lifecycle describes. The message is what was expected."""


class Exchange(msgspec.Struct, frozen=True):
    """A request and its response."""

    request: httpx.Request
    response: httpx.Response


class SandboxControl(msgspec.Struct, frozen=True, kw_only=True):
    """Clock, jobs and inbox of one sandbox.

    `exchanges` collects what is sent to the API; `numbers` are those of ids that the client chooses.
    """

    client: httpx.Client
    origin: str
    sandbox: str
    exchanges: list[Exchange] = msgspec.field(default_factory=list)
    numbers: Iterator[int] = msgspec.field(default_factory=partial(count, 1))

    @classmethod
    def open(cls, client: httpx.Client, origin: str, vendor: str, key: str) -> "SandboxControl":
        """Open the sandbox of a key; its clock is a manual one from now on."""
        body = {"vendor": vendor, "key": key}
        opened = client.post(f"{origin}{CONTROL}/sandboxes", json=body).raise_for_status().json()
        control = cls(client=client, origin=origin, sandbox=opened["name"])
        control.call("PATCH", f"sandboxes/{control.sandbox}/clock", {"mode": "manual"})
        return control

    @property
    def inbox(self) -> str:
        """The URL of the inbox."""
        return f"{self.origin}{CONTROL}/inbox/{INBOX}"

    def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the API."""
        response = self.client.send(request)
        self.exchanges.append(Exchange(request, response))
        return response

    def taken(self) -> tuple[Exchange, ...]:
        """Return what was sent since the last call."""
        exchanges = tuple(self.exchanges)
        self.exchanges.clear()
        return exchanges

    def advance(self, seconds: float) -> None:
        """Advance the clock."""
        self.call("POST", f"sandboxes/{self.sandbox}/clock/advance", {"seconds": seconds})

    def fail(self, job_id: str) -> None:
        """Let a job fail."""
        self.call("POST", f"jobs/{job_id}/move?sandbox={self.sandbox}", {"to": State.FAILED})

    def deliver_to_inbox(self) -> None:
        """Set the account's webhook."""
        self.call("PATCH", f"sandboxes/{self.sandbox}/webhook", {"url": self.inbox})

    def messages(self) -> list[Mapping[str, JSON]]:
        """Return what the inbox has captured, and empty it."""
        captured = self.client.get(self.inbox).raise_for_status().json()
        self.client.delete(self.inbox)
        messages: list[Mapping[str, JSON]] = captured["messages"]
        return messages

    def call(self, method: str, path: str, body: Mapping[str, JSON]) -> None:
        """Call the control plane."""
        response = self.client.request(method, f"{self.origin}{CONTROL}/{path}", json=body)
        if response.is_error:
            raise StuckError(f"the control plane responded {response.status_code}: {response.text[:200]}")
