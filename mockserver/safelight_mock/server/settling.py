"""Getting from a call to its reply on an event loop, with what may block kept off it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from safelight_mock.core.job import UnjudgedError
from safelight_mock.server.twin import Twin
from safelight_mock.wire.call import Call, Reply

Judge = Callable[[frozenset[str]], Awaitable[object]]


async def settle(twin: Twin, call: Call, judge: Judge) -> Reply:
    """Answer a call, having inputs judged and waiting as needed. Raises Problem when judging fails."""
    while True:
        try:
            outcome = twin.answer(call)
        except UnjudgedError as unjudged:
            await judge(unjudged.digests)
            continue
        if isinstance(outcome, Reply):
            return outcome
        await asyncio.sleep(outcome.seconds)
        call = replace(outcome.call, at=twin.real())
