"""Generations and callbacks by Luma's SDK, as its README and the guides show."""

import json
import time
from collections.abc import Callable

import httpx
from harness import BASE_URL, FOLDER, KEY, error_of, force, receiver, report
from lumaai import APIStatusError, LumaAI
from lumaai.types import Generation

PROMPT = "A lighthouse at dawn"

client = LumaAI(auth_token=KEY, base_url=BASE_URL, max_retries=0)


def wait(generation: Generation) -> tuple[Generation, list[str | None]]:
    """Poll until the end, as the guides do; return the generation and the words it had."""
    seen: list[str | None] = [generation.state]
    while generation.state not in ("completed", "failed"):
        time.sleep(0.01)
        generation = client.generations.get(id=generation.id or "")
        seen.append(generation.state)
    return generation, seen


def status_of(call: Callable[[], object]) -> list[object]:
    """Return class, status and body of the error that a call raises."""
    error = error_of(call)
    assert isinstance(error, APIStatusError), error
    return [type(error).__name__, error.status_code, error.body]


video, seen = wait(client.generations.create(model="ray-2", prompt=PROMPT, aspect_ratio="16:9", loop=False))
assert video.assets
(FOLDER / "video.mp4").write_bytes(httpx.get(video.assets.video or "").content)

image, _ = wait(client.generations.image.create(model="photon-1", prompt=PROMPT, format="png"))
assert image.assets
(FOLDER / "image").write_bytes(httpx.get(image.assets.image or "").content)
at_once = client.generations.image.create(model="photon-1", prompt=PROMPT, sync=True, sync_timeout=30)

upscaled, _ = wait(client.generations.upscale(id=video.id or "", resolution="1080p"))
orphan = status_of(lambda: client.generations.upscale(id="nothing", resolution="1080p"))

failing = client.generations.create(model="ray-2", prompt=PROMPT)
force(failing.id or "", "failed")
failed, _ = wait(failing)

submitted = [one.id for one in (failed, upscaled, at_once, image, video)]
first = client.generations.list(limit=2)
rest = client.generations.list(limit=10, offset=2)

client.generations.delete(id=upscaled.id or "")

with receiver() as (url, next_webhook):
    notified = client.generations.create(model="ray-2", prompt=PROMPT, callback_url=url)
    wait(notified)
    received = [json.loads(next_webhook().body) for _ in range(2)]

report(
    video=video.model_dump(mode="json"),
    seen=seen,
    image=image.model_dump(mode="json"),
    at_once=at_once.model_dump(mode="json"),
    upscaled=[upscaled.state, bool(upscaled.assets and upscaled.assets.video)],
    orphan=orphan,
    failed=[failed.state, failed.failure_reason, failed.assets and failed.assets.video],
    submitted=submitted,
    listed=[[one.id for one in first.generations], [one.id for one in rest.generations]],
    more=[first.has_more, rest.has_more],
    deleted=status_of(lambda: client.generations.get(id=upscaled.id or "")),
    refused=status_of(client.with_options(auth_token="invalid").generations.list),
    webhooks=[[one["id"] == notified.id, one["state"]] for one in received],
)
