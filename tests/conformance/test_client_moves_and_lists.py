"""A generated client moves jobs and lists them as cases of the suite say."""

from typing import Any

import pytest
from tests.conformance.client import Play

from safelight import (
    ApiError,
    State,
    UnsupportedOperationError,
)

pytestmark = pytest.mark.slow


def test_a_job_is_cancelled_and_a_refusal_is_the_services_error(play: Play) -> None:
    with play("moves: a move is refused in states that do not allow it") as case:
        job = case.create(prompt="Rain")

        job.cancel()

        assert job.status().state is State.CANCELLED
        with pytest.raises(ApiError, match="409"):
            job.cancel()


def test_an_operation_that_would_do_another_thing_is_not_called(play: Play) -> None:
    with play("moves: the first move of an operation that the state allows is applied") as case:
        job = case.create(prompt="Rain")

        with pytest.raises(UnsupportedOperationError, match="would change it to stopped, not to deleted"):
            job.delete()
        job.cancel()
        job.delete()

        with pytest.raises(ApiError, match="404"):
            job.status()


def test_a_move_to_a_word_is_one_to_the_word_that_follows(play: Play) -> None:
    with play("states: a word follows another one by itself") as case:
        job = case.create(prompt="Rain")
        case.advance(5)

        job.cancel()
        stopping = job.status().vendor_state
        case.advance(2)

        assert (stopping, job.status().state) == ("stopping", State.CANCELLED)


def test_an_operation_for_all_jobs_is_not_called_for_one(play: Play) -> None:
    with play("moves: an operation without an id is applied to every job that allows it") as case:
        job = case.create(prompt="Rain")

        with pytest.raises(UnsupportedOperationError, match="cannot cancel jobs"):
            job.cancel()


def test_a_job_is_moved_to_a_word(play: Play) -> None:
    with play("moves: a job that is paused goes on with the word to which it is moved") as case:
        job = case.create(prompt="Rain")
        case.advance(5)

        job.move("paused")
        paused = job.status()
        job.move("waiting")

        assert (paused.vendor_state, job.wait().status().vendor_state) == ("paused", "done")
        with pytest.raises(
            UnsupportedOperationError, match="cannot change jobs to frozen; it changes them to: paused"
        ):
            job.move("frozen")


def test_a_move_is_called_at_the_url_of_the_submission(play: Play) -> None:
    with play("moves: the response to the submission has the URL of a move") as case:
        job = case.create(prompt="Rain")

        job.cancel()

        assert str(case.network.sent[-1].url) == job.origin.values["$response.body#/links/cancel"]


@pytest.mark.parametrize(
    ("case_name", "parameters"),
    [
        ("list: pages are counted from an offset", {}),
        ("list: a page follows a cursor of the server", {"limit": 2}),
        ("list: a page comes after a job", {"limit": 2}),
    ],
)
def test_the_jobs_of_all_pages_are_listed(play: Play, case_name: str, parameters: dict[str, Any]) -> None:
    with play(case_name) as case:
        created = [case.create(prompt="Rain") for _ in range(5)]

        listed = [*case.jobs.all_jobs(**parameters)]

        assert listed == created[::-1]
        assert len([line for line in case.network.lines if line.startswith("GET")]) == 3


def test_an_entry_of_the_list_is_read_as_the_job_would_be(play: Play) -> None:
    with play("list: an entry is like a part of a job that is read") as case:
        job = case.create(prompt="Rain")
        case.advance(3)

        (listed,) = case.jobs.jobs()

        assert listed == job
        assert listed.last_status is not None
        assert listed.last_status.vendor_state == "working"


def test_a_parameter_selects_jobs(play: Play) -> None:
    with play("list: a parameter selects jobs by their word") as case:
        case.create(prompt="Rain")
        case.advance(5)
        second = case.create(prompt="Rain")

        assert case.jobs.jobs(status="waiting") == [second]
