"""The mock server of a test: what tests read and change of it."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from safelight import ApiError, JobFailedError
from safelight_mock import InvalidScenarioError
from safelight_testing import ControlError, MisconductError, Safelight, Timeline, TimelineLine

PHOTO = Path("tests/data/chelsea.jpg")
START = datetime(2026, 1, 1, tzinfo=UTC)
CUP = "safelight://coffee.jpg"


@pytest.fixture
def safelight() -> Iterator[Safelight]:
    with Safelight(clock="manual", start=START) as safelight:
        yield safelight


def test_all_sandboxes_have_the_same_time(safelight: Safelight) -> None:
    safelight.topaz.enhance(PHOTO)

    safelight.clock.advance(timedelta(hours=1))
    safelight.tengr.detail(CUP)  # the key's first use at this API

    assert safelight.clock.elapsed == 3600
    assert [job.submitted - START.timestamp() for job in safelight.jobs] == [0, 3600]


def test_events_of_all_sandboxes_are_returned_in_the_order_of_time(safelight: Safelight) -> None:
    jobs = [safelight.topaz.enhance(PHOTO), safelight.tengr.detail(CUP)]

    events = safelight.clock.advance(60)

    assert [event.at for event in events] == sorted(event.at for event in events)
    assert {event.job for event in events} == {job.id for job in jobs}


def test_an_event_loop_advances_the_clock_without_being_blocked(safelight: Safelight) -> None:
    safelight.topaz.enhance(PHOTO)

    events = asyncio.run(safelight.clock.advance_async(60))

    assert [event.vendor_state for event in events] == ["Processing", "Completed"]
    assert safelight.clock.now == START + timedelta(minutes=1)


def test_polls_advance_an_auto_clock() -> None:
    with Safelight(start=START) as safelight:
        safelight.topaz.enhance(PHOTO).wait()

        assert 0 < safelight.clock.elapsed < 60


@pytest.mark.parametrize("clock", ["real", "scaled", "fast"])
def test_only_clocks_that_stand_still_are_possible(clock: str) -> None:
    with pytest.raises(ValueError, match=f"clock must be one of manual, auto, not '{clock}'"):
        Safelight(clock=clock)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"start": "2026-01-01"}, "start must be a time such as"),
    ({"start": datetime(2026, 1, 1)}, "start must have a time zone"),  # noqa: DTZ001 - that is what is wrong
    ({"sleeps": 3}, "sleeps must be True, False, or a list of packages, not 3"),
    ({"sleeps": [time]}, "a value of sleeps must be the name of a package, not a module"),
    ({"settings": {"seed": "a"}}, "settings must be Settings, not a dict"),
    ({"key": None}, "key must be an API key, not None"),
    ({"allow": "db.internal"}, "allow must be a set or list of hosts, not 'db.internal'"),
    ({"allow": [5]}, "a value of allow must be a host, not 5"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_wrong_argument_is_named_with_what_is_allowed(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises((TypeError, ValueError), match=re.escape(sentence)):
        Safelight(**arguments)


REFUSED: list[tuple[Callable[[Safelight], object], str]] = [
    (lambda safelight: safelight.faults.next(503, times=0), "times must be a whole number above zero, not 0"),
    (lambda safelight: safelight.faults.next(503, vendor="topas"), "unknown vendor 'topas'; use one of"),
    (lambda safelight: safelight.scenario("stuck", vendor="topas"), "unknown vendor 'topas'; use one of"),
    (lambda safelight: safelight.ledger.grant(-5), "balance must be a whole number from zero, not -5"),
    (lambda safelight: safelight.ledger.grant(5, vendor="topas"), "unknown vendor 'topas'; use one of"),
    (lambda safelight: safelight.webhooks.configure("clade", url=""), "unknown vendor 'clade'; use one of"),
    (lambda safelight: safelight.webhooks.configure("claid", url="hooks"), "'hooks' must be a URL such as"),
    (lambda safelight: safelight.check_conduct(tolerate=["all"]), "unknown kind of misconduct 'all'"),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_what_is_refused_is_refused_before_any_request(
    safelight: Safelight, call: Callable[[Safelight], object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        call(safelight)


def test_time_does_not_go_back(safelight: Safelight) -> None:
    with pytest.raises(ValueError, match="seconds must be a number from zero, not -1"):
        safelight.clock.advance(-1)


def test_the_same_start_gives_the_same_responses() -> None:
    responses = []
    for _ in range(2):
        with Safelight(start=START) as safelight:
            safelight.topaz.matte(PHOTO).wait()
            responses.append(safelight.http("topaz").get("status").content)

    assert responses[0] == responses[1]


def test_a_scenario_holds_for_a_key_that_is_used_later(safelight: Safelight) -> None:
    safelight.scenario("failed")
    first = safelight.topaz.enhance(PHOTO)
    safelight.scenario(None)
    second = safelight.topaz.enhance(PHOTO)

    safelight.clock.advance(100)

    assert [job.status().vendor_state for job in (first, second)] == ["Failed", "Completed"]


def test_an_unknown_scenario_is_refused_with_a_suggestion(safelight: Safelight) -> None:
    with pytest.raises(InvalidScenarioError, match="did you mean 'stuck'"):
        safelight.scenario("stuk")


def test_the_next_responses_are_errors(safelight: Safelight) -> None:
    safelight.faults.next(503, 429)

    statuses = [safelight.http("topaz").get("status").status_code for _ in range(3)]

    assert statuses == [503, 429, 200]


def test_a_fault_applies_once_to_what_it_is_for(safelight: Safelight) -> None:
    safelight.faults.next({"match": {"operation": "submit"}, "job": {"fail": True}})
    assert safelight.topaz.jobs() == []
    jobs = [safelight.topaz.enhance(PHOTO) for _ in range(2)]

    safelight.clock.advance(100)

    with pytest.raises(JobFailedError):
        jobs[0].wait()
    assert jobs[1].status().vendor_state == "Completed"


def test_faults_are_limited_to_an_api_and_cleared(safelight: Safelight) -> None:
    safelight.faults.next(503, times=3, vendor="topaz")

    assert safelight.http("tengr").get("v2/artworks").status_code != 503
    assert safelight.http("topaz").get("status").status_code == 503
    safelight.faults.clear()
    assert safelight.http("topaz").get("status").status_code == 200


def test_a_job_is_moved(safelight: Safelight) -> None:
    job = safelight.topaz.enhance(PHOTO)

    moved = safelight.jobs.move(job.id, "failed")

    assert (moved.state, moved.vendor_state) == ("failed", "Failed")
    with pytest.raises(ControlError, match="cannot change a failed job to succeeded"):
        safelight.jobs.move(job.id, "succeeded")
    assert safelight.jobs[:] == [moved]


def test_a_job_is_created_without_an_upload(safelight: Safelight) -> None:
    job = safelight.jobs.create(
        "postEnhanceAsync",
        vendor="topaz",
        key=safelight.key,
        state="succeeded",
        values={"output_width": 800},
    )

    assert safelight.topaz.job(job.id).status().vendor_state == "Completed"


def test_credits_run_out_for_a_key_that_is_used_later(safelight: Safelight) -> None:
    safelight.ledger.grant(1)
    safelight.topaz.enhance(PHOTO)

    with pytest.raises(ApiError) as error:
        safelight.topaz.enhance(PHOTO)

    assert error.value.status == 402
    assert (safelight.ledger.balance, safelight.ledger.reserved, safelight.ledger.paid) == (0, 1, 0)


def test_a_balance_is_set_again(safelight: Safelight) -> None:
    before = safelight.ledger.balance
    safelight.topaz.enhance(PHOTO)
    safelight.clock.advance(100)

    safelight.ledger.grant(5, vendor="topaz")

    assert (before, safelight.ledger.balance, safelight.ledger.paid) == (None, 5, 1)


def test_the_webhook_of_an_account_is_set_for_a_key_that_is_used_later(safelight: Safelight) -> None:
    safelight.webhooks.configure("claid", url="https://shop.example/hooks", secret="between us")  # noqa: S106

    safelight.claid.edit(CUP, operations={"resizing": {"width": 60}})
    safelight.clock.advance(3600)

    (delivery,) = safelight.webhooks.deliveries
    assert delivery.target == "https://shop.example/hooks"
    assert "x-claid-hmac-sha256" in delivery.headers
    assert [attempt.outcome for attempt in delivery.attempts] == ["not-allowed"]


def test_a_webhook_of_an_account_is_changed(safelight: Safelight) -> None:
    safelight.claid.edit(CUP, operations={"resizing": {"width": 60}})

    safelight.webhooks.configure("claid", url="https://shop.example/hooks")
    safelight.clock.advance(3600)

    assert [one.target for one in safelight.webhooks.deliveries] == ["https://shop.example/hooks"]


def test_only_some_apis_have_a_webhook_by_account(safelight: Safelight) -> None:
    with pytest.raises(ControlError, match="topaz has no webhook by account"):
        safelight.webhooks.configure("topaz", url="https://shop.example/hooks")


def test_requests_are_listed_in_the_order_of_their_arrival(safelight: Safelight) -> None:
    safelight.topaz.enhance(PHOTO, photographer=3)
    safelight.http("topaz").get("unknown")

    submit, unknown = safelight.requests

    assert (submit.operation, submit.at) == ("postEnhanceAsync", START.timestamp())
    assert [field.name for field in submit.ignored_fields] == ["photographer"]
    assert (unknown.status, unknown.at) == (404, None)


def test_misconduct_raises_unless_it_is_tolerated(safelight: Safelight) -> None:
    safelight.topaz.enhance(PHOTO, photographer=3)

    with pytest.raises(MisconductError, match="sent-ignored-field: postEnhanceAsync ignores 'photographer'"):
        safelight.check_conduct()
    safelight.check_conduct(tolerate=["sent-ignored-field"])


def test_transports_serve_any_client_of_httpx(safelight: Safelight) -> None:
    url, headers = f"{safelight.url('topaz')}/status", {"X-API-Key": "k"}

    async def call() -> httpx.Response:
        async with httpx.AsyncClient(transport=safelight.async_transport) as client:
            return await client.get(url, headers=headers)

    with httpx.Client(transport=safelight.transport) as client:
        assert client.get(url, headers=headers).json() == asyncio.run(call()).json() == []


def test_a_port_is_opened_on_request() -> None:
    with Safelight(port=0) as safelight:
        assert httpx.get(f"{safelight.url('topaz')}/status", headers={"X-API-Key": "k"}).json() == []
        assert safelight.topaz.jobs() == []


def test_the_timeline_has_requests_jobs_and_webhooks_in_order(safelight: Safelight) -> None:
    job = safelight.topaz.enhance(PHOTO, webhook_url="https://shop.example/hooks")
    job.status()
    safelight.clock.advance(60)

    texts = [line.text.replace(job.id, "ID") for line in safelight.timeline]

    hook = "webhook {} of job ID -> not-allowed https://shop.example/hooks"
    assert texts == [
        "POST /image/v1/enhance/async -> 200",
        "job ID queued (Pending)",
        "GET /image/v1/status/ID -> 200",
        "job ID running (Processing)",
        hook.format("Processing"),
        "job ID succeeded (Completed)",
        hook.format("Completed"),
    ]


def test_the_timeline_shows_no_secrets_of_webhooks(safelight: Safelight) -> None:
    target = "https://me:password@shop.example/hooks?token=secret&order=7"
    safelight.webhooks.to("https://shop.example/hooks", 204)
    safelight.topaz.enhance(PHOTO, webhook_url=target)

    safelight.clock.advance(60)

    shown = str(safelight.timeline)
    assert "https://***@shop.example/hooks?token=***&order=7" in shown
    assert "password" not in shown
    assert "secret" not in shown


def test_a_timeline_without_requests_says_so(safelight: Safelight) -> None:
    assert str(safelight.timeline) == "no request came"


def test_repeated_lines_are_folded_alone_and_together() -> None:
    lines = [("a", 0), ("b", 1), ("b", 2), ("b", 3), ("c", 4), ("d", 5), ("c", 6), ("d", 7), ("a", 8)]

    folded = str(Timeline(TimelineLine(at, text) for text, at in lines))

    assert folded.splitlines() == [
        "      0.0 s  a",
        "      1.0 s  b",
        "             … 3 times, until 3.0 s",
        "      4.0 s  c",
        "      5.0 s  d",
        "             … 2 lines 2 times, until 7.0 s",
        "      8.0 s  a",
    ]
