"""Sleeps and timeouts of asyncio pass on the clock of the test, in one order with those of threads."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from safelight_testing import Safelight


def test_tasks_wake_in_the_order_of_their_moments(safelight: Safelight) -> None:
    woken = []

    async def sleep(name: str, seconds: float) -> str:
        result = await asyncio.sleep(seconds, f"{name} slept")
        woken.append((name, safelight.clock.elapsed))
        return result

    async def test() -> tuple[str, str, str]:
        return await asyncio.gather(sleep("b", 5), sleep("a", 1), sleep("c", 10))

    assert [*asyncio.run(test())] == ["b slept", "a slept", "c slept"]
    assert woken == [("a", 1), ("b", 5), ("c", 10)]


def test_threads_and_tasks_have_one_order(safelight: Safelight) -> None:
    woken = []

    def sleep(name: str, seconds: float) -> None:
        time.sleep(seconds)
        woken.append((name, safelight.clock.elapsed))

    async def sleep_async(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append((name, safelight.clock.elapsed))

    async def test() -> None:
        await asyncio.gather(
            sleep_async("task 2", 2),
            asyncio.to_thread(sleep, "thread 1", 1),
            asyncio.to_thread(sleep, "thread 3", 3),
            sleep_async("task 4", 4),
        )

    asyncio.run(test())

    assert woken == [("thread 1", 1), ("task 2", 2), ("thread 3", 3), ("task 4", 4)]


async def sleep_here() -> None:
    await asyncio.sleep(7)


async def sleep_in_a_task() -> None:
    await asyncio.create_task(asyncio.sleep(7))


@pytest.mark.parametrize("sleep", [sleep_here, sleep_in_a_task])
def test_timeouts_of_asyncio_end_between_sleeps(
    safelight: Safelight, sleep: Callable[[], Awaitable[None]]
) -> None:
    async def test() -> float:
        began = asyncio.get_running_loop().time()

        async def work() -> None:
            while True:
                await sleep()

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(work(), 60)
        return asyncio.get_running_loop().time() - began

    assert 60 <= asyncio.run(test()) < 61
    assert 59 < safelight.clock.elapsed <= 60


def test_a_timeout_of_asyncio_ends_while_a_thread_sleeps(safelight: Safelight) -> None:
    async def test() -> None:
        thread = asyncio.create_task(asyncio.to_thread(time.sleep, 100))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(thread), 30)
        assert safelight.clock.elapsed <= 30
        await thread

    asyncio.run(test())

    assert safelight.clock.elapsed == 100


def test_a_coroutine_that_blocks_its_loop_holds_up_the_timers_of_that(safelight: Safelight) -> None:
    fired = []

    async def test() -> None:
        asyncio.get_running_loop().call_later(5, lambda: fired.append(safelight.clock.elapsed))
        time.sleep(10)  # noqa: ASYNC251 - what programs should not do, and do
        await asyncio.sleep(1)

    asyncio.run(test())

    assert (fired, safelight.clock.elapsed) == ([10], 11)


def test_a_cancelled_task_does_not_wake_anybody(safelight: Safelight) -> None:
    async def test() -> None:
        task = asyncio.create_task(asyncio.sleep(1000))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(5)

    asyncio.run(test())

    assert safelight.clock.elapsed == 6


def test_a_loop_that_outlives_the_test_has_its_timers_in_time() -> None:
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        loop = runner.get_loop()

        async def test() -> asyncio.TimerHandle:
            with Safelight(sleeps=True):
                await asyncio.sleep(5000)
                return loop.call_later(30, lambda: None)

        timer = runner.run(test())

        assert 20 < timer.when() - loop.time() <= 30


@pytest.mark.usefixtures("safelight")
def test_other_event_loops_are_refused() -> None:
    with (
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        pytest.raises(RuntimeError, match=r"sleeps cannot pass on the event loop uvloop\.Loop"),
    ):
        runner.run(asyncio.sleep(5))
