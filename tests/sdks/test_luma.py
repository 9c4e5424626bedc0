"""Luma's SDK against the example `luma`."""

import pytest
from tests.sdks.conftest import Run, Start

pytestmark = [pytest.mark.sdks, pytest.mark.slow]


@pytest.fixture(scope="module")
def run(start: Start) -> Run:
    return start("luma", "luma_sdk.py", base=lambda server: server.url("luma"))


def test_a_video_is_polled_to_its_bytes(run: Run) -> None:
    video = run.seen["video"]

    assert run.seen["seen"] == ["queued", "dreaming", "completed"]
    assert (video["model"], video["request"]["prompt"]) == ("ray-2", "A lighthouse at dawn")
    assert (run.folder / "video.mp4").read_bytes()[4:8] == b"ftyp"


def test_an_image_is_polled_to_its_bytes(run: Run) -> None:
    assert run.seen["image"]["assets"]["video"] is None
    assert (run.folder / "image").read_bytes().startswith(b"\x89PNG")


def test_an_image_is_waited_for_by_the_request(run: Run) -> None:
    assert run.seen["at_once"]["state"] == "completed"
    assert run.seen["at_once"]["assets"]["image"]


def test_a_generation_is_made_from_another_one(run: Run) -> None:
    assert run.seen["upscaled"] == ["completed", True]
    assert run.seen["orphan"][:2] == ["NotFoundError", 404]


def test_a_failed_generation_says_why(run: Run) -> None:
    state, reason, video = run.seen["failed"]

    assert (state, video) == ("failed", None)
    assert reason


def test_generations_are_listed_page_by_page(run: Run) -> None:
    first, rest = run.seen["listed"]

    assert first + rest == run.seen["submitted"]
    assert run.seen["more"] == [True, False]


def test_a_deleted_generation_and_a_wrong_key_are_refused(run: Run) -> None:
    assert run.seen["deleted"][:2] == ["NotFoundError", 404]
    assert run.seen["refused"][:2] == ["AuthenticationError", 401]


def test_each_change_is_called_back(run: Run) -> None:
    assert run.seen["webhooks"] == [[True, "dreaming"], [True, "completed"]]
    assert [one["vendor_state"] for one in run.deliveries] == ["completed", "dreaming"]  # the newest first
