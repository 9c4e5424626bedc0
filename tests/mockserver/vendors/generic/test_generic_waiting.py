"""Submissions that are held until their job is over, and those that respond with its result."""

import pytest
from tests.mockserver.vendors.generic.examples import serving


def test_a_submission_is_held_as_long_as_a_header_asks_for() -> None:
    with serving("replicate") as api:
        body = {"version": "a/b", "input": {}}

        held = api.post("/v1/predictions", body, headers={"Prefer": "wait"})
        short = api.post("/v1/predictions", body, headers={"Prefer": "wait=1"})
        plain = api.post("/v1/predictions", body)

    assert (held.json()["status"], held.json()["output"]) == ("succeeded", "Hello Ada")
    assert (short.status_code, short.json()["status"]) == (202, "processing")
    assert (held.status_code, plain.status_code) == (201, 201)
    assert plain.json()["status"] == "starting"


@pytest.mark.parametrize(("sync", "state"), [(True, "completed"), (False, "queued")])
def test_a_submission_is_held_if_a_field_asks_for_it(sync: bool, state: str) -> None:  # noqa: FBT001
    with serving("luma") as api:
        made = api.post("/dream-machine/v1/generations/image", {"model": "photon-1", "sync": sync}).json()

    assert made["state"] == state
    assert bool(made.get("assets")) == sync


def test_a_request_that_does_not_ask_for_a_job_gets_its_result() -> None:
    with serving("deepgram") as api:
        transcript = api.post("/v1/listen", {"url": "https://example.com/a.mp3"}).json()
        accepted = api.post("/v1/listen?callback=https://example.com/", {"url": "https://example.com/a.mp3"})

    assert transcript["results"]["channels"]
    assert set(accepted.json()) == {"request_id"}


def test_a_response_that_was_not_asked_for_in_the_background_is_complete() -> None:
    with serving("openai") as api:
        now = api.post("/v1/responses", {"model": "gpt-5", "input": "Hi"}).json()
        later = api.post("/v1/responses", {"model": "gpt-5", "input": "Hi", "background": True}).json()

    assert (now["status"], bool(now["output"])) == ("completed", True)
    assert (later["status"], later["output"]) == ("queued", [])
