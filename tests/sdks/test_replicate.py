"""Replicate's SDK against the example `replicate`."""

import json

import pytest
from tests.sdks.conftest import Run, Served, Start

pytestmark = [pytest.mark.sdks, pytest.mark.slow]

OUTPUT = "Hello Ada"  # the example of the document


@pytest.fixture(scope="module")
def run(start: Start) -> Run:
    return start("replicate", "replicate_sdk.py", base=above_version)


def above_version(server: Served) -> str:
    """Return the base URL as this SDK takes it: its paths begin with the version."""
    return server.url("replicate").removesuffix("/v1")


def test_run_is_held_until_the_output(run: Run) -> None:
    assert run.seen["held"] == OUTPUT


def test_a_prediction_is_polled_to_its_output(run: Run) -> None:
    polled = run.seen["polled"]

    assert polled["states"] == ["starting", "processing", "succeeded"]
    assert (polled["output"], polled["input"]) == (OUTPUT, {"text": "Ada"})
    assert polled["logs"]


def test_wait_returns_at_the_end(run: Run) -> None:
    waited = run.seen["waited"]

    assert (waited["status"], waited["output"]) == ("succeeded", OUTPUT)
    assert waited["completed_at"]


def test_a_cancelled_prediction_stays_cancelled(run: Run) -> None:
    assert run.seen["cancelled"] == ["canceled", "canceled"]


def test_a_failed_prediction_raises_model_error(run: Run) -> None:
    failed = run.seen["failed"]

    assert (failed["status"], failed["output"]) == ("failed", None)
    assert failed["error"]


def test_an_unknown_prediction_and_a_wrong_key_are_refused(run: Run) -> None:
    assert (run.seen["unknown"], run.seen["refused"]) == (404, 401)


def test_predictions_are_listed_newest_first(run: Run) -> None:
    assert run.seen["listed"][:4] == run.seen["submitted"]


def test_a_training_gives_a_version_and_can_be_cancelled(run: Run) -> None:
    trained, output, stopped = run.seen["trainings"]

    assert (trained, stopped) == ("succeeded", "canceled")
    assert output["version"]


def test_files_are_uploaded_listed_and_deleted(run: Run) -> None:
    files = run.seen["files"]

    assert files["listed"] == [files["id"]]
    assert (files["name"], files["size"], files["deleted"]) == ("note.txt", 6, True)


def test_the_webhook_is_signed_so_that_the_sdk_validates_it(run: Run) -> None:
    body = json.loads(run.seen["webhook"]["body"])

    assert (body["id"], body["status"], body["output"]) == (run.seen["webhook"]["id"], "succeeded", OUTPUT)
    assert run.seen["webhook"]["forged"] == "InvalidSignatureError"
    assert [one["vendor_state"] for one in run.deliveries] == ["succeeded"]
