"""A call on an event loop is answered in the end, or nothing is left of it."""

import asyncio
from contextlib import closing, suppress
from dataclasses import dataclass, field

from safelight_mock import Settings, Twin
from safelight_mock.app.driver import settle
from safelight_mock.app.steps import Errand, Passage
from safelight_mock.core.job import InspectionKey
from safelight_mock.inputs.samples import sample
from safelight_mock.wire.messages import Call

ASKED = Call(
    method="POST",
    path="/claid/v1/image/edit/async",
    headers={"authorization": "Bearer k", "content-type": "application/json"},
    body=b'{"input": "safelight://coffee.jpg", "operations": {}}',
    at=1_800_000_000,
)


@dataclass
class Hesitant:
    """Loads once it may."""

    twin: Twin
    began: asyncio.Event = field(default_factory=asyncio.Event)
    may: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def judge(self, keys: frozenset[InspectionKey]) -> None:
        self.twin.judge(keys)

    async def load(self, call: Call, addresses: frozenset[str]) -> Call:
        self.began.set()
        await self.may.wait()
        self.ended.set()
        return self.twin.load(call, addresses)

    async def let_pass(self, passage: Passage | Errand) -> Call:
        return self.twin.let_pass(passage)


async def cancelled_while_loading(twin: Twin) -> None:
    workers = Hesitant(twin)
    settling = asyncio.create_task(settle(twin, ASKED, workers))
    await workers.began.wait()
    settling.cancel()
    with suppress(asyncio.CancelledError):
        await settling
    workers.may.set()
    async with asyncio.timeout(5):
        await workers.ended.wait()
    await asyncio.sleep(0)


def test_an_input_that_comes_when_its_call_was_cancelled_is_not_kept() -> None:
    with closing(Twin(Settings(storage=len(sample("coffee.jpg"))))) as twin:
        asyncio.run(cancelled_while_loading(twin))
        (file,) = (file for file in twin.store.input("").iterdir() if file.is_file())

        twin.store.reserve(twin.store.bound)

        assert not file.exists()
