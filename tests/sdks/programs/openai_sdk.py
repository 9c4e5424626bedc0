"""Videos, batches, fine-tuning, background responses and webhooks by OpenAI's SDK, as its README shows."""

import json
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from harness import BASE_URL, FOLDER, KEY, error_of, force, receiver, report, set_webhook
from openai import APIStatusError, InvalidWebhookSignatureError, OpenAI
from openai.types import Batch

SECRET = "whsec_c2FmZWxpZ2h0IGV4YW1wbGUgc2VjcmV0"
POLL_MS = 10
ENDED = {"completed", "failed", "cancelled", "succeeded", "expired"}

client = OpenAI(api_key=KEY, base_url=BASE_URL, webhook_secret=SECRET, max_retries=0)


class WithStatus(Protocol):
    """What every job has."""

    id: str
    status: str | None


Job = TypeVar("Job", bound=WithStatus)


def wait(job: Job, retrieve: Callable[[str], Job]) -> tuple[Job, list[str | None]]:
    """Poll until the end, as the guides do; return the job and the words it had."""
    seen = [job.status]
    while job.status not in ENDED:
        time.sleep(POLL_MS / 1000)
        job = retrieve(job.id)
        seen.append(job.status)
    return job, seen


def status_of(call: Callable[[], object]) -> list[object]:
    """Return class and status of the error that a call raises."""
    error = error_of(call)
    assert isinstance(error, APIStatusError), error
    return [type(error).__name__, error.status_code, error.message]


def videos() -> dict[str, object]:
    """Make, poll, download, remix, list and delete videos."""
    video = client.videos.create_and_poll(
        prompt="A lighthouse at dawn",
        model="sora-2",
        seconds="4",
        size="720x1280",
        input_reference=FOLDER / "photograph.jpg",
        poll_interval_ms=POLL_MS,
    )
    client.videos.download_content(video.id).write_to_file(FOLDER / "video.mp4")
    client.videos.download_content(video.id, variant="thumbnail").write_to_file(FOLDER / "thumbnail.webp")
    remix = client.videos.remix(video.id, prompt="The same in the rain")
    early = status_of(lambda: client.videos.download_content(remix.id))
    client.videos.poll(remix.id, poll_interval_ms=POLL_MS)
    failed = client.videos.create(prompt="A lighthouse at dawn")
    force(failed.id, "failed")
    failed = client.videos.poll(failed.id, poll_interval_ms=POLL_MS)
    listed = [one.id for one in client.videos.list(limit=2)]
    deleted = client.videos.delete(remix.id)
    return {
        "video": video.model_dump(mode="json"),
        "remixed_from": remix.remixed_from_video_id,
        "early": early,
        "failed": failed.model_dump(mode="json"),
        "submitted": [failed.id, remix.id, video.id],
        "listed": listed,
        "deleted": deleted.model_dump(mode="json"),
        "after": status_of(lambda: client.videos.retrieve(remix.id)),
    }


def batches() -> dict[str, object]:
    """Run batches of a file to their output, cancel one, and let one fail."""
    requests = FOLDER / "requests.jsonl"
    request = {"custom_id": "one", "method": "POST", "url": "/v1/responses", "body": {}}
    requests.write_text(json.dumps(request))
    file = client.files.create(file=requests.open("rb"), purpose="batch")
    file = client.files.wait_for_processing(file.id, poll_interval=POLL_MS / 1000)

    def create() -> Batch:
        return client.batches.create(
            input_file_id=file.id,
            endpoint="/v1/responses",
            completion_window="24h",
            metadata={"nonce": "n-1"},
        )

    batch, seen = wait(create(), client.batches.retrieve)
    output = client.files.content(batch.output_file_id or "")
    stopping = client.batches.cancel(create().id)
    stopped, _ = wait(stopping, client.batches.retrieve)
    broken = create().id
    force(broken, "failed")
    failed = client.batches.retrieve(broken)
    content = client.files.content(file.id).text
    files = [one.id for one in client.files.list(purpose="batch")]
    deleted = client.files.delete(file.id).deleted
    return {
        "file": [file.filename, file.bytes, file.status, content],
        "batch": batch.model_dump(mode="json"),
        "seen": seen,
        "output": output.text,
        "output_file": client.files.retrieve(batch.output_file_id or "").model_dump(mode="json"),
        "cancelled": [stopping.status, stopped.status],
        "cancelled_at": [stopped.cancelling_at, stopped.cancelled_at],
        "failed": [failed.status, failed.errors.model_dump(mode="json") if failed.errors else None],
        "submitted": [broken, stopping.id, batch.id],
        "listed": [one.id for one in client.batches.list(limit=1)],
        "files": files,
        "deleted": [deleted, *status_of(lambda: client.files.retrieve(file.id))],
    }


