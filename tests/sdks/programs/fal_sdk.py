"""Requests in fal's queue by its client, as its README shows; its hosts are hard-coded."""

import asyncio
import os

from harness import KEY, error_of, force, report

os.environ["FAL_KEY"] = KEY

import fal_client

MODEL = "fal-ai/flux/dev"
PROMPT = {"prompt": "A lighthouse at dawn"}

handle = fal_client.submit(MODEL, arguments=PROMPT)
events = [type(event).__name__ for event in handle.iter_events(with_logs=True, interval=0.01)]
result = handle.get()

subscribed = fal_client.subscribe(MODEL, arguments=PROMPT)

cancelled = fal_client.submit(MODEL, arguments=PROMPT)
cancelled.cancel()

failed = fal_client.submit(MODEL, arguments=PROMPT)
force(failed.request_id, "failed")
failure = error_of(failed.get)


async def asynchronously() -> object:
    return await fal_client.subscribe_async(MODEL, arguments=PROMPT)


report(
    events=events,
    result=result,
    subscribed=subscribed,
    cancelled=type(error_of(cancelled.get)).__name__,
    failed=type(failure).__name__,
    asynchronous=asyncio.run(asynchronously()),
    invalid=type(error_of(lambda: fal_client.submit(MODEL, arguments={}))).__name__,
)
