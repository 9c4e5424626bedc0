"""What a client does wrong is listed with evidence; a client that does right has no findings."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from tests.small_photograph import PHOTO

from safelight_mock import ClockMode, Settings, Twin, TwinTransport


class Client:
    """Topaz in process, at a time that the test moves."""

    def __init__(self, scenario: str | dict[str, Any] | None, clock: ClockMode) -> None:
        self.now = [1_800_000_000.0]
        self.twin = Twin(Settings(clock=clock, scenario=scenario), real=lambda: self.now[0])
        transport, url = TwinTransport(self.twin), "https://api.topazlabs.com/image/v1"
        self.http = httpx.Client(transport=transport, base_url=url, headers={"x-api-key": "k"})

    def submit(self, **fields: str) -> str:
        answer = self.http.post("/enhance/async", files={"image": ("a.jpg", PHOTO)}, data=fields)
        return str(answer.json()["process_id"])

    def read(self, job: str) -> httpx.Response:
        return self.http.get(f"/status/{job}")

    def save(self, job: str) -> httpx.Response:
        return httpx.Client(transport=TwinTransport(self.twin)).get(self.link(job))

    def link(self, job: str) -> str:
        return str(self.http.get(f"/download/{job}").json()["download_url"])

    def findings(self) -> list[dict[str, Any]]:
        control = "http://127.0.0.1/_safelight"
        name = self.http.get(f"{control}/sandboxes").json()[0]["name"]
        return list(self.http.get(f"{control}/sandboxes/{name}/conduct").json()["findings"])

    def kinds(self) -> list[str]:
        return [finding["kind"] for finding in self.findings()]


Open = Callable[..., Client]


@pytest.fixture
def opened() -> Iterator[Open]:
    clients: list[Client] = []

    def opened(scenario: str | dict[str, Any] | None = None, clock: ClockMode = ClockMode.REAL) -> Client:
        clients.append(Client(scenario, clock))
        return clients[-1]

    yield opened
    for client in clients:
        client.twin.close()


def rule(**keys: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a rule
    return {"version": "1", "rules": [keys]}


def test_a_client_that_waits_and_saves_its_result_has_no_findings(opened: Open) -> None:
    client = opened()
    job = client.submit()
    client.now[0] += 10
    client.read(job)
    client.save(job)

    assert client.findings() == []


def test_a_client_that_ignores_retry_after_is_found_with_the_seconds(opened: Open) -> None:
    client = opened(
        rule(match={"operation": "read", "call": 1}, respond={"error": "limited", "retry_after": 30})
    )
    job = client.submit()

    client.read(job)
    client.now[0] += 10
    client.read(job)
    client.save(job)

    (finding,) = client.findings()
    assert (finding["kind"], finding["job"]) == ("ignored-retry-after", job)
    assert finding["evidence"].endswith(
        "came 20.0 s before the Retry-After of the previous 429 response had passed"
    )


def test_a_client_that_polls_before_retry_after_is_found(opened: Open) -> None:
    told = rule(match={"operation": "read"}, respond={"status": 200, "json": {}, "retry_after": 5})
    client = opened(told)
    job = client.submit()

    for _ in range(2):
        client.read(job)
        client.now[0] += 1

    assert client.kinds()[0] == "polled-too-soon"


def test_a_client_that_polls_on_after_the_end_is_found(opened: Open) -> None:
    client = opened()
    job = client.submit()
    client.now[0] += 10
    client.save(job)

    for _ in range(3):
        client.read(job)

    assert client.kinds() == ["polled-after-end", "polled-after-end"]


@pytest.mark.parametrize("scenario", ["lost-response", "bad-gateway-after-submit"])
def test_a_client_that_submits_again_what_was_carried_out_is_found(opened: Open, scenario: str) -> None:
    careless, careful = opened(scenario), opened(scenario)
    for client in (careless, careful):
        with suppress(httpx.ReadError):
            client.http.post("/enhance/async", files={"image": ("a.jpg", PHOTO)})
    careful.http.get("/status")

    careless.submit()
    careful.submit()

    assert careless.kinds() == ["submitted-again"]
    assert careful.kinds() == []


def test_a_client_that_never_fetches_its_result_is_found(opened: Open) -> None:
    client = opened()
    job = client.submit()
    client.now[0] += 10
    client.read(job)

    (finding,) = client.findings()

    assert (finding["kind"], finding["job"]) == ("never-downloaded", job)


def test_a_client_that_follows_an_expired_link_or_sends_its_key_along_is_found(opened: Open) -> None:
    client = opened("expired-link")
    job = client.submit()
    client.now[0] += 10
    link = client.link(job)
    client.http.get(link)
    client.now[0] += 60
    httpx.Client(transport=TwinTransport(client.twin)).get(link)

    assert client.kinds() == ["sent-key-to-file-host", "followed-expired-link"]


def test_a_client_that_sends_fields_which_nothing_reads_is_found(opened: Open) -> None:
    client = opened()
    client.submit(output_widht="2000")

    (finding,) = client.findings()

    assert finding["kind"] == "sent-ignored-field"
    assert "output_widht" in finding["evidence"]


def test_a_receiver_that_accepts_a_forged_webhook_is_found(opened: Open) -> None:
    client = opened("forged-webhook", ClockMode.MANUAL)
    client.submit(webhook_url="https://api.topazlabs.com/_safelight/inbox/mine")

    client.twin.advance(1, vendor="topaz", key="k")

    assert client.kinds() == ["accepted-forged-webhook"]


def test_a_receiver_that_answers_too_late_is_found(opened: Open) -> None:
    client = opened(clock=ClockMode.MANUAL)
    client.http.put("http://127.0.0.1/_safelight/inbox/mine", json={"responses": ["hang"]})
    client.submit(webhook_url="https://api.topazlabs.com/_safelight/inbox/mine")

    client.twin.advance(1, vendor="topaz", key="k")

    assert client.kinds() == ["webhook-timed-out"]


@pytest.mark.parametrize(("seconds", "kinds"), [(4.9, ["ignored-retry-after"]), (5, [])])
def test_a_manual_clock_counts_when_it_is_advanced(opened: Open, seconds: float, kinds: list[str]) -> None:
    busy = rule(match={"operation": "read", "call": 1}, respond={"status": 503, "retry_after": 5})
    client = opened(busy, ClockMode.MANUAL)
    job = client.submit()

    client.read(job)
    client.twin.advance(seconds, vendor="topaz", key="k")
    client.save(job)
    client.read(job)

    assert client.kinds() == kinds


def test_of_a_clock_that_stands_still_nothing_is_said_about_speed(opened: Open) -> None:
    client = opened(
        rule(match={"operation": "read", "call": 1}, respond={"status": 503, "retry_after": 5}),
        ClockMode.MANUAL,
    )
    job = client.submit()

    client.read(job)
    client.read(job)

    assert client.findings() == []
