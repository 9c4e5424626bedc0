"""What is written of a session that is given as values: rules, and rows of observations."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.mockserver.recording.sessions import service_of

from safelight_mock.adapters.record.recorder import Recorder
from safelight_mock.core.scenario import Role
from safelight_mock.core.transfer_faults import Reset, TransferFault
from safelight_mock.recording.exchange import Body, Exchange, ReceivedDelivery
from safelight_mock.recording.jobs import job_node
from safelight_mock.recording.observations import observations, page
from safelight_mock.recording.session import BODY
from safelight_mock.recording.templates import Files, Template
from safelight_mock.scenarios.files import load_scenario

BEGUN = 1_800_000_000.0


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    with closing(Recorder(service_of("topaz")[0], "https://api.example/image/v1", tmp_path)) as opened:
        yield opened


def submission(at: float = 0, job: str = "one", **rest: Any) -> Exchange:  # noqa: ANN401 - fields
    fields = {"status": 200, "body": Body(has_json=True, json={"process_id": job}), "job": job, **rest}
    return Exchange(operation="postEnhanceAsync", role=Role.SUBMIT, begun=BEGUN + at, at=BEGUN + at, **fields)


def poll(at: float, word: str = "Pending", job: str = "one", **rest: Any) -> Exchange:  # noqa: ANN401 - fields
    fields = {"status": 200, "body": Body(has_json=True, json={"status": word}), "job": job, **rest}
    return Exchange(operation="getStatus", role=Role.READ, begun=BEGUN + at, at=BEGUN + at, **fields)


def rules(recorder: Recorder, *exchanges: Exchange) -> list[Any]:
    for one in exchanges:
        recorder.session.note(one)
    recorder.write()
    return [*load_scenario(recorder.folder.scenario).rules]


def test_a_submission_whose_response_was_lost_has_submitted_the_job_that_nobody_else_has(
    recorder: Recorder,
) -> None:
    lost = submission(status=0, body=Body(), job="", transfer=TransferFault(reset=Reset.BEFORE))
    first, second = rules(recorder, lost, poll(5, "Processing", "stray"), submission(6, "two"))

    assert [rule.match.jobs.first for rule in (first, second)] == [1, 2]
    assert (first.transfer, first.is_accepted) == (TransferFault(reset=Reset.BEFORE), True)
    assert [stay.to for stay in first.job.recorded.stays] == ["Pending", "Processing"]


def test_a_submission_of_unknown_fate_was_not_carried_out(recorder: Recorder) -> None:
    lost = submission(status=0, body=Body(), job="", transfer=TransferFault(reset=Reset.BEFORE))
    first, second = rules(recorder, lost, submission(6, "two"))

    assert (first.is_accepted, first.match.calls.first) == (False, 1)
    assert (second.name, second.match.jobs.first) == ("job-1", 1)


def test_what_was_refused_in_a_state_is_refused_in_all_of_it_and_what_failed_fails_once(
    recorder: Recorder,
) -> None:
    refused = Exchange(
        operation="getDownloadOutput", role=Role.RESULT, begun=BEGUN + 3, at=BEGUN + 3, job="one", status=409
    )
    busy = poll(4, status=503)
    seen = [submission(), poll(1), refused, busy, poll(6, "Processing"), poll(8, "Completed")]

    early, later, _ = rules(recorder, *seen)

    assert (early.match.after, early.match.until, early.times, early.response.status) == (0, 5, 1, 409)
    assert (later.match.after, later.match.until, later.times, later.response.status) == (4, None, 1, 503)


def test_a_job_keeps_the_state_that_it_had_when_the_client_cancelled_it(recorder: Recorder) -> None:
    cancelled = Exchange(
        operation="cancelTask",
        role=Role.CANCEL,
        begun=BEGUN + 3,
        at=BEGUN + 3,
        job="one",
        status=204,
        body=Body(text=""),
    )
    (rule,) = rules(recorder, submission(), poll(2, "Processing"), cancelled, poll(4, "Cancelled"))

    stays = [(stay.to, stay.lasts) for stay in rule.job.recorded.stays]
    assert stays == [("Pending", 1.0), ("Processing", None)]
    assert [one.operation for one in rule.job.recorded.responses] == [
        "postEnhanceAsync",
        "getStatus",
        "cancelTask",
        "getStatus",
    ]


def test_requests_without_a_job_are_answered_in_their_order_and_then_like_the_last_one(
    recorder: Recorder,
) -> None:
    balances = [
        Exchange(
            operation="getCreditBalance", role=Role.OTHER, begun=BEGUN, at=BEGUN, status=200,
            body=Body(has_json=True, json={"available": left}),
        )
        for left in (5, 5, 4)
    ]  # fmt: skip

    first, last = rules(recorder, *balances)

    assert (first.match.calls.first, first.match.calls.last, first.response.json) == (1, 2, {"available": 5})
    assert (last.match.calls.first, last.match.calls.last, last.is_accepted) == (3, None, False)


def test_times_are_those_of_the_clock_of_the_service(recorder: Recorder) -> None:
    """A service whose clock is years behind has times that are placeholders all the same."""
    headers = {"date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    body = Body(has_json=True, json={"process_id": "one", "eta": 1_767_225_660})

    (rule,) = rules(recorder, submission(headers=headers, body=body))

    assert rule.job.recorded.responses[0].json == {"process_id": "${job}", "eta": "${unix 60}"}


def test_headers_with_secret_names_are_left_to_the_mock_server(recorder: Recorder) -> None:
    headers = {"x-upload-token": "t-77", "x-tokens-left": "30", "x-own": "1", "x-other": "2"}
    described = frozenset({"x-upload-token", "x-tokens-left", "x-own"})
    session = recorder.session
    session.note(submission(headers=headers))
    (job,) = session.jobs()
    template = Template(session.links, session.secrets, job.id, job.submitted_there, Files())

    node = job_node(job, template, lambda *_: described)

    assert node["responses"][0]["headers"] == {"x-own": "1", "x-tokens-left": "30"}


def test_a_body_that_is_too_long_is_left_to_the_mock_server(recorder: Recorder) -> None:
    long = Body(has_json=True, json={"status": "Pending"}, size=BODY + 1)

    (rule,) = rules(recorder, submission(), poll(1, body=long), poll(2))

    assert [one.operation for one in rule.job.recorded.responses] == ["postEnhanceAsync", "getStatus"]
    assert recorder.session.exchanges[1].body == Body()


def test_observations_are_rows_for_a_table(recorder: Recorder) -> None:
    session = recorder.session
    for one in (
        submission(hook="h"),
        poll(2),
        poll(6, "Processing", headers={"retry-after": "3"}),
        poll(8, "Completed"),
    ):
        session.note(one)
    session.note(submission(9, "two", hook="none"))
    session.note_delivery(
        ReceivedDelivery(
            at=BEGUN + 8, hook="h", body={"status": "Completed"}, headers=frozenset({"x-signature"})
        )
    )
    session.find(["the field a|b is not described"] * 2, "getStatus")

    text = page(observations(session, session.jobs()))

    assert text.splitlines()[4:] == [
        "| the field a\\|b is not described (2 times) | getStatus | observed |",
        "| webhooks have x-signature | postEnhanceAsync | observed |",
        "| the end of job 2 was not seen | getStatus | observed |",
        "| no webhook came of job 2 | postEnhanceAsync | observed |",
        "| 'Pending' lasts 4 s; the lifecycle has no duration | postEnhanceAsync | observed |",
        "| 'Processing' lasts 3 s; the lifecycle has no duration | postEnhanceAsync | observed |",
        "| status 200 has a Retry-After | getStatus | observed |",
    ]
    assert "Nothing differs" in page([])
