"""A request is answered in the end, or nothing is left of it; a step is performed once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field

import pytest

from safelight_mock import Settings, Twin
from safelight_mock.app.driver import (
    ClientDisconnectedError,
    RunningExchange,
    perform_elsewhere,
    run_until_response,
    run_until_response_async,
)
from safelight_mock.app.steps import (
    BlockingTask,
    Exchange,
    Inspect,
    Load,
    ReadBody,
    Sleep,
    Step,
)
from safelight_mock.inputs.samples import sample
from safelight_mock.wire import Kind, Problem, Request

START = 1_800_000_000.0
KEY = {"authorization": "Bearer k", "content-type": "application/json"}
SUBMIT = Request(
    method="POST",
    path="/claid/v1/image/edit/async",
    headers=KEY,
    origin="http://twin",
    body=b'{"input": "safelight://coffee.jpg", "operations": {}}',
    at=START,
)


def counting(log: list[str]) -> Exchange[str]:
    """Ask for three tasks, the second of which fails."""
    log.append(str((yield BlockingTask(lambda: "first"))))
    try:
        yield BlockingTask(lambda: 1 // 0)
    except ZeroDivisionError:
        log.append("failed")
    log.append(str((yield BlockingTask(lambda: "third"))))
    return "response"


def test_results_and_failures_of_steps_come_back_where_they_were_yielded() -> None:
    log: list[str] = []

    with closing(Twin()) as twin:
        response = run_until_response(counting(log), twin.effects)

    assert (response, log) == ("response", ["first", "failed", "third"])


def test_the_synchronous_and_the_asynchronous_driver_do_the_same() -> None:
    log: list[str] = []

    async def perform(step: Step) -> object:
        assert isinstance(step, BlockingTask)
        return step.run()

    response = asyncio.run(run_until_response_async(RunningExchange(counting(log)), perform))

    assert (response, log) == ("response", ["first", "failed", "third"])


def test_a_disconnected_client_closes_its_exchange() -> None:
    left: list[str] = []

    def held() -> Exchange[str]:
        try:
            yield Sleep(60)
        except Exception:  # noqa: BLE001 - none may arrive here
            left.append("answered")
        finally:
            left.append("closed")
        return "response"

    async def perform(_: Step) -> object:
        raise ClientDisconnectedError

    with pytest.raises(ClientDisconnectedError):
        asyncio.run(run_until_response_async(RunningExchange(held()), perform))

    assert left == ["closed"]


def test_an_exchange_without_steps_has_its_response_at_once() -> None:
    with closing(Twin()) as twin:
        running = RunningExchange(
            twin.exchange(Request(method="GET", path="/claid/v1/image/edit/async/x", at=START))
        )

    assert (running.step, running.response.status) == (None, 401)


def test_a_handler_that_needs_an_inspection_runs_again_after_it_and_nothing_else_does() -> None:
    now = [START]
    with closing(Twin(Settings(seed="tests"), real=lambda: now[0])) as twin:
        job = twin.run_until_response(SUBMIT).value["data"]["id"]
        now[0] += 60
        poll = Request(
            method="GET",
            path=f"/claid/v1/image/edit/async/{job}",
            headers=KEY,
            origin="http://twin",
            at=now[0],
        )
        performed: list[Step] = []

        running = RunningExchange(twin.exchange(poll))
        while running.step is not None:
            assert not isinstance(running.step, ReadBody)
            performed.append(running.step)
            running.resume(running.step.perform(twin.effects))

    assert [type(step) for step in performed] == [Inspect]
    assert running.response.source.value["data"]["status"] == "DONE"


def test_an_input_that_cannot_be_inspected_is_a_500_of_the_vendor() -> None:
    now = [START]
    with closing(Twin(Settings(seed="tests"), real=lambda: now[0])) as twin:
        job = twin.run_until_response(SUBMIT).value["data"]["id"]
        now[0] += 60
        poll = Request(
            method="GET",
            path=f"/claid/v1/image/edit/async/{job}",
            headers=KEY,
            origin="http://twin",
            at=now[0],
        )

        running = RunningExchange(twin.exchange(poll))
        running.fail(Problem(Kind.BROKEN))

    assert (running.step, running.response.status) == (None, 500)


@dataclass
class Hesitant:
    """Loads once it may."""

    twin: Twin
    began: asyncio.Event = field(default_factory=asyncio.Event)
    may: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def perform(self, step: Step) -> object:
        assert isinstance(step, Load)
        return await perform_elsewhere(step, self.twin.effects, self.later)

    async def later(self, load: Callable[[], object]) -> object:
        self.began.set()
        await self.may.wait()
        self.ended.set()
        return load()


async def cancelled_while_loading(twin: Twin) -> None:
    hesitant = Hesitant(twin)
    running: Awaitable[object] = run_until_response_async(
        RunningExchange(twin.exchange(SUBMIT)), hesitant.perform
    )
    answering = asyncio.ensure_future(running)
    await hesitant.began.wait()
    answering.cancel()
    with suppress(asyncio.CancelledError):
        await answering
    hesitant.may.set()
    async with asyncio.timeout(5):
        await hesitant.ended.wait()
    await asyncio.sleep(0)


def test_an_input_loaded_after_its_request_was_cancelled_is_discarded() -> None:
    with closing(Twin(Settings(max_storage=len(sample("coffee.jpg"))))) as twin:
        asyncio.run(cancelled_while_loading(twin))
        (file,) = (file for file in twin.blobs.input("").iterdir() if file.is_file())

        twin.blobs.reserve(twin.blobs.bound)

        assert not file.exists()