def fine_tuning() -> dict[str, object]:
    """Fine-tune to a model's name, pause, resume, cancel, and let one fail."""
    jobs = client.fine_tuning.jobs
    file = client.files.create(file=("train.jsonl", b"{}"), purpose="fine-tune")
    job, seen = wait(jobs.create(model="gpt-4o-mini", training_file=file.id), jobs.retrieve)
    paused = jobs.create(model="gpt-4o-mini", training_file=file.id)
    while paused.status != "running":
        paused = jobs.retrieve(paused.id)
    pausing = jobs.pause(paused.id).status
    still = jobs.retrieve(paused.id).status
    resumed, _ = wait(jobs.resume(paused.id), jobs.retrieve)
    cancelled = jobs.cancel(jobs.create(model="gpt-4o-mini", training_file=file.id).id)
    failed = jobs.create(model="gpt-4o-mini", training_file=file.id)
    force(failed.id, "failed")
    failed = jobs.retrieve(failed.id)
    return {
        "job": job.model_dump(mode="json"),
        "seen": seen,
        "metrics": [client.files.content(one).text for one in job.result_files],
        "paused": [pausing, still, resumed.status],
        "cancelled": cancelled.status,
        "failed": [failed.status, failed.error.message if failed.error else None],
        "submitted": [failed.id, cancelled.id, paused.id, job.id],
        "listed": [one.id for one in jobs.list(limit=1)],
    }


def responses() -> dict[str, object]:
    """Make responses at once and in the background, and cancel one."""
    at_once = client.responses.create(model="gpt-5", input="Say good morning")
    response, seen = wait(
        client.responses.create(model="gpt-5", input="Say good morning", background=True),
        client.responses.retrieve,
    )
    stopped = client.responses.create(model="gpt-5", input="Say good morning", background=True)
    return {
        "at_once": [at_once.status, at_once.output_text],
        "seen": seen,
        "text": response.output_text,
        "cancelled": client.responses.cancel(stopped.id).status,
    }


def webhooks() -> dict[str, object]:
    """Unwrap the webhook of a batch, and refuse one that was changed."""
    file = client.files.create(file=("requests.jsonl", b"{}"), purpose="batch")
    with receiver() as (url, next_webhook):
        set_webhook("openai", url, SECRET)
        batch = client.batches.create(
            input_file_id=file.id, endpoint="/v1/responses", completion_window="24h"
        )
        wait(batch, client.batches.retrieve)
        webhook = next_webhook()
    event = client.webhooks.unwrap(webhook.body, webhook.headers)
    forged = error_of(lambda: client.webhooks.unwrap(f"{webhook.body} ", webhook.headers))
    assert isinstance(forged, InvalidWebhookSignatureError), forged
    return {"batch": batch.id, "class": type(event).__name__, "event": event.model_dump(mode="json")}


report(
    videos=videos(),
    batches=batches(),
    fine_tuning=fine_tuning(),
    responses=responses(),
    webhooks=webhooks(),
    unknown=status_of(lambda: client.batches.retrieve("nothing")),
    refused=status_of(lambda: client.with_options(api_key="invalid").batches.retrieve("nothing")),
    invalid=status_of(lambda: client.videos.create(prompt="")),
)
