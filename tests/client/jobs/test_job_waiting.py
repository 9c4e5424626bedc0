"""Waiting for a job: how often it is polled, when that ends, and with which error."""

import math
from collections.abc import Callable

import httpx
import pytest

from safelight import (
    ApiError,
    InvalidResponseError,
    JobCancelledError,
    JobFailedError,
    NetworkError,
    Polling,
    State,
    Topaz,
    WaitTimeoutError,
)

Answer = Callable[[httpx.Request], httpx.Response]
Connect = Callable[[Answer], Topaz]
Status = Callable[[str], httpx.Response]


def test_a_wait_ends_when_the_job_has_succeeded(connect: Connect, status: Status) -> None:
    vendor_states = iter(["Pending", "Processing", "Completed"])
    job = connect(lambda _: status(next(vendor_states))).job("a-job")
    states: list[State] = []

    waited = job.wait(on_progress=lambda it: states.append(it.state))

    assert waited is job
    assert states == [State.QUEUED, State.RUNNING, State.SUCCEEDED]


def test_delays_between_polls_grow_to_five_seconds_and_end_at_the_deadline(
    connect: Connect, status: Status, rests: list[float]
) -> None:
    job = connect(lambda _: status("Processing")).job("a-job")

    with pytest.raises(
        WaitTimeoutError, match=r"a-job was not over after 30 s \(last state: Processing\); wait again"
    ):
        job.wait(timeout=30)

    assert rests[:3] == [0.25, 0.375, 0.5625]
    assert max(rests) == 5
    assert sum(rests) == 30


def test_an_id_that_makes_an_invalid_url_is_not_polled_again(connect: Connect, rests: list[float]) -> None:
    with pytest.raises(InvalidResponseError, match="a URL is invalid: URL too long"):
        connect(lambda _: httpx.Response(200)).job("x" * 70_000).wait()

    assert rests == []


def test_a_timeout_of_zero_polls_once(connect: Connect, status: Status) -> None:
    job = connect(lambda _: status("Completed")).job("a-job")

    assert job.wait(timeout=0) is job


def test_a_wait_without_a_timeout_is_allowed(connect: Connect, status: Status, rests: list[float]) -> None:
    vendor_states = iter(["Processing"] * 150 + ["Completed"])

    connect(lambda _: status(next(vendor_states))).job("a-job").wait(timeout=math.inf)

    assert len(rests) == 150


def test_an_unknown_vendor_state_counts_as_queued(connect: Connect, status: Status) -> None:
    vendor_states = iter(["Uploading", "Completed"])
    states: list[tuple[State, str]] = []

    connect(lambda _: status(next(vendor_states))).job("a-job").wait(
        on_progress=lambda it: states.append((it.state, it.vendor_state))
    )

    assert states == [(State.QUEUED, "Uploading"), (State.SUCCEEDED, "Completed")]


def test_waiting_for_a_failed_job_raises_an_error(connect: Connect, status: Status) -> None:
    job = connect(lambda _: status("Failed")).job("a-job")

    with pytest.raises(JobFailedError, match="job a-job ended as Failed"):
        job.wait()


def test_waiting_for_a_cancelled_job_raises_an_error(connect: Connect, status: Status) -> None:
    job = connect(lambda _: status("Cancelled")).job("a-job")

    with pytest.raises(JobCancelledError, match="job a-job ended as Cancelled"):
        job.wait()


@pytest.mark.parametrize("outage", [429, 502, 503, 504])
def test_a_temporary_outage_does_not_end_the_wait(connect: Connect, status: Status, outage: int) -> None:
    answers = iter([httpx.Response(outage, text="<html>"), status("Completed")])

    connect(lambda _: next(answers)).job("a-job").wait()

    assert next(answers, None) is None


def test_a_broken_connection_does_not_end_the_wait(
    connect: Connect, status: Status, rests: list[float]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if not rests:
            raise httpx.ReadTimeout("too slow", request=request)
        return status("Completed")

    connect(answer).job("a-job").wait()

    assert rests == [0.25]


def test_a_wait_polls_no_earlier_than_retry_after(
    connect: Connect, status: Status, rests: list[float]
) -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": "17"}), status("Completed")])

    connect(lambda _: next(answers)).job("a-job").wait()

    assert rests == [17]


def test_a_wait_gives_up_at_once_when_retry_after_lies_beyond_its_deadline(
    connect: Connect, rests: list[float]
) -> None:
    job = connect(lambda _: httpx.Response(429, headers={"Retry-After": "60"})).job("a-job")

    with pytest.raises(WaitTimeoutError) as raised:
        job.wait(timeout=30)

    assert rests == []
    assert isinstance(raised.value.__cause__, ApiError)


@pytest.mark.parametrize("refusal", [401, 404, 410, 500])
def test_an_error_that_is_not_temporary_ends_the_wait(connect: Connect, refusal: int) -> None:
    job = connect(lambda _: httpx.Response(refusal)).job("a-job")

    with pytest.raises(ApiError) as raised:
        job.wait()

    assert raised.value.status == refusal


def test_a_timeout_during_an_outage_has_the_outage_as_its_cause(connect: Connect) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    with pytest.raises(WaitTimeoutError) as raised:
        connect(answer).job("a-job").wait(timeout=10)

    assert isinstance(raised.value.__cause__, NetworkError)


@pytest.mark.parametrize(("polled", "is_stopped"), [(["Pending"], True), (["Pending", "Processing"], False)])
def test_a_wait_on_a_clock_that_stands_still_says_so(
    polled: list[str],
    is_stopped: bool,  # noqa: FBT001 - of a table
) -> None:
    states, clock = iter([*polled, *polled[-1:] * 9]), iter(range(100))

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"process_id": "a-job", "status": next(states)})

    polling = Polling(sleep=lambda _: None, clock=lambda: next(clock))
    transport = httpx.MockTransport(answer)
    topaz = Topaz(api_key="k", polling=polling, base_url="http://127.0.0.1:4010", transport=transport)

    with pytest.raises(WaitTimeoutError) as ended:
        topaz.job("a-job").wait(timeout=5)

    assert ended.value.is_clock_stopped is is_stopped
    assert ("The clock of a mock server may stand still: advance it" in str(ended.value)) is is_stopped
