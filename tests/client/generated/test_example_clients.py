"""A client that is generated from an example's document submits, waits, saves and cancels by its lifecycle."""

from pathlib import Path

import httpx
import pytest
from tests.client.generated.conftest import Connect, ExampleApi

from safelight import ApiError, InvalidWebhookError, JobCancelledError, JobFailedError, State
from safelight_mock import ClockMode, TwinTransport

pytestmark = pytest.mark.slow


def test_replicate_gives_a_value_and_is_read_and_cancelled_at_the_urls_that_it_gives(connect: Connect) -> None:
    replicate = connect("replicate")
    body = replicate.models.VersionPredictionRequest.from_dict({"version": "v1", "input": {"prompt": "Rain"}})

    job = replicate.jobs.submit("predictions.create", body=body)
    output = job.wait().result()
    other = replicate.jobs.submit("predictions.create", body=body)
    other.cancel()

    assert output == job.status().details["output"]
    assert job.origin.values == {
        "$response.body#/urls/get": f"https://api.replicate.com/v1/predictions/{job.id}",
        "$response.body#/urls/cancel": f"https://api.replicate.com/v1/predictions/{job.id}/cancel",
    }
    with pytest.raises(JobCancelledError, match=f"job {other.id} ended as canceled"):
        other.wait()
    assert replicate.jobs.jobs(lifecycle="prediction") == [other, job]


def test_replicate_holds_a_submission_that_asks_for_it(connect: Connect) -> None:
    replicate = connect("replicate")

    job = replicate.jobs.submit(
        "predictions.create", body={"version": "v1", "input": {}}, prefer="wait", cancel_after="5m"
    )

    assert job.last_status is not None
    assert job.last_status.state is State.SUCCEEDED


def test_the_secret_of_replicates_webhooks_is_requested_and_they_lead_to_their_job(connect: Connect) -> None:
    replicate = connect("replicate")
    inbox = Inbox(replicate, "https://api.replicate.com")
    body = {"version": "v1", "input": {}, "webhook": inbox.url, "webhook_events_filter": ["completed"]}

    job = replicate.jobs.submit("predictions.create", body=body).wait()
    (headers, content), *_ = inbox.received()
    event = replicate.jobs.webhook(content, headers, lifecycle="prediction")

    assert (event.job, event.state, event.id) == (job, State.SUCCEEDED, headers["webhook-id"])
    with pytest.raises(InvalidWebhookError):
        replicate.jobs.webhook(content.replace(b"succeeded", b"failed"), headers, lifecycle="prediction")


