"""OpenAI's SDK against the example `openai`: videos, batches, fine-tuning, background responses, files."""

from typing import Any

import pytest
from tests.sdks.conftest import Run, Start

pytestmark = [pytest.mark.sdks, pytest.mark.slow]


@pytest.fixture(scope="module")
def run(start: Start) -> Run:
    return start("openai", "openai_sdk.py", base=lambda server: server.url("openai"))


@pytest.fixture(scope="module")
def videos(run: Run) -> dict[str, Any]:
    videos: dict[str, Any] = run.seen["videos"]
    return videos


@pytest.fixture(scope="module")
def batches(run: Run) -> dict[str, Any]:
    batches: dict[str, Any] = run.seen["batches"]
    return batches


@pytest.fixture(scope="module")
def tuning(run: Run) -> dict[str, Any]:
    tuning: dict[str, Any] = run.seen["fine_tuning"]
    return tuning


def test_create_and_poll_returns_a_completed_video(videos: dict[str, Any]) -> None:
    video = videos["video"]

    assert (video["status"], video["progress"], video["error"]) == ("completed", 100, None)
    assert (video["prompt"], video["seconds"], video["size"]) == ("A lighthouse at dawn", "4", "720x1280")
    assert video["completed_at"] > video["created_at"]


def test_the_bytes_of_a_video_and_of_its_thumbnail_are_downloaded(run: Run) -> None:
    video = (run.folder / "video.mp4").read_bytes()
    thumbnail = (run.folder / "thumbnail.webp").read_bytes()

    assert video[4:8] == b"ftyp"
    assert (thumbnail[:4], thumbnail[8:12]) == (b"RIFF", b"WEBP")


def test_a_video_that_is_not_ready_has_no_bytes(videos: dict[str, Any]) -> None:
    assert videos["early"][:2] == ["NotFoundError", 404]


def test_a_remix_names_its_video(videos: dict[str, Any]) -> None:
    assert videos["remixed_from"] == videos["video"]["id"]


def test_a_failed_video_says_why(videos: dict[str, Any]) -> None:
    assert videos["failed"]["status"] == "failed"
    assert videos["failed"]["error"]["message"]


def test_videos_are_listed_page_by_page(videos: dict[str, Any]) -> None:
    assert videos["listed"] == videos["submitted"]


def test_a_deleted_video_is_not_found(videos: dict[str, Any]) -> None:
    assert videos["deleted"] == {"id": videos["submitted"][1], "deleted": True, "object": "video.deleted"}
    assert videos["after"][:2] == ["NotFoundError", 404]


def test_a_batch_runs_to_its_output_file(batches: dict[str, Any]) -> None:
    batch = batches["batch"]

    assert batches["seen"] == ["validating", "in_progress", "finalizing", "completed"]
    assert (batch["endpoint"], batch["metadata"]) == ("/v1/responses", {"nonce": "n-1"})
    assert batch["id"] in batches["output"]
    assert batches["output_file"]["id"] == batch["output_file_id"]


def test_a_batch_is_cancelling_before_it_is_cancelled(batches: dict[str, Any]) -> None:
    cancelling_at, cancelled_at = batches["cancelled_at"]

    assert batches["cancelled"] == ["cancelling", "cancelled"]
    assert cancelled_at >= cancelling_at


def test_a_failed_batch_says_why(batches: dict[str, Any]) -> None:
    status, errors = batches["failed"]

    assert status == "failed"
    assert errors["data"][0]["message"]


def test_batches_are_listed_page_by_page(batches: dict[str, Any]) -> None:
    assert batches["listed"] == batches["submitted"]


def test_files_are_uploaded_read_listed_and_deleted(batches: dict[str, Any]) -> None:
    name, size, status, text = batches["file"]

    assert (name, status) == ("requests.jsonl", "processed")
    assert (size, "custom_id" in text) == (len(text), True)
    assert len(batches["files"]) == 1
    assert batches["deleted"][:3] == [True, "NotFoundError", 404]


def test_a_fine_tuning_job_gives_a_model_and_metrics(tuning: dict[str, Any]) -> None:
    job = tuning["job"]

    assert tuning["seen"] == ["validating_files", "queued", "running", "succeeded"]
    assert job["fine_tuned_model"].startswith("ft:")
    assert job["finished_at"] > job["created_at"]
    assert all(tuning["metrics"])
    assert tuning["metrics"] != []


def test_a_fine_tuning_job_is_paused_resumed_and_cancelled(tuning: dict[str, Any]) -> None:
    assert tuning["paused"] == ["paused", "paused", "succeeded"]
    assert tuning["cancelled"] == "cancelled"


def test_a_failed_fine_tuning_job_says_why(tuning: dict[str, Any]) -> None:
    status, message = tuning["failed"]

    assert status == "failed"
    assert message


def test_fine_tuning_jobs_are_listed_page_by_page(tuning: dict[str, Any]) -> None:
    assert tuning["listed"] == tuning["submitted"]


def test_responses_are_made_at_once_or_in_the_background(run: Run) -> None:
    responses = run.seen["responses"]

    assert responses["at_once"] == ["completed", "Good morning!"]
    assert responses["seen"] == ["queued", "in_progress", "completed"]
    assert (responses["text"], responses["cancelled"]) == ("Good morning!", "cancelled")


def test_the_webhook_is_signed_so_that_the_sdk_unwraps_it(run: Run) -> None:
    webhook = run.seen["webhooks"]

    assert webhook["class"] == "BatchCompletedWebhookEvent"
    assert webhook["event"]["type"] == "batch.completed"
    assert webhook["event"]["data"] == {"id": webhook["batch"]}
    assert [one["vendor_state"] for one in run.deliveries] == ["completed"]


def test_unknown_jobs_wrong_keys_and_bad_bodies_are_refused(run: Run) -> None:
    assert run.seen["unknown"][:2] == ["NotFoundError", 404]
    assert run.seen["refused"][:2] == ["AuthenticationError", 401]
    assert run.seen["invalid"][:2] == ["BadRequestError", 400]
