"""Shown in docs/webhooks.md."""

import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import httpx
import pytest

from safelight import Claid, Tengr, Topaz
from safelight_mock import ClockMode, MockServer, Settings

PHOTO = Path("docs/photograph/dahlia.jpg")
HOUR = 3600


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server:
        yield server


@pytest.fixture
def topaz(server: MockServer) -> Iterator[Topaz]:
    with Topaz(api_key="mine", base_url=server.url("topaz")) as client:
        yield client


@pytest.fixture
def control(server: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.origin}/_safelight/") as client:
        yield client


@pytest.fixture
def inbox(server: MockServer) -> str:
    return f"{server.origin}/_safelight/inbox/mine"


def test_an_inbox_captures_webhooks(
    server: MockServer, topaz: Topaz, control: httpx.Client, inbox: str
) -> None:
    job = topaz.enhance(PHOTO, webhook_url=inbox)

    server.twin.advance(10, vendor="topaz", key="mine")

    messages = control.get("inbox/mine").json()["messages"]
    events = [json.loads(message["body"]) for message in messages]
    assert [event["status"] for event in events] == ["Processing", "Completed"]
    assert {event["process_id"] for event in events} == {job.id}


def test_a_webhook_is_retried_after_503(
    server: MockServer, topaz: Topaz, control: httpx.Client, inbox: str
) -> None:
    control.put("inbox/mine", json={"responses": [503, 503]})  # and 200 from then on
    job = topaz.enhance(PHOTO, webhook_url=inbox)
    control.post(f"jobs/{job.id}/move", json={"to": "Failed"})

    server.twin.advance(HOUR, vendor="topaz", key="mine")

    messages = control.get("inbox/mine").json()["messages"]
    assert [message["response"] for message in messages] == [503, 503, 200]
    assert [later["at"] - earlier["at"] for earlier, later in pairwise(messages)] == [5, 10]
    assert len({message["body"] for message in messages}) == 1  # the same bytes, the same notification_id


def test_a_timeout_is_retried_and_a_410_is_not(
    server: MockServer, topaz: Topaz, control: httpx.Client, inbox: str
) -> None:
    control.put("inbox/mine", json={"responses": ["hang", 410]})
    job = topaz.enhance(PHOTO, webhook_url=inbox)
    control.post(f"jobs/{job.id}/move", json={"to": "Failed"})

    server.twin.advance(HOUR, vendor="topaz", key="mine")

    (delivery,) = control.get("deliveries", params={"job": job.id}).json()
    timed_out, rejected = delivery["attempts"]
    assert (timed_out["outcome"], timed_out["duration"]) == ("timeout", 30)
    assert (rejected["outcome"], rejected["at"] - timed_out["at"]) == ("4xx", 35)
    assert delivery["next_attempt"] is None


def test_topaz_gives_up_after_twenty_attempts(
    server: MockServer, topaz: Topaz, control: httpx.Client, inbox: str
) -> None:
    control.put("inbox/mine", json={"default": 500})
    job = topaz.enhance(PHOTO, webhook_url=inbox)
    control.post(f"jobs/{job.id}/move", json={"to": "Failed"})

    events = server.twin.advance(24 * HOUR, vendor="topaz", key="mine")

    attempt_times = [one.at for one in events if one.delivery]
    assert [later - earlier for earlier, later in pairwise(attempt_times)][-3:] == [900, 900, 900]
    assert len(control.get("inbox/mine").json()["messages"]) == 20


@pytest.fixture
def claid(server: MockServer, control: httpx.Client, inbox: str) -> Iterator[Claid]:
    sandbox = control.post("sandboxes", json={"vendor": "claid", "key": "mine"}).json()["name"]
    control.patch(f"sandboxes/{sandbox}/webhook", json={"url": inbox, "secret": "between us"})
    with Claid(api_key="mine", base_url=server.url("claid")) as client:
        yield client


