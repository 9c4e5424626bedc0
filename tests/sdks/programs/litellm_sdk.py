"""Videos of two services by litellm, with httpx and, on asyncio, with aiohttp; its hosts are hard-coded."""

import asyncio
import os
from typing import Any

from harness import KEY, error_of, report

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it loads one from GitHub

import litellm

litellm.suppress_debug_info = True  # which it prints
ENDED = ("completed", "failed")
VIDEO: dict[str, Any] = {
    "model": "openai/sora-2",
    "prompt": "A lighthouse at dawn",
    "seconds": "4",
    "size": "720x1280",
    "api_key": KEY,
}
OPENAI: dict[str, Any] = {"custom_llm_provider": "openai", "api_key": KEY}


def made() -> dict[str, object]:
    video = litellm.video_generation(**VIDEO)
    while video.status not in ENDED:
        video = litellm.video_status(video.id, **OPENAI)
    return {"status": video.status, "size": len(litellm.video_content(video.id, **OPENAI))}


async def made_asynchronously() -> dict[str, object]:
    video = await litellm.avideo_generation(**VIDEO)
    while video.status not in ENDED:
        video = await litellm.avideo_status(video.id, **OPENAI)
    return {"status": video.status, "size": len(await litellm.avideo_content(video.id, **OPENAI))}


def of_runway() -> object:
    return litellm.video_generation(
        model="runwayml/gen4_turbo",
        prompt="A lighthouse at dawn",
        seconds="5",
        size="1280x720",
        input_reference="https://example.com/a.jpg",
        api_key=KEY,
    ).status


report(
    synchronous=made(),
    asynchronous=asyncio.run(made_asynchronously()),
    runway=of_runway(),
    refused=type(error_of(lambda: litellm.video_generation(**{**VIDEO, "api_key": "invalid"}))).__name__,
)
