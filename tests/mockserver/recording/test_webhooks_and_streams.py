"""Webhooks and streams of a session are recorded, and come again: on a manual clock at the same times."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML
from tests.mockserver.conftest import NO_CERTIFICATES
from tests.mockserver.recording.sessions import KEY, PHOTO, Client, Recording, Rule, served, service_of

from safelight_mock import MockServer
from safelight_mock.adapters.record.recorder import Recorder

pytestmark = pytest.mark.slow

KEYS = {"authorization": f"Key {KEY}"}  # of fal
BEARER = {"authorization": f"Bearer {KEY}"}
Pause = Callable[[float], None]


@contextmanager
def replayed(
    session: Recording, key: str, headers: dict[str, str] | None = None
) -> Iterator[tuple[MockServer, Client, Pause]]:
    """Serve the scenario on a manual clock; yield a client, and what lets time pass."""
    headers = headers or {"x-api-key": KEY, **BEARER}
    with (
        served(session.name, "manual", session.scenario) as server,
        Client(server.url(session.name), headers) as client,
    ):
        yield server, client, lambda seconds: _advance(server, session.name, key, seconds)


def _advance(server: MockServer, name: str, key: str, seconds: float) -> None:
    server.twin.advance(seconds, vendor=name, key=key)


def control(server: MockServer, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
    url = f"{server.origin}/_safelight/{path}"
    return httpx.request(method, url, json=body, verify=NO_CERTIFICATES).json()


def inbox(server: MockServer) -> str:
    return f"{server.origin}/_safelight/inbox/mine"


def messages(server: MockServer) -> list[dict[str, Any]]:
    return [json.loads(one["body"]) for one in control(server, "GET", "inbox/mine")["messages"]]


def subscribe(server: MockServer, name: str, url: str) -> None:
    box = control(server, "POST", "sandboxes", {"vendor": name, "key": KEY})["name"]
    control(server, "PATCH", f"sandboxes/{box}/webhook", {"url": url})


def test_webhooks_whose_url_is_a_setting_of_the_account_are_recorded(tmp_path: Path) -> None:
    name, path = "claid", "/image/edit/async"
    body: Rule = {"input": "safelight://coffee.jpg", "operations": {}}
    service, _ = service_of(name)
    session = Recording(name, tmp_path, lambda _: None, BEARER)
    with served(name, "real", job_speedup=8.0) as upstream, served("topaz") as receiver:
        url = inbox(receiver)
        recorder = Recorder(service, upstream.url(name), tmp_path, account_webhook=url)
        with recorder, Client(recorder.url, BEARER) as client:
            subscribe(upstream, name, recorder.webhook_address)
            for _ in "ab":
                client.call("POST", path, json=body)
            wait_for(lambda: len(messages(receiver)) >= 2)
        recorded = messages(receiver)

    with replayed(session, KEY) as (server, client, pause):
        subscribe(server, name, inbox(server))
        for _ in "ab":
            client.call("POST", path, json=body)
        before = messages(server)
        pause(60)
        played = messages(server)
        link = played[0]["data"]["result"]["output_object"]["tmp_url"]
        assert link.startswith(server.origin)  # of this server, not of the one that was recorded
        assert httpx.get(link, verify=NO_CERTIFICATES).status_code == 200

    assert before == []
    assert [plain(one) for one in played] == [plain(one) for one in recorded]
    assert "deliveries:" in session.scenario.read_text(encoding="utf-8")
    assert not any("no webhook came" in row[0] for row in session.observations)


def plain(body: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a body without what differs each time."""
    if isinstance(body, dict):
        return {name: plain(one) for name, one in body.items() if not name.endswith(("id", "_at", "At"))}
    if isinstance(body, list):
        return [plain(one) for one in body]
    return "LINK" if isinstance(body, str) and "://" in body else body


