"""Tasks and uploads by Runway's SDK, as its README shows.

It polls every 4.5 to 7.5 seconds, so tasks are waited for side by side.
"""

import asyncio
from typing import Any

import httpx
from harness import BASE_URL, FOLDER, KEY, error_of, force, report
from runwayml import APIStatusError, AsyncRunwayML, RunwayML, TaskFailedError

IMAGE = "https://example.com/bunny.jpg"

client = RunwayML(api_key=KEY, base_url=BASE_URL, max_retries=0)


async def main() -> dict[str, Any]:
    """Run a video, an image, a failure and a cancellation side by side to their ends."""
    async with AsyncRunwayML(api_key=KEY, base_url=BASE_URL, max_retries=0) as runway:
        video, image, failed, cancelled = await asyncio.gather(
            runway.image_to_video.create(
                model="gen4_turbo", prompt_image=IMAGE, ratio="1280:720", prompt_text="It eats", duration=5
            ),
            runway.text_to_image.create(model="gen4_image", prompt_text="A lighthouse", ratio="1920:1080"),
            runway.text_to_video.create(
                model="veo3.1", prompt_text="A lighthouse", ratio="1280:720", duration=4
            ),
            runway.text_to_speech.create(
                model="eleven_multilingual_v2",
                prompt_text="Good morning",
                voice={"type": "runway-preset", "preset_id": "Maya"},
            ),
        )
        force(failed.id, "FAILED")
        await runway.tasks.delete(cancelled.id)
        made, drawn, failure, cancellation = await asyncio.gather(
            video.wait_for_task_output(),
            image.wait_for_task_output(),
            failed.wait_for_task_output(),
            cancelled.wait_for_task_output(),
            return_exceptions=True,
        )
        for error in (failure, cancellation):
            assert isinstance(error, TaskFailedError), error
        return {
            "tasks": [one.model_dump(mode="json") for one in (made, drawn)],
            "failed": failure.task_details.model_dump(mode="json"),
            "cancelled": cancellation.task_details.model_dump(mode="json"),
        }


def status_of(error: Exception) -> list[object]:
    """Return the status and the message of an error."""
    assert isinstance(error, APIStatusError), error
    return [type(error).__name__, error.status_code, error.message]


waited = asyncio.run(main())
for number, finished in enumerate(waited["tasks"]):
    (FOLDER / f"output{number}").write_bytes(httpx.get(finished["output"][0]).content)

upload = client.uploads.create_ephemeral(file=FOLDER / "photograph.jpg")
task = client.image_to_video.create(
    model="gen4_turbo", prompt_image=upload.uri, ratio="1280:720", prompt_text="It eats", duration=5
)
last = task.wait_for_task_output()
client.tasks.delete(task.id)

report(
    **waited,
    upload=upload.uri,
    finished=last.model_dump(mode="json"),
    deleted=status_of(error_of(lambda: client.tasks.retrieve(task.id))),
    refused=status_of(error_of(lambda: client.with_options(api_key="invalid").tasks.retrieve(task.id))),
    invalid=status_of(
        error_of(lambda: client.text_to_image.create(model="gen4_image", prompt_text="", ratio="1920:1080"))
    ),
)
