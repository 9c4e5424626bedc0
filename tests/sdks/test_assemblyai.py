"""AssemblyAI's SDK against the example `assemblyai`."""

import json

import pytest
from tests.sdks.conftest import Run, Start

pytestmark = [pytest.mark.sdks, pytest.mark.slow]


@pytest.fixture(scope="module")
def run(start: Start) -> Run:
    return start("assemblyai", "assemblyai_sdk.py", base=lambda server: server.url("assemblyai"))


def test_a_file_is_uploaded_and_transcribed(run: Run) -> None:
    transcript = run.seen["transcript"]

    assert transcript["status"] == "completed"
    assert transcript["text"]
    assert transcript["words"]
    assert {"uploadFile", "createTranscript", "getTranscript"} <= run.operations()


def test_captions_and_sentences_are_operations_of_their_own(run: Run) -> None:
    srt, vtt = run.seen["captions"]

    assert "-->" in srt
    assert vtt.startswith("WEBVTT")
    assert all(run.seen["sentences"])
    assert run.seen["sentences"] != []


def test_redacted_audio_is_saved(run: Run) -> None:
    status, address = run.seen["redacted"]

    assert status == "completed"
    assert address.startswith(("http://127.0.0.1:", "https://api.assemblyai.com/"))
    assert (run.folder / "redacted.mp3").stat().st_size > 0


def test_a_failed_transcript_says_why(run: Run) -> None:
    status, error, text = run.seen["failed"]

    assert (status, text) == ("error", None)
    assert error


def test_results_of_a_live_transcript_are_refused(run: Run) -> None:
    assert run.seen["early"][0] == 400


def test_an_unknown_transcript_and_a_wrong_key_are_refused(run: Run) -> None:
    assert (run.seen["unknown"][0], run.seen["refused"][0]) == (404, 401)


def test_transcripts_are_listed_page_by_page_and_by_status(run: Run) -> None:
    assert [one for page in run.seen["listed"] for one in page] == run.seen["submitted"]
    assert run.seen["completed"] == run.seen["done"]


def test_a_deleted_transcript_has_lost_its_text(run: Run) -> None:
    _, status, text = run.seen["deleted"]

    assert (status, text) == ("completed", None)


def test_the_webhook_has_the_header_that_was_asked_for(run: Run) -> None:
    webhook = run.seen["webhook"]

    assert webhook["header"] == "between us"
    assert json.loads(webhook["body"]) == {"transcript_id": webhook["id"], "status": "completed"}
    assert [one["vendor_state"] for one in run.deliveries] == ["completed"]
