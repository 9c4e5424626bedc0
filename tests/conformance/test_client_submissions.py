"""A generated client submits and reads jobs as cases of the suite say."""

import httpx
import pytest
from tests.conformance.client import Play
from tests.conformance.playing import START

from safelight import (
    JobFailedError,
    State,
)

pytestmark = pytest.mark.slow


def test_a_job_is_read_at_the_url_that_the_submission_was_given(play: Play) -> None:
    with play("read: the response to the submission has the URL at which the job is read") as case:
        job = case.create()

        assert job.status().vendor_state == "waiting"
        assert str(case.network.sent[-1].url) == job.origin.values["$response.body#/links/self"]


def test_without_that_url_a_job_is_read_by_its_id(play: Play) -> None:
    with play("read: the response to the submission has the URL at which the job is read") as case:
        job = case.jobs.job(case.create().id)

        assert job.status().vendor_state == "waiting"
        assert case.network.lines[-1] == f"GET /jobs/{job.id}"


def test_a_status_has_progress_in_percent_the_expected_end_and_how_long_to_wait(play: Play) -> None:
    with play(
        "read: a response has the progress, the time of the expected end, and when to ask again"
    ) as case:
        job = case.create()
        case.advance(7)

        status = job.status()

        assert (status.progress, status.eta, status.retry_after) == (50, START + 12, 3)


def test_a_wait_polls_no_earlier_than_a_response_asks(play: Play) -> None:
    with play(
        "read: a response has the progress, the time of the expected end, and when to ask again"
    ) as case:
        case.create().wait()

        assert case.rests == [3, 3, 3, 3]


def test_the_state_is_that_of_the_status_code(play: Play) -> None:
    read = {"operation": "getJob", "by_status": {"202": ["waiting", "working"], "200": ["done"]}}
    with play("read: the status code follows the state", read=read) as case:
        job = case.create()

        states = [job.status().state]
        case.advance(13)

        assert [*states, job.status().state] == [State.QUEUED, State.SUCCEEDED]


def test_an_id_in_the_url_of_a_header_and_a_parameter_of_the_submission(play: Play) -> None:
    with play("id: an id is in the URL of a header, and operations take further parameters") as case:
        job = case.jobs.submit("createModelJob", model="m1")
        again = case.jobs.job(job.id, parameters={"model": "m1"})

        assert job.status() == again.status()
        assert case.network.lines == [
            "POST /models/m1/jobs",
            f"GET /models/m1/jobs/{job.id}",
            f"GET /models/m1/jobs/{job.id}",
        ]
        with pytest.raises(ValueError, match="getModelJob needs the parameter 'model'"):
            case.jobs.job(job.id).status()


def test_an_id_and_another_parameter_in_the_query(play: Play) -> None:
    with play("id: an id is a query parameter, and so is another one") as case:
        job = case.jobs.submit("createJob", body={}, method="v2")

        assert job.status().vendor_state == "waiting"
        assert case.network.sent[-1].url.params == httpx.QueryParams({"job": job.id, "version": "v2"})


def test_a_request_that_starts_no_job_is_not_submitted_and_its_result_is_returned(play: Play) -> None:
    with play("submit: an operation is asynchronous only if its request says so") as case:
        with pytest.raises(ValueError, match="createJob starts a job only with"):
            case.create(prompt="Rain")

        assert case.network.sent == []
        assert case.jobs.run("createJob", body={"prompt": "Rain"})
        assert case.create(prompt="Rain", background=True).status().state is State.QUEUED


def test_a_job_has_the_result_of_its_submission(play: Play) -> None:
    with play("submit: a submission has a result, times and a price of its own") as case:
        job = case.create(prompt="Rain").wait()
        copy = case.jobs.submit("copyJob", id=job.id).wait()

        text, kind = copy.status().details["text"], job.status().details["kind"]
        assert (copy.result(), job.result()) == (text, kind)


def test_a_submission_has_its_id_at_a_place_of_its_own(play: Play) -> None:
    with play("submit: a submission has its id at a place of its own") as case:
        copy = case.jobs.submit("copyJob", id=case.create(prompt="Rain").id)

        assert copy.status().vendor_state == "waiting"


def test_an_operation_that_waits_gives_the_result(play: Play) -> None:
    with play("submit: an operation waits for the end of the job that it starts") as case:
        assert case.jobs.run("createNow", body={"prompt": "Rain"})
        with pytest.raises(ValueError, match="createNow waits for the end of its job; use run"):
            case.jobs.submit("createNow", body={"prompt": "Rain"})


def test_a_failed_job_says_why(play: Play) -> None:
    with play("values: a job that failed says why") as case:
        job = case.create(prompt="Rain")
        case.move(job.id, "failed")

        with pytest.raises(JobFailedError) as raised:
            job.wait()

        assert raised.value.reason
