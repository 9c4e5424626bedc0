"""A video by OpenAI's SDK over aiohttp; its host is hard-coded."""

import asyncio

from harness import KEY, report
from openai import AsyncOpenAI, DefaultAioHttpClient


async def video() -> dict[str, object]:
    """Make a video and download it."""
    async with AsyncOpenAI(api_key=KEY, http_client=DefaultAioHttpClient(), max_retries=0) as client:
        made = await client.videos.create_and_poll(
            prompt="A lighthouse at dawn", model="sora-2", seconds="4", poll_interval_ms=10
        )
        content = await client.videos.download_content(made.id)
        return {"status": made.status, "size": len(await content.aread())}


report(video=asyncio.run(video()))
