"""Scenarios of the library that go wrong while a job is polled: a naive client, and one that is right."""

import httpx
import pytest
from tests.scenarios.clients import DONE, Api, Open, patient_wait, state


def submitted(api: Api) -> str:
    return str(api.submit().json()["process_id"])


def trusting_wait(api: Api, job: str) -> str:
    """Poll until the job is over; every response is taken for what it should be."""
    while (word := state(api.read(job).raise_for_status())) not in DONE:
        api.pause(1)
    return word


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        ("flaky-polls", httpx.HTTPStatusError),
        ("rate-limited-polls", httpx.HTTPStatusError),
        ("html-polls", ValueError),
        ("reset-polls", httpx.ReadError),
    ],
)
def test_a_poll_goes_wrong(opened: Open, scenario: str, error: type[Exception]) -> None:
    """A client that gives up at the first failed poll loses a job that it has paid for."""
    naive, right = opened(scenario), opened(scenario)

    with pytest.raises(error):
        trusting_wait(naive, submitted(naive))
    assert patient_wait(right, submitted(right)) == "Completed"


def test_key_revoked(opened: Open) -> None:
    """A client that keeps polling whatever the status never notices that its key was revoked."""

    def naive(api: Api, job: str) -> None:
        while api.read(job).json().get("status") not in DONE:
            api.pause(0.1)

    api, careful = opened("key-revoked", clock="manual"), opened("key-revoked", clock="manual")

    with pytest.raises(RecursionError):
        naive(api, submitted(api))
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        patient_wait(careful, submitted(careful), 0.1)


def waiting_for_success(api: Api, job: str) -> None:
    """Poll until the job has succeeded."""
    while state(api.read(job)) != "Completed":
        api.pause(5)


def waiting_for_the_end(api: Api, job: str, deadline: float = 300) -> str:
    """Poll until the job is over, in whichever state, or the deadline has passed."""
    while (word := state(api.read(job).raise_for_status())) not in DONE:
        if deadline <= 0:
            raise TimeoutError
        api.pause(5)
        deadline -= 5
    return word


@pytest.mark.parametrize(("scenario", "word"), [("failed", "Failed"), ("cancelled-by-vendor", "Cancelled")])
def test_a_job_ends_otherwise(opened: Open, scenario: str, word: str) -> None:
    """A client that waits for the success state only polls forever."""
    naive, right = opened(scenario), opened(scenario)

    with pytest.raises(RecursionError):
        waiting_for_success(naive, submitted(naive))
    assert waiting_for_the_end(right, submitted(right)) == word


def test_failed_once(opened: Open) -> None:
    """A client that does not resubmit a failed job has no result, although a second job would succeed."""

    def right(api: Api) -> str:
        for _ in range(2):
            if (word := waiting_for_the_end(api, submitted(api))) != "Failed":
                return word
        return "Failed"

    naive = opened("failed-once")

    assert waiting_for_the_end(naive, submitted(naive)) == "Failed"
    assert right(opened("failed-once")) == "Completed"


@pytest.mark.parametrize("scenario", ["stuck", "stuck-in-queue"])
def test_a_job_is_stuck(opened: Open, scenario: str) -> None:
    """A client without its own timeout waits forever."""
    naive, right = opened(scenario), opened(scenario)

    with pytest.raises(RecursionError):
        waiting_for_success(naive, submitted(naive))
    with pytest.raises(TimeoutError):
        waiting_for_the_end(right, submitted(right))


def test_slow(opened: Open) -> None:
    """A client that resubmits a job that takes longer than usual pays for each attempt."""

    def naive(api: Api) -> str:
        for _ in range(3):
            job = submitted(api)
            for _ in range(12):
                if state(api.read(job)) in DONE:
                    return job
                api.pause(5)
        raise TimeoutError

    def right(api: Api) -> str:
        return waiting_for_the_end(api, submitted(api), deadline=3_600)

    manual = opened("slow", clock="manual")
    with pytest.raises(TimeoutError):
        naive(manual)
    assert manual.paid == 3
    assert right(patient := opened("slow")) == "Completed"
    assert patient.paid == 1


def test_lost_job(opened: Open) -> None:
    """A client that takes 404 for "not there yet" polls forever."""

    def naive(api: Api, job: str) -> str:
        while (response := api.read(job)).status_code == 404 or state(response) not in DONE:
            api.pause(1)
        return state(response)

    api, careful = opened("lost-job"), opened("lost-job")

    with pytest.raises(RecursionError):
        naive(api, submitted(api))
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        waiting_for_the_end(careful, submitted(careful))


def test_progress_goes_back(opened: Open) -> None:
    """A client that takes falling progress for a restart submits the job again, and pays twice."""

    def naive(api: Api) -> None:
        job, last = submitted(api), 0
        while (body := api.read(job).json())["status"] not in DONE:
            if body["progress"] < last:
                job, last = submitted(api), 0
            last = body["progress"]
            api.pause(2)
            if api.paid > 1:
                return

    right = opened("progress-goes-back", clock="manual")

    naive(twice := opened("progress-goes-back", clock="manual"))
    assert waiting_for_the_end(right, submitted(right)) == "Completed"
    assert (twice.paid, right.paid) == (2, 1)


def test_progress_stalls(opened: Open) -> None:
    """A client that takes stalled progress for a stuck job resubmits it, and pays twice."""

    def naive(api: Api) -> None:
        job, seen = submitted(api), list[int]()
        while (body := api.read(job).json())["status"] not in DONE:
            seen.append(body["progress"])
            if len(seen) > 5 and len(set(seen[-5:])) == 1:
                submitted(api)
                return
            api.pause(5)

    right = opened("progress-stalls", clock="manual")

    naive(twice := opened("progress-stalls", clock="manual"))
    assert waiting_for_the_end(right, submitted(right)) == "Completed"
    assert (twice.paid, right.paid) == (2, 1)
