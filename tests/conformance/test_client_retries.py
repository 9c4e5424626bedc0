"""A generated client finds or repeats submissions whose response is late or lost."""

import pytest
from tests.conformance.client import Play

from safelight import (
    ApiError,
    UnknownOutcomeError,
)

pytestmark = pytest.mark.slow


def test_a_job_whose_submission_was_held_to_its_end_is_not_polled(play: Play) -> None:
    with play("limits: a submission is held as long as a header asks") as case:
        job = case.jobs.submit("createJob", body={}, prefer="wait").wait()

        assert job.last_status is not None
        assert job.last_status.vendor_state == "done"
        assert case.network.lines == ["POST /jobs"]


def test_a_held_submission_may_take_longer_than_other_requests(play: Play) -> None:
    with play("limits: a submission is held as long as a header asks") as case:
        case.jobs.submit("createJob", body={}, prefer="wait=30")
        case.jobs.submit("createJob", body={})

        held, other = (one.extensions["timeout"]["read"] for one in case.network.sent)
        assert (held, other) == (90, 60)


def test_a_submission_whose_response_is_lost_is_sent_again_with_the_same_key(play: Play) -> None:
    with play("limits: another request with the same key gets the same response") as case:
        case.network.lost = 2

        job = case.create(prompt="Rain")

        keys = [one.headers["idempotency-key"] for one in case.network.sent]
        assert (len(keys), len({*keys}), case.rests) == (3, 1, [0.25, 0.375])
        assert job.status().vendor_state == "waiting"


def test_a_key_of_the_caller_gives_the_same_job_again(play: Play) -> None:
    with play("limits: another request with the same key gets the same response") as case:
        jobs = [case.jobs.submit("createJob", body={"prompt": "Rain"}, idempotency_key="17") for _ in "ab"]

        assert jobs[0] == jobs[1]
        with pytest.raises(ApiError, match="409"):
            case.jobs.submit("createJob", body={"prompt": "Sun"}, idempotency_key="17")


def test_an_unknown_outcome_says_with_which_key_to_send_it_again(play: Play) -> None:
    with play("limits: another request with the same key gets the same response") as case:
        case.network.lost = 9

        with pytest.raises(UnknownOutcomeError, match="only with idempotency_key='17'"):
            case.jobs.submit("createJob", body={}, idempotency_key="17")

        assert len(case.network.sent) == 4


def test_a_service_that_takes_no_key_is_not_sent_one(play: Play) -> None:
    with (
        play("read: progress reaches 100 where nothing else is said") as case,
        pytest.raises(ValueError, match="no idem"),
    ):
        case.jobs.submit("createJob", body={}, idempotency_key="17")


def test_a_job_whose_response_is_lost_is_found_in_the_list_by_its_nonce(play: Play) -> None:
    with play("limits: responses show what a client wrote into the field that is free for it") as case:
        other = case.create()
        case.network.lost = 1

        job = case.create(prompt="Rain")

        assert job.id != other.id
        assert case.network.lines[1:] == ["POST /jobs", "GET /jobs"]
        assert len(case.jobs.jobs()) == 2


def test_a_submission_that_did_not_arrive_is_not_sent_again(play: Play) -> None:
    with play("limits: responses show what a client wrote into the field that is free for it") as case:
        case.network.lost = 9

        with pytest.raises(UnknownOutcomeError, match=r"look for the job in jobs\(\), with 'n-17' at"):
            case.create(note="n-17")

        assert [line for line in case.network.lines if line.startswith("POST")] == ["POST /jobs"]
