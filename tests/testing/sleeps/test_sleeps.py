"""Sleeps of the program under test pass on the clock of the test, in one order for threads and tasks."""

import asyncio
import multiprocessing
import queue
import sched
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

from safelight import WaitTimeoutError
from safelight_testing import EndlessSleepError, Safelight
from safelight_testing._sleeps import sleep_schedule

PHOTO = Path("tests/data/chelsea.jpg")
REAL = {"sleep": time.sleep, "monotonic": time.monotonic, "sleep_async": asyncio.sleep}


def sleeping(safelight: Safelight, **seconds: float) -> list[tuple[str, float]]:
    """Sleep in a thread each; return which woke when, in order."""
    woken = []

    def sleep(name: str, wanted: float) -> None:
        time.sleep(wanted)
        woken.append((name, safelight.clock.elapsed))

    threads = [Thread(target=sleep, args=one) for one in seconds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return woken


def test_a_sleep_advances_all_clocks_at_once(safelight: Safelight) -> None:
    before = time.time(), time.monotonic(), time.time_ns() / 1e9, time.monotonic_ns() / 1e9

    time.sleep(3600)

    after = time.time(), time.monotonic(), time.time_ns() / 1e9, time.monotonic_ns() / 1e9
    assert safelight.clock.elapsed == 3600
    assert all(3600 <= late - early < 3630 for early, late in zip(before, after, strict=True))


def test_the_wall_clock_begins_at_the_start_of_the_test(safelight: Safelight) -> None:
    time.sleep(86_400)

    assert 0 <= time.time() - safelight.clock.now.timestamp() < 30


def test_the_test_advances_the_programs_clocks_too(safelight: Safelight) -> None:
    before = time.monotonic()

    safelight.clock.advance(3600)

    assert 3600 <= time.monotonic() - before < 3630


@pytest.mark.slow  # it polls every three seconds of them
def test_a_client_that_waits_for_a_job_of_twenty_minutes_does_not_wait(safelight: Safelight) -> None:
    safelight.scenario("slow")

    job = safelight.topaz.enhance(PHOTO).wait(timeout=3600)

    assert job.status().vendor_state == "Completed"
    assert 1000 < safelight.clock.elapsed < 1500


@pytest.mark.slow
def test_a_stuck_job_meets_the_programs_own_deadline(safelight: Safelight) -> None:
    safelight.scenario("stuck")

    with pytest.raises(WaitTimeoutError):
        safelight.topaz.enhance(PHOTO).wait(timeout=600)

    assert 590 < safelight.clock.elapsed <= 600


def test_threads_that_sleep_at_the_same_time_wake_at_the_same_time(safelight: Safelight) -> None:
    woken = sleeping(safelight, a=10, b=10, c=10, d=10, e=10)

    assert [name for name, _ in woken] == ["a", "b", "c", "d", "e"]
    assert {at for _, at in woken} == {10}


def test_threads_wake_in_the_order_of_their_moments(safelight: Safelight) -> None:
    assert sleeping(safelight, c=10, a=1, b=5) == [("a", 1), ("b", 5), ("c", 10)]


def test_a_thread_that_works_between_two_sleeps_is_waited_for(safelight: Safelight) -> None:
    done = []

    def work() -> None:
        for _ in range(20):
            time.sleep(1)
            sum(range(50_000))
            done.append(safelight.clock.elapsed)

    thread = Thread(target=work)
    thread.start()
    time.sleep(100)
    thread.join()

    assert done == list(range(1, 21))


def test_the_test_advances_the_clock_in_step_with_sleeping_threads(safelight: Safelight) -> None:
    polls = []

    def poll() -> None:
        for _ in range(6):
            time.sleep(10)
            polls.append(safelight.clock.elapsed)

    thread = Thread(target=poll)
    thread.start()
    safelight.topaz.enhance(PHOTO)
    events = safelight.clock.advance(35)
    seen = [*polls]
    safelight.clock.advance(100)
    thread.join()

    assert [event.vendor_state for event in events] == ["Processing", "Completed"]
    assert (seen, polls) == ([10, 20, 30], [10, 20, 30, 40, 50, 60])


@pytest.mark.parametrize(
    ("seconds", "kinds"), [(0, ["ignored-retry-after"]), (4, ["ignored-retry-after"]), (5, [])]
)
def test_a_program_that_sleeps_too_little_is_found(
    safelight: Safelight, seconds: int, kinds: list[str]
) -> None:
    safelight.faults.next({"match": {"operation": "list"}, "respond": {"status": 503, "retry_after": 5}})
    http = safelight.http("topaz")

    http.get("status")
    time.sleep(seconds)
    http.get("status")

    assert [one.kind for one in safelight.conduct] == kinds


def module(name: str, code: str) -> ModuleType:
    made = ModuleType(name)
    exec(code, made.__dict__)  # noqa: S102 - a module of the test's own
    return made


IMPORTED = "from time import sleep\nfrom asyncio import sleep as sleep_async\ndef wait(): sleep(60)"


def test_modules_that_have_imported_sleep_by_name_are_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = module("shop", IMPORTED)
    monkeypatch.setitem(sys.modules, "shop", shop)

    with Safelight(sleeps=True) as safelight:
        shop.wait()

        assert safelight.clock.elapsed == 60
    assert (shop.sleep, shop.sleep_async) == (REAL["sleep"], REAL["sleep_async"])


def test_modules_that_import_it_meanwhile_sleep_for_real_afterwards() -> None:
    with Safelight(sleeps=True) as safelight:
        shop = module("shop", IMPORTED)
        shop.wait()
        assert safelight.clock.elapsed == 60

    began = time.perf_counter()
    shop.sleep(0.01)
    assert time.perf_counter() - began >= 0.01


def test_only_sleeps_of_the_named_packages_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, heart = module("shop.tasks", "import time"), module("heartbeat", "import time")
    for one in (shop, heart):
        exec("def wait(seconds): time.sleep(seconds)", one.__dict__)  # noqa: S102 - as above
        monkeypatch.setitem(sys.modules, one.__name__, one)

    with Safelight(sleeps=["shop"]) as safelight:
        shop.wait(60)
        heart.wait(0.01)

        assert safelight.clock.elapsed == 60


def test_sleeps_in_pools_and_schedulers_pass(safelight: Safelight) -> None:
    with ThreadPoolExecutor() as pool:
        assert list(pool.map(time.sleep, [3, 5])) == [None, None]
    scheduler = sched.scheduler(time.monotonic, time.sleep)
    scheduler.enter(60, 1, lambda: None)
    scheduler.run()

    assert 64 < safelight.clock.elapsed <= 65


def test_waits_of_the_standard_library_are_real(safelight: Safelight) -> None:
    with pytest.raises(queue.Empty):
        queue.Queue[int]().get(timeout=0.01)
    subprocess.run([sys.executable, "-c", ""], check=True, timeout=30)

    assert safelight.clock.elapsed == 0


def test_a_forked_process_sleeps_for_real(safelight: Safelight) -> None:
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(0.01,))
    child.start()
    child.join()

    assert (child.exitcode, safelight.clock.elapsed) == (0, 0)