def test_a_video_of_openai_is_the_bytes_of_an_operation_and_so_is_its_thumbnail(
    connect: Connect, tmp_path: Path
) -> None:
    openai = connect("openai")

    job = openai.functions.create_video(openai.jobs, body=openai.models.CreateVideo(prompt="Rain")).wait()

    assert job.save(tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    assert job.save(tmp_path / "a.webp", result="thumbnail").read_bytes()[8:12] == b"WEBP"
    job.delete()
    with pytest.raises(ApiError, match="404"):
        job.status()


def test_a_batch_of_openai_gives_a_file_and_is_cancelled_by_way_of_cancelling(
    connect: Connect, tmp_path: Path
) -> None:
    openai = connect("openai")
    body = {"input_file_id": "file-1", "endpoint": "/v1/responses", "completion_window": "24h"}

    job = openai.jobs.submit("createBatch", body=body).wait()
    other = openai.jobs.submit("createBatch", body=body)
    other.cancel()

    assert job.save(tmp_path / "a.jsonl").stat().st_size
    assert str(job.result()).startswith("file")
    with pytest.raises(JobCancelledError, match="ended as cancelled"):
        other.wait()


def test_a_fine_tuning_job_is_paused_and_resumed(connect: Connect) -> None:
    openai = connect("openai")
    job = openai.jobs.submit("createFineTuningJob", body={"model": "gpt-4o", "training_file": "file-1"})
    while job.status().vendor_state != "running":
        pass

    job.move("paused")
    paused = job.status()
    job.move("queued")

    assert (paused.state, paused.vendor_state) == (State.QUEUED, "paused")
    assert job.wait().result()


def test_a_job_of_openai_is_found_by_its_nonce(connect: Connect) -> None:
    lost: list[httpx.Request] = []

    def lose_first(request: httpx.Request, respond: httpx.BaseTransport) -> httpx.Response:
        response = respond.handle_request(request)
        if request.method == "POST" and not lost:
            lost.append(request)
            raise httpx.ReadTimeout("the response is lost", request=request)
        return response

    openai = connect("openai", between=lose_first)

    job = openai.jobs.submit("createFineTuningJob", body={"model": "gpt-4o", "training_file": "file-1"})

    assert openai.jobs.jobs(lifecycle="fine_tuning") == [job]


def test_runway_gives_several_videos_and_one_operation_cancels_and_deletes(
    connect: Connect, tmp_path: Path
) -> None:
    runway = connect("runway")
    body = runway.models.PostV1ImageToVideoGen4Turbo.from_dict(
        {"model": "gen4_turbo", "promptImage": "https://example.com/a.png", "ratio": "1280:720", "duration": 5}
    )

    job = runway.jobs.submit("POST /v1/image_to_video", body=body).wait()
    other = runway.jobs.submit("POST /v1/image_to_video", body=body)
    other.cancel()

    assert [path.suffix for path in job.save_all(tmp_path)] == [".mp4"]
    job.delete()
    with pytest.raises(ApiError, match="404"):
        job.status()
    with pytest.raises(JobCancelledError):
        other.wait()


def test_assemblyai_gives_a_text_and_other_forms_of_it(connect: Connect, tmp_path: Path) -> None:
    assemblyai = connect("assemblyai")
    body = assemblyai.models.TranscriptParams.from_dict({"audio_url": "https://example.com/talk.mp3"})

    job = assemblyai.jobs.submit("createTranscript", body=body).wait()

    assert job.save(tmp_path / "talk.txt").read_text() == job.result()
    assert isinstance(job.result("sentences"), list)
    assert "-->" in job.save(tmp_path / "talk.srt", result="srt").read_text()
    job.move("purged")
    assert job.status().details["text"] is None


def test_a_generation_of_luma_is_a_video_or_an_image(connect: Connect, tmp_path: Path) -> None:
    luma = connect("luma")
    body = luma.models.GenerationRequest.from_dict({"model": "ray-2", "prompt": "Rain"})

    video = luma.jobs.submit("createGeneration", body=body).wait()
    image = luma.jobs.submit("generateImage", body={"model": "photon-1", "prompt": "Rain"}).wait()

    assert video.save(tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    assert image.save(tmp_path / "a.jpg").read_bytes().startswith(b"\xff\xd8")


def test_an_unsigned_webhook_of_luma_says_so(connect: Connect) -> None:
    luma = connect("luma")
    inbox = Inbox(luma, "https://api.lumalabs.ai")
    body = {"model": "ray-2", "prompt": "Rain", "callback_url": inbox.url}

    job = luma.jobs.submit("createGeneration", body=body).wait()
    events = [luma.jobs.webhook(content, headers) for headers, content in inbox.received()]

    assert [(event.job, event.state, event.is_signed) for event in events] == [
        (job, State.RUNNING, False),
        (job, State.SUCCEEDED, False),
    ]


def test_azure_has_the_id_in_a_header_and_further_parameters(connect: Connect, tmp_path: Path) -> None:
    azure = connect("azure-document-intelligence")

    job = azure.functions.document_models_analyze_document(
        azure.jobs,
        "prebuilt-read",
        api_version="2024-11-30",
        output=[azure.models.DocumentModelsAnalyzeDocumentOutputItem.PDF],
        body=azure.models.AnalyzeDocumentRequest(url_source="https://example.com/a.pdf"),
    ).wait()
    parameters = {"modelId": "prebuilt-read", "api-version": "2024-11-30"}
    again = azure.jobs.job(job.id, lifecycle="analysis", parameters=parameters)

    assert again.result() == job.result()
    assert again.save(tmp_path / "a.pdf", result="pdf").read_bytes().startswith(b"%PDF")
    again.delete()
    with pytest.raises(ApiError, match="404: Resource not found|404"):
        job.status()


def test_fal_is_followed_and_signs_with_a_key_before_which_a_word_stands(
    connect: Connect, tmp_path: Path
) -> None:
    fal = connect("fal", key_prefix="Key ")

    job = fal.jobs.submit("submit", body={"prompt": "Rain"}).wait()

    assert [path.suffix for path in job.save_all(tmp_path)] == [".jpg"]
    assert {*job.origin.values} == {
        f"$response.body#/{name}" for name in ("status_url", "cancel_url", "response_url")
    }


def test_the_public_keys_of_fals_webhooks_are_requested(connect: Connect) -> None:
    fal = connect("fal", key_prefix="Key ")
    inbox = Inbox(fal, "https://queue.fal.run")

    job = fal.jobs.submit("submit", body={"prompt": "Rain"}, fal_webhook=inbox.url).wait()
    ((headers, content),) = inbox.received()
    event = fal.jobs.webhook(content, headers, lifecycle="request")

    assert (event.job, event.state, event.is_signed) == (job, State.SUCCEEDED, True)
    with pytest.raises(InvalidWebhookError, match="its signature is not one of this secret and body"):
        fal.jobs.webhook(content + b" ", headers, lifecycle="request")


def test_an_instance_of_fal_has_the_key_of_the_caller(connect: Connect) -> None:
    fal = connect("fal", base_url="https://api.fal.ai/v1", key_prefix="Key ")
    body = fal.models.CreateComputeInstanceBody.from_dict(
        {"instance_type": "gpu_8x_h100_sxm5", "ssh_key": "ssh-ed25519 AAAA"}
    )

    jobs = [
        fal.functions.create_compute_instance(fal.jobs, body=body, idempotency_key=key)
        for key in ("one", "one", "two")
    ]

    assert jobs[0] == jobs[1] != jobs[2]
    assert jobs[0].wait().result()


def test_a_failed_job_and_a_wrong_key_are_errors_with_the_services_words(connect: Connect) -> None:
    replicate = connect("replicate", clock=ClockMode.MANUAL)
    job = replicate.jobs.submit("predictions.create", body={"version": "v1", "input": {}})

    with httpx.Client(transport=TwinTransport(replicate.twin)) as control:
        url = f"https://api.replicate.com/_safelight/jobs/{job.id}/move"
        assert control.post(url, json={"to": "failed"}).is_success

    with pytest.raises(JobFailedError, match=f"job {job.id} ended as failed: "):
        job.wait()
    with pytest.raises(ApiError, match="401"):
        connect("replicate", api_key="invalid-1").jobs.jobs(lifecycle="prediction")


class Inbox:
    """An inbox of the mock server, at the host of the API."""

    def __init__(self, api: ExampleApi, origin: str) -> None:
        self._api, self._origin = api, origin
        self.url = f"{origin}/_safelight/inbox/test"

    def received(self) -> list[tuple[dict[str, str], bytes]]:
        """Return headers and body of each webhook."""
        with httpx.Client(transport=TwinTransport(self._api.twin)) as client:
            messages = client.get(self.url).json()["messages"]
        return [(dict(one["headers"]), str(one["body"]).encode()) for one in messages]
