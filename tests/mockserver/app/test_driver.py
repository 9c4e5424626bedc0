"""A request is answered in the end, or nothing is left of it; a step is performed once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

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
    AdvanceClock,
    BlockingTask,
    Exchange,
    ExchangeStep,
    Inspect,
    Load,
    OpenFile,
    ReadBody,
    Sleep,
    at_once_or_in_a_thread,
)
from safelight_mock.core.job import InspectionKey
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.inputs.samples import sample
from safelight_mock.storage.body_readers import PlainReader
from safelight_mock.storage.port import LOCK_TIMEOUT, BusyError
from safelight_mock.storage.transaction import LOOP_TIMEOUT
from safelight_mock.wire import Kind, Problem, Request
from safelight_mock.wire.messages import MadeFile, ReceivedFile, RenderedFile, SnapshotBody

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
FILE = ReceivedFile(digest="digest", size=6, filename="a.png", picture=None)


@dataclass
class RecordedEffects:
    """Effects that touch nothing: each says what it was called with."""

    log: list[tuple[object, ...]] = field(default_factory=list)

    def now(self) -> float:
        return START

    def sleep(self, seconds: float) -> None:
        self.log.append(("sleep", seconds))

    def inspect(self, keys: Iterable[InspectionKey]) -> None:
        self.log.append(("inspect", keys))

    def load(self, addresses: Iterable[str], limit: int) -> Mapping[str, ReceivedFile]:
        self.log.append(("load", addresses, limit))
        return {"https://example.com/a.png": FILE}

    def release(self, loaded: Iterable[ReceivedFile]) -> None:
        self.log.append(("release", *loaded))

    def advance(self, sandbox: str, to: float, timeout: float) -> tuple[TimelineEvent, ...]:
        self.log.append(("advance", sandbox, to, timeout))
        return ()

    def open(self, file: RenderedFile | MadeFile | SnapshotBody) -> BinaryIO:
        self.log.append(("open", file))
        return BytesIO(b"pixels")


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


def test_each_step_has_one_effect() -> None:
    effects = RecordedEffects()
    results: list[object] = []

    def exchange() -> Exchange[str]:
        yield Sleep(0.5)
        yield Inspect(frozenset({InspectionKey("digest")}))
        results.append((yield Load(frozenset({"https://example.com/a.png"}), 1_000)))
        results.append((yield AdvanceClock("claid:k", START + 60, timeout=2.0)))
        results.append((yield OpenFile(SnapshotBody(sandbox="claid:k"))).read())
        return "response"

    response = run_until_response(exchange(), effects)

    assert response == "response"
    assert results == [{"https://example.com/a.png": FILE}, (), b"pixels"]
    assert effects.log == [
        ("sleep", 0.5),
        ("inspect", frozenset({InspectionKey("digest")})),
        ("load", frozenset({"https://example.com/a.png"}), 1_000),
        ("advance", "claid:k", START + 60, 2.0),
        ("open", SnapshotBody(sandbox="claid:k")),
    ]


def test_a_body_is_fed_to_its_reader_chunk_by_chunk() -> None:
    reader = PlainReader()

    def exchange() -> Exchange[object]:
        yield ReadBody(reader)
        return reader.finish()

    response = run_until_response(exchange(), RecordedEffects(), [b'{"a"', b": 1}"])

    assert response == b'{"a": 1}'


def test_an_exchange_that_is_interrupted_is_closed() -> None:
    left: list[str] = []

    def exchange() -> Exchange[str]:
        try:
            yield BlockingTask(interrupt)
        finally:
            left.append("closed")
        return "response"

    def interrupt() -> None:
        raise KeyboardInterrupt

    held = exchange()  # a reference, so that it is not closed by the garbage collector
    with pytest.raises(KeyboardInterrupt):
        run_until_response(held, RecordedEffects())

    assert left == ["closed"]


def test_work_on_a_free_sandbox_is_done_at_once() -> None:
    asked: list[float] = []

    running = RunningExchange(at_once_or_in_a_thread(asked.append))

    assert (running.step, asked) == (None, [LOOP_TIMEOUT])


def test_work_on_a_sandbox_in_use_is_done_in_a_thread_that_waits_for_it() -> None:
    asked: list[float] = []

    def work(timeout: float) -> str:
        asked.append(timeout)
        if timeout == LOOP_TIMEOUT:
            raise BusyError("claid:k")
        return "done"

    running = RunningExchange(at_once_or_in_a_thread(work))
    assert isinstance(running.step, BlockingTask)
    running.resume(running.step.run())

    assert (running.response, asked) == ("done", [LOOP_TIMEOUT, LOCK_TIMEOUT])


def test_the_synchronous_and_the_asynchronous_driver_do_the_same() -> None:
    log: list[str] = []

    async def perform(step: ExchangeStep) -> object:
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

    async def perform(_: ExchangeStep) -> object:
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
        performed: list[ExchangeStep] = []

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

    async def perform(self, step: ExchangeStep) -> object:
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


async def load_that_ends_after_its_request(result: Callable[[], object]) -> list[dict[str, Any]]:
    """Cancel a request while it loads, let the load end, and return what the event loop complains about."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    may = asyncio.Event()

    async def later(_: Callable[[], object]) -> object:
        await may.wait()
        return result()

    load = Load(frozenset({"https://example.com/a.png"}), 1_000)
    performing = asyncio.ensure_future(perform_elsewhere(load, RecordedEffects(), later))
    await asyncio.sleep(0)
    performing.cancel()
    with suppress(asyncio.CancelledError):
        await performing
    may.set()
    for _ in range(4):  # the load ends, and its callbacks are called
        await asyncio.sleep(0)
    return complaints


@pytest.mark.parametrize("error", [Problem(Kind.BROKEN), asyncio.CancelledError()])
def test_a_load_that_fails_after_its_request_was_cancelled_leaves_nothing(error: BaseException) -> None:
    def fail() -> object:
        raise error

    assert asyncio.run(load_that_ends_after_its_request(fail)) == []