def wait_for(holds: Callable[[], object]) -> None:
    """Look at the other side until it has done what it does, for a minute at most."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline


TWICE = ["Completed", "Completed"]
FAULTS: dict[str, tuple[Rule, list[str]]] = {
    "never": ({"match": {"state": "Completed"}, "webhook": "never"}, ["Processing"]),
    "late": ({"match": {"state": "Completed"}, "webhook": "late"}, ["Processing", "Completed"]),
    "duplicate": (
        {"match": {"state": "Completed"}, "webhook": "duplicate"},
        ["Processing", *["Completed"] * 2],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_webhooks_that_went_wrong_go_wrong_again(tmp_path: Path, fault: str) -> None:
    """A scaled clock of the service makes a late webhook one of two seconds."""
    rule, words = FAULTS[fault]

    def story(client: Client, url: str, pause: Pause) -> str:
        image = {"image": ("a.jpg", PHOTO, "image/jpeg")}
        job = client.call("POST", "/enhance/async", files=image, data={"webhook_url": url})["process_id"]
        while client.call("GET", f"/status/{job}")["status"] != "Completed":
            pause(0.05)
        return str(job)

    service, _ = service_of("topaz")
    session = Recording("topaz", tmp_path, lambda _: None, {})
    scenario = {"version": "1", "rules": [rule]}
    with (
        served("topaz", "scaled", scenario, clock_rate=30.0) as upstream,
        served("claid") as receiver,
        Recorder(service, upstream.url("topaz"), tmp_path) as recorder,
        Client(recorder.url, {"x-api-key": KEY}) as client,
    ):
        story(client, inbox(receiver), lambda _: None)
        ended = time.monotonic()  # a webhook that does not come within two seconds is missing
        wait_for(lambda: len(messages(receiver)) == len(words) and time.monotonic() > ended + 2.2)

    written = YAML(typ="safe").load(session.scenario)
    came = (
        next(rule["job"] for rule in written["rules"] if "job" in rule)
        .get("delivered", {})
        .get("Completed", 0.0)
    )

    passed: list[float] = []
    with replayed(session, KEY) as (server, client, pause):

        def pass_time(seconds: float) -> None:
            passed.append(seconds)
            pause(seconds)

        story(client, inbox(server), pass_time)
        pause(10_000 if came is None else max(0.0, came - sum(passed) - 0.05))
        early = [one["status"] for one in messages(server)].count("Completed")
        pause(0.1)
        played = [one["status"] for one in messages(server)]

    assert played == words
    if fault != "duplicate":
        assert early == 0
    seen = {row[0] for row in session.observations}
    if fault == "never":
        assert "the webhook about 'Completed' did not come" in seen
    elif fault == "late":
        assert any(row.startswith("the webhook about 'Completed' came after the change") for row in seen)
    else:
        assert "a webhook came more than once" in seen


def test_a_stream_of_events_is_recorded_with_its_times(tmp_path: Path) -> None:
    """The client never polls: states and durations are those of the events."""

    def story(client: Client, pause: Pause) -> list[Any]:
        job = client.call("POST", "/fal-ai/flux/dev", json={"prompt": "Rain"})["request_id"]
        got = []
        url = f"{client.base}/fal-ai/flux/requests/{job}/status/stream"
        with httpx.stream("GET", url, headers=KEYS, verify=NO_CERTIFICATES, timeout=20) as response:
            for line in response.iter_lines():
                if line.startswith("data: "):
                    got.append(json.loads(line.removeprefix("data: ")))
                    pause(5)
        return [plain(one) for one in got]

    service, _ = service_of("fal")
    session = Recording("fal", tmp_path, lambda _: None, KEYS)
    with (
        served("fal", "real", job_speedup=4.0) as upstream,
        Recorder(service, upstream.url("fal"), tmp_path) as recorder,
        Client(recorder.url, KEYS) as client,
    ):
        recorded = story(client, lambda _: None)

    with replayed(session, KEY, KEYS) as (_, client, pause):
        played = story(client, pause)

    assert [one["status"] for one in recorded] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    assert played == recorded
    text = session.scenario.read_text(encoding="utf-8")
    assert "events:" in text
    assert "states:" in text
