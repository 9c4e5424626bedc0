"""What each effect of `webhook` is seen to do by a receiver: over a socket, or in the process."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.mockserver.hooks import http_server
from tests.scenarios.effects.apis import Api, SignedApi, opened

SECRET, OLD = "whsec_bmV3IHNlY3JldA==", "whsec_b2xkIHNlY3JldA=="
Message = tuple[Mapping[str, str], bytes]
"""Headers, with lower-case names, and body."""


class Received:
    """An API whose jobs have a webhook, and the messages that came."""

    def __init__(self, api: Api, messages: Callable[[], list[Message]], url: str) -> None:
        self.api, self.messages, self.url = api, messages, url

    def words(self) -> list[str]:
        """Return the words of the jobs that messages are about, in the order in which they came."""
        return [json.loads(body)["status"] for _, body in self.messages()]

    def run(self, seconds: float = 30) -> str:
        """Submit a job with a webhook, and let time pass."""
        job = self.api.submit_with_webhook(self.url)
        self.api.advance(seconds)
        return job


def is_sent_twice(got: Received) -> None:
    got.run()
    running, *ends = got.messages()
    assert got.words() == [got.api.states[1], got.api.states[2], got.api.states[2]]
    assert ends[0][1] == ends[1][1] != running[1]


def is_late(got: Received) -> None:
    got.run()
    assert got.words() == [got.api.states[1]]
    got.api.advance(60)
    assert got.words() == [got.api.states[1], got.api.states[2]]


def comes_in_another_order(got: Received) -> None:
    got.run(seconds=100)
    assert got.words() == [got.api.states[2], got.api.states[1]]


def is_never_sent(got: Received) -> None:
    got.run(seconds=100_000)
    assert got.words() == [got.api.states[1]]


def has_its_own_body(got: Received) -> None:
    job = got.run()
    assert json.loads(got.messages()[-1][1]) == {"recorded": job}


def has_a_wrong_signature(got: Received) -> None:
    genuine, forged = _first_and_second(got)
    assert _is_signed(got, genuine, SECRET)
    assert not _is_signed(got, forged, SECRET)
    assert not _is_signed(got, forged, OLD)


def has_the_old_secret(got: Received) -> None:
    genuine, stale = _first_and_second(got)
    assert _is_signed(got, genuine, SECRET)
    assert not _is_signed(got, stale, SECRET)
    assert _is_signed(got, stale, OLD)


def _is_signed(got: Received, message: Message, secret: str) -> bool:
    assert isinstance(got.api, SignedApi)
    return got.api.is_signed(*message, secret)


def _first_and_second(got: Received) -> tuple[Message, Message]:
    """Return the last message about each of two jobs; the rule is for the second."""
    got.run()
    first = got.messages()[-1]
    got.run()
    assert got.messages()[-1] != first
    return first, got.messages()[-1]


Effect = Mapping[str, Any]
Check = Callable[[Received], None]
ORDERED, SIGNED = ("topaz", "replicate"), ("claid", "replicate")  # a built-in API and a generic one
END, RUNNING, SECOND = {"state": "succeeded"}, {"state": "running"}, {"job": 2}


def comes_when_it_came(got: Received) -> None:
    got.run(19)
    assert got.words() == []
    got.api.advance(2)
    assert got.words() == [got.api.states[2]]


SUBMIT, BODY = {"operation": "submit"}, {"deliveries": {"succeeded": {"recorded": "${job}"}}}

WEBHOOKS: dict[str, tuple[tuple[str, str], Effect, Check]] = {
    "duplicate": (ORDERED, {"match": END, "webhook": "duplicate"}, is_sent_twice),
    "late": (ORDERED, {"match": END, "webhook": "late"}, is_late),
    "out-of-order": (ORDERED, {"match": RUNNING, "webhook": "out-of-order"}, comes_in_another_order),
    "never": (ORDERED, {"match": END, "webhook": "never"}, is_never_sent),
    "wrong-signature": (SIGNED, {"match": SECOND, "webhook": "wrong-signature"}, has_a_wrong_signature),
    "old-secret": (SIGNED, {"match": SECOND, "webhook": "old-secret"}, has_the_old_secret),
    "recorded body": (ORDERED, {"match": SUBMIT, "job": BODY}, has_its_own_body),
    "recorded time": (
        ORDERED,
        {"match": SUBMIT, "job": {"delivered": {"succeeded": 20, "running": None}}},
        comes_when_it_came,
    ),
}


@contextmanager
def receiving(api: str, transport: str, *rules: Mapping[str, Any]) -> Iterator[Received]:
    """Open an API under rules, and a receiver: an HTTP server, or an inbox in the process."""
    with opened(api, transport, *rules) as client:
        name = client.control("POST", "sandboxes", {"vendor": client.vendor, "key": "k"})["name"]
        for secret in (OLD, SECRET):
            client.control("PATCH", f"sandboxes/{name}/webhook", {"secret": secret})
        if transport == "process":
            yield Received(client, lambda: _in_inbox(client), f"{client.base}/_safelight/inbox/box")
            return
        with _server() as (url, messages):
            yield Received(client, lambda: [*messages], url)


def _in_inbox(client: Api) -> list[Message]:
    messages = client.control("GET", "inbox/box")["messages"]
    return [(message["headers"], message["body"].encode()) for message in messages]


@contextmanager
def _server() -> Iterator[tuple[str, list[Message]]]:
    got: list[Message] = []

    def handle(headers: Mapping[str, str], body: bytes) -> int:
        got.append((headers, body))
        return 200

    with http_server(handle) as url:
        yield url, got
