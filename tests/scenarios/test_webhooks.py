"""Scenarios of the library that go wrong with webhooks: a naive receiver, and one that is right."""

import hmac
import json
from collections import Counter
from typing import Any

import httpx
from tests.scenarios.clients import INBOX, Api, Open, state

from safelight_mock import ClockMode, MockServer, Settings

Message = dict[str, Any]


def received(api: Api, seconds: float = 600) -> list[Message]:
    """Submit a job with a webhook, let time pass, and return the bodies that came."""
    api.submit(webhook_url=INBOX)
    api.pause(seconds)
    return [json.loads(message["body"]) for message in api.messages()]


def test_duplicate_webhook(opened: Open) -> None:
    """A receiver that does not deduplicate messages ships an order twice."""

    def naive(messages: list[Message]) -> Counter[str]:
        return Counter(m["process_id"] for m in messages if m["status"] == "Completed")

    def right(messages: list[Message]) -> Counter[str]:
        by_id = {m["notification_id"]: m for m in messages}
        return naive([*by_id.values()])

    messages = received(opened("duplicate-webhook", clock="manual"))

    assert [*naive(messages).values()] == [2]
    assert [*right(messages).values()] == [1]


def test_missing_webhook(opened: Open) -> None:
    """A client that relies on the webhook alone waits forever."""

    def naive(api: Api) -> bool:
        api.submit(webhook_url=INBOX)
        for _ in range(60):
            api.pause(60)
            if api.messages():
                return True
        return False

    def right(api: Api) -> bool:
        job = api.submit(webhook_url=INBOX).json()["process_id"]
        api.pause(600)
        return bool(api.messages()) or state(api.read(job)) == "Completed"

    assert not naive(opened("missing-webhook", clock="manual"))
    assert right(opened("missing-webhook", clock="manual"))


def test_late_webhook(opened: Open) -> None:
    """A client that gives up when no webhook has come in time discards a job that has succeeded."""

    def naive(api: Api) -> bool:
        return bool(received(api, 30))

    def right(api: Api) -> bool:
        job = api.submit(webhook_url=INBOX).json()["process_id"]
        api.pause(30)
        return bool(api.messages()) or state(api.read(job)) == "Completed"

    assert not naive(opened("late-webhook", clock="manual"))
    assert right(opened("late-webhook", clock="manual"))


def test_unordered_webhooks(opened: Open) -> None:
    """A receiver that takes the last message for the current state misses the final one."""

    def naive(messages: list[Message]) -> str:
        return str(messages[-1]["status"])

    def right(messages: list[Message]) -> str:
        return str(max(messages, key=lambda m: m["notification_id"])["status"])

    messages = received(opened("unordered-webhooks", clock="manual"))

    assert naive(messages) == "Processing"
    assert right(messages) == "Completed"


def test_forged_webhook() -> None:
    """A receiver that does not verify signatures accepts messages from any sender."""

    def naive(message: Message) -> bool:
        return "id" in json.loads(message["body"])["data"]

    def right(message: Message) -> bool:
        digest = hmac.new(b"between us", message["body"].encode(), "sha256").hexdigest()
        sent = message["headers"]["x-claid-hmac-sha256"]
        return hmac.compare_digest(sent, f"sha256={digest}") and naive(message)

    def received(scenario: str | None) -> Message:
        settings = Settings(clock=ClockMode.MANUAL, scenario=scenario)
        with MockServer(settings) as server, httpx.Client(base_url=f"{server.origin}/_safelight/") as control:
            sandbox = control.post("sandboxes", json={"vendor": "claid", "key": "k"}).json()["name"]
            webhook = {"url": f"{server.origin}/_safelight/inbox/mine", "secret": "between us"}
            control.patch(f"sandboxes/{sandbox}/webhook", json=webhook)
            job = {"operation": "editImageAsync", "values": {"input": "safelight://coffee.jpg"}}
            control.post(f"sandboxes/{sandbox}/jobs", json=job).raise_for_status()
            server.twin.advance(60, vendor="claid", key="k")
            (message,) = control.get("inbox/mine").json()["messages"]
            return dict(message)

    genuine, forged = received(None), received("forged-webhook")

    assert (naive(genuine), naive(forged)) == (True, True)
    assert (right(genuine), right(forged)) == (True, False)