def test_a_sleep_of_nothing_and_of_a_negative_time_are_the_real_ones(safelight: Safelight) -> None:
    time.sleep(0)
    with pytest.raises(ValueError, match="sleep length must be non-negative"):
        time.sleep(-1)
    asyncio.run(asyncio.sleep(0))

    assert safelight.clock.elapsed == 0


@pytest.mark.usefixtures("safelight")
def test_a_loop_that_never_ends_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sleep_schedule, "MOST", 20)

    def work() -> None:
        while True:
            time.sleep(10)

    with pytest.raises(EndlessSleepError, match="slept 20 times, until 200 s; does this loop end"):
        work()


def test_all_is_as_before_afterwards() -> None:
    loop_time = asyncio.BaseEventLoop.time

    with Safelight(sleeps=True):
        time.sleep(1)
        assert time.sleep is not REAL["sleep"]

    assert {"sleep": time.sleep, "monotonic": time.monotonic, "sleep_async": asyncio.sleep} == REAL
    assert asyncio.tasks.sleep is REAL["sleep_async"]
    assert asyncio.BaseEventLoop.time is loop_time


@pytest.mark.usefixtures("safelight")
def test_sleeps_pass_on_one_clock_at_a_time() -> None:
    with pytest.raises(RuntimeError, match="sleeps pass on the clock of another Safelight"):
        Safelight(sleeps=True).__enter__()


def test_threads_that_sleep_at_the_end_wake() -> None:
    with Safelight(sleeps=True):
        thread = Thread(target=time.sleep, args=(10**9,))
        busy = Thread(target=sum, args=(range(10**7),))  # no time passes before it ends
        busy.start()
        thread.start()

    thread.join(timeout=30)

    assert not thread.is_alive()
