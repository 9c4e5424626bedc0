"""Runway's SDK against the example `runway`."""

import pytest
from tests.sdks.conftest import Run, Start

pytestmark = [pytest.mark.sdks, pytest.mark.slow]


@pytest.fixture(scope="module")
def run(start: Start) -> Run:
    return start("runway", "runway_sdk.py", base=lambda server: server.url("runway"))


def test_tasks_are_waited_for_until_their_output(run: Run) -> None:
    video, image = run.seen["tasks"]

    assert [video["status"], image["status"]] == ["SUCCEEDED", "SUCCEEDED"]
    assert (run.folder / "output0").read_bytes()[4:8] == b"ftyp"
    assert (run.folder / "output1").read_bytes().startswith(b"\x89PNG")
    assert [video["cost"]["credits"], image["cost"]["credits"]] == [25, 5]


def test_a_failed_task_raises_with_its_reason(run: Run) -> None:
    assert run.seen["failed"]["status"] == "FAILED"
    assert run.seen["failed"]["failure"]


def test_a_cancelled_task_raises(run: Run) -> None:
    assert run.seen["cancelled"]["status"] == "CANCELLED"


def test_an_upload_is_the_input_of_a_task(run: Run) -> None:
    assert run.seen["upload"].startswith("runway://")
    assert run.seen["finished"]["status"] == "SUCCEEDED"


def test_a_deleted_task_is_not_found(run: Run) -> None:
    assert run.seen["deleted"][:2] == ["NotFoundError", 404]


def test_wrong_keys_and_bad_bodies_are_refused(run: Run) -> None:
    assert run.seen["refused"][:2] == ["AuthenticationError", 401]
    assert run.seen["invalid"][:2] == ["BadRequestError", 400]
