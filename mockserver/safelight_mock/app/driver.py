"""Getting from a call to its reply on an event loop, with what may block kept off it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from safelight_mock.app.steps import Errand, Passage
from safelight_mock.app.twin import Twin
from safelight_mock.core.job import InspectionKey, UnjudgedError
from safelight_mock.wire.messages import Call, Reply, UnloadedError

Rest = Callable[[float], Awaitable[object]]


class Workers(Protocol):
    """Does what may block somewhere else than on the event loop."""

    async def judge(self, keys: frozenset[InspectionKey]) -> object:
        """Have `Twin.judge` done."""

    async def load(self, call: Call, addresses: frozenset[str]) -> Call:
        """Have `Twin.load` done."""

    async def let_pass(self, passage: Passage | Errand) -> Call:
        """Have `Twin.let_pass` done."""


async def settle(twin: Twin, call: Call, workers: Workers, rest: Rest = asyncio.sleep) -> Reply:
    """Answer a call, with inputs loaded and judged, time let pass and with waiting as needed.

    Raises Problem, and what waiting raises.
    """
    try:
        while True:
            try:
                outcome = twin.answer(call)
            except UnjudgedError as unjudged:
                await workers.judge(unjudged.keys)
            except UnloadedError as unloaded:
                call = await _loaded(twin, call, workers.load(call, unloaded.addresses))
            else:
                if isinstance(outcome, Reply):
                    return outcome
                if isinstance(outcome, Passage | Errand):
                    call = await workers.let_pass(outcome)
                    if outcome.reply is not None:
                        return outcome.reply
                    continue
                await rest(outcome.seconds)
                call = replace(outcome.call, at=twin.real())
    finally:
        twin.release(call)


async def _loaded(twin: Twin, call: Call, loading: Coroutine[object, object, Call]) -> Call:
    """Wait for what is loaded for a call; what comes when nobody waits any more is not held."""
    task = asyncio.ensure_future(loading)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(partial(_let_go, twin, call))
        raise


def _let_go(twin: Twin, call: Call, loading: asyncio.Future[Call]) -> None:
    if not loading.cancelled() and loading.exception() is None:
        brought = loading.result().loaded
        fresh = {address: brought[address] for address in brought.keys() - call.loaded.keys()}
        twin.release(replace(call, loaded=fresh))