def test_claid_signs_and_makes_four_attempts(server: MockServer, claid: Claid, control: httpx.Client) -> None:
    control.put("inbox/mine", json={"default": 503})
    claid.edit("safelight://coffee.jpg", operations={"resizing": {"width": 60}})

    server.twin.advance(HOUR, vendor="claid", key="mine")

    messages = control.get("inbox/mine").json()["messages"]
    assert [later["at"] - earlier["at"] for earlier, later in pairwise(messages)] == [3, 6, 12]
    digest = hmac.new(b"between us", messages[0]["body"].encode(), "sha256").hexdigest()
    assert {message["headers"]["x-claid-hmac-sha256"] for message in messages} == {f"sha256={digest}"}


def test_a_signature_is_wrong_on_purpose(server: MockServer, claid: Claid, control: httpx.Client) -> None:
    sandbox = control.get("sandboxes").json()[-1]["name"]
    control.put(f"sandboxes/{sandbox}/faults", json={"next": ["wrong-signature"]})
    claid.edit("safelight://coffee.jpg", operations={"resizing": {"width": 60}})

    server.twin.advance(10, vendor="claid", key="mine")

    (message,) = control.get("inbox/mine").json()["messages"]
    digest = hmac.new(b"between us", message["body"].encode(), "sha256").hexdigest()
    assert message["headers"]["x-claid-hmac-sha256"] != f"sha256={digest}"


def test_tengr_sends_the_artwork_once(server: MockServer, control: httpx.Client, inbox: str) -> None:
    control.put("inbox/mine", json={"default": 503})
    with Tengr(api_key="mine", base_url=server.url("tengr")) as tengr:
        tengr.detail("safelight://coffee.jpg", webhook=inbox)

    server.twin.advance(HOUR, vendor="tengr", key="mine")

    (message,) = control.get("inbox/mine").json()["messages"]
    assert json.loads(message["body"])["status"] == "succeeded"


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ("duplicate", ["Processing", "Processing", "Completed"]),
        ("out-of-order", ["Completed", "Processing"]),
        ("late", ["Completed", "Processing"]),
        ("never", ["Completed"]),
    ],
)
def test_a_fault_is_injected_into_a_delivery(  # noqa: PLR0913, PLR0917 - fixtures and two parameters
    server: MockServer, topaz: Topaz, control: httpx.Client, inbox: str, fault: str, statuses: list[str]
) -> None:
    sandbox = control.post("sandboxes", json={"vendor": "topaz", "key": "mine"}).json()["name"]
    control.put(f"sandboxes/{sandbox}/faults", json={"next": [fault]})
    topaz.enhance(PHOTO, webhook_url=inbox)

    server.twin.advance(HOUR, vendor="topaz", key="mine")

    messages = control.get("inbox/mine").json()["messages"]
    assert [json.loads(message["body"])["status"] for message in messages] == statuses


def test_a_delivery_is_resent(server: MockServer, topaz: Topaz, control: httpx.Client, inbox: str) -> None:
    topaz.enhance(PHOTO, webhook_url=inbox)
    server.twin.advance(10, vendor="topaz", key="mine")
    last, *_ = control.get("deliveries").json()

    control.post(f"deliveries/{last['id']}/resend")

    *_, before, again = control.get("inbox/mine").json()["messages"]
    assert again["body"] == before["body"] == last["body"]


def test_your_own_receiver_is_called(server: MockServer, topaz: Topaz) -> None:
    statuses: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            statuses.append(json.loads(self.rfile.read(length))["status"])
            self.send_response(204)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        Thread(target=receiver.serve_forever, daemon=True).start()
        topaz.enhance(PHOTO, webhook_url=f"http://127.0.0.1:{receiver.server_port}/")
        server.twin.advance(10, vendor="topaz", key="mine")
        receiver.shutdown()

    assert statuses == ["Processing", "Completed"]


def test_other_hosts_are_not_called_unless_allowed(server: MockServer, topaz: Topaz) -> None:
    topaz.enhance(PHOTO, webhook_url="https://example.com/hook")

    events = server.twin.advance(10, vendor="topaz", key="mine")

    assert [one.outcome for one in events if one.delivery] == ["not-allowed", "not-allowed"]
