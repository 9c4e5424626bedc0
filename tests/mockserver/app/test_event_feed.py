"""Streams of events: what is sent while nothing happens, and when a stream ends."""

from collections.abc import Generator
from math import inf
from typing import Any

import pytest
from msgspec.structs import replace
from tests.mockserver.vendors.generic.examples import serving

from safelight_mock.app.event_feed import EventFeed
from safelight_mock.app.steps import AdvanceClock, Exchange, ExchangeStep, Sleep
from safelight_mock.core.clock import Clock, ClockMode
from safelight_mock.wire.messages import EventStream, Request, Response
from safelight_mock.wire.problem import stopping

REQUEST = Request(method="GET", path="/events", at=100.0)
WAITING = EventStream(text=b"", sent=1, due=inf, sandbox="box", clock=Clock(mode=ClockMode.MANUAL))


def feed(first: EventStream, *later: Response) -> EventFeed:
    """Return a feed of a job that is looked at again as often as there are later responses."""
    left = [*later]

    def answer(_: Request) -> Exchange[Response]:
        yield from ()
        return left.pop(0) if left else Response(status=200, content=WAITING)

    return EventFeed(REQUEST, first, answer, lambda: 100.0)


def part(exchange: Generator[ExchangeStep, Any, bytes], steps: list[ExchangeStep]) -> bytes:
    """Perform an exchange without waiting, and note its steps."""
    while True:
        try:
            steps.append(next(exchange))
        except StopIteration as done:
            value: bytes = done.value
            return value


def test_what_is_there_is_sent_at_once() -> None:
    steps: list[ExchangeStep] = []

    assert part(feed(replace(WAITING, text=b"data: 1\n\n")).next_part(), steps) == b"data: 1\n\n"
    assert steps == []


def test_a_comment_is_sent_after_15_seconds_without_an_event() -> None:
    steps: list[ExchangeStep] = []

    assert part(feed(WAITING).next_part(), steps) == b": \n\n"
    assert steps == [Sleep(0.25)] * 60


def test_a_stream_ends_after_10_minutes_without_an_event() -> None:
    silent = feed(WAITING)

    assert [part(silent.next_part(), []) for _ in range(40)] == [*[b": \n\n"] * 39, b""]


def test_a_client_in_the_process_may_wait_for_a_shorter_time() -> None:
    with pytest.raises(TimeoutError):
        part(feed(WAITING).next_part(patience=5), [])


def test_a_running_clock_is_waited_for_until_the_next_event_is_due() -> None:
    steps: list[ExchangeStep] = []
    scaled = Clock(mode=ClockMode.SCALED, real=100.0, reading=1000.0, rate=10.0)
    later = Response(status=200, content=replace(WAITING, text=b"data: 2\n\n"))

    assert part(feed(replace(WAITING, clock=scaled, due=1001.0), later).next_part(), steps) == b"data: 2\n\n"
    assert [round(step.seconds, 6) for step in steps if isinstance(step, Sleep)] == [0.1]


def test_an_auto_clock_is_advanced_to_the_next_event() -> None:
    steps: list[ExchangeStep] = []
    auto = replace(WAITING, clock=Clock(mode=ClockMode.AUTO), due=1001.0)
    later = Response(status=200, content=replace(WAITING, text=b"data: 2\n\n"))

    assert part(feed(auto, later).next_part(), steps) == b"data: 2\n\n"
    assert steps == [AdvanceClock("box", 1001.0)]


def test_a_stream_ends_with_its_job_and_with_the_server() -> None:
    stopped = feed(WAITING).next_part()
    next(stopped)

    assert part(feed(replace(WAITING, due=None)).next_part(), []) == b""
    assert part(feed(WAITING, Response(status=404)).next_part(), []) == b""
    with pytest.raises(StopIteration) as ended:
        stopped.throw(stopping())
    assert ended.value.value == b""


def rule(**match: Any) -> dict[str, Any]:  # noqa: ANN401 - of a rule
    """Refuse the requests that match."""
    return {"version": "1", "rules": [{"match": match, "respond": {"status": 500}}]}


def test_a_stream_counts_once_for_scenarios_however_long_it_lasts() -> None:
    with serving("fal", scenario=rule(call=3)) as api:
        made = api.post("/fal-ai/flux/dev", {"prompt": "Rain"}).json()["request_id"]
        status = f"/fal/fal-ai/flux/requests/{made}/status"
        with api.client.stream("GET", f"{status}/stream") as response:
            lines = response.iter_lines()
            assert "IN_QUEUE" in next(lines)
            api.advance(60)
            assert any("COMPLETED" in line for line in lines)

        assert [api.client.get(status).status_code for _ in "ab"] == [500, 200]


def test_a_stream_of_a_file_counts_once_for_scenarios_however_long_it_lasts() -> None:
    with serving("replicate", scenario=rule(operation="download", call=2)) as api:
        made = api.post("/v1/predictions", {"version": "a/b", "input": {"prompt": "Rain"}}).json()
        link = made["urls"]["stream"]
        with api.client.stream("GET", link) as response:
            lines = response.iter_lines()
            assert next(lines).startswith("event: ")
            api.advance(60)
            assert any(line == "event: done" for line in lines)

        assert [api.client.get(link).status_code for _ in "ab"] == [500, 200]
