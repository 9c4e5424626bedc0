"""One thread leases due sandboxes to workers, which release them when they are served."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from threading import Event, Lock

import pytest
from tests.mockserver.hooks import until

from safelight_mock.storage.leases import LocalLease
from safelight_mock.storage.port import Lease, NotStoredError
from safelight_mock.storage.transaction import SandboxEvictedError
from safelight_mock.webhooks.scheduler import STORAGE_RETRY, WORKERS, Scheduler

NOW = 1_800_000_000.0


@dataclass
class DueSandboxes:
    """Sandboxes by the real moment at which something is due in them, as a store offers them."""

    due: dict[str, float] = field(default_factory=dict)
    released: list[tuple[str, float]] = field(default_factory=list)
    claims: list[int] = field(default_factory=list)
    notify: Callable[[], None] = lambda: None
    lock: Lock = field(default_factory=Lock)

    def on_due(self, notify: Callable[[], None]) -> None:
        self.notify = notify

    @property
    def next_due(self) -> float:
        with self.lock:
            return min(self.due.values(), default=inf)

    def claim(self, most: int, real: float) -> Sequence[Lease]:
        with self.lock:
            self.claims.append(most)
            names = [name for name, at in self.due.items() if at <= real][:most]
            for name in names:
                del self.due[name]
        return [LocalLease(name, lambda lease, at: self.released.append((lease.name, at))) for name in names]

    def add(self, *names: str, at: float = NOW) -> None:
        """Have something fall due."""
        with self.lock:
            self.due |= dict.fromkeys(names, at)
        self.notify()


@contextmanager
def scheduling(
    store: DueSandboxes, serve: Callable[[Lease], object], now: Callable[[], float] = lambda: NOW
) -> Iterator[Scheduler]:
    scheduler = Scheduler(store, serve, now)  # type: ignore[arg-type] # it needs three methods of a store
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.close()


def test_what_is_due_is_served_and_released() -> None:
    store, served = DueSandboxes(), list[str]()
    store.add("early")
    with scheduling(store, lambda lease: served.append(lease.name)):
        until(lambda: store.released == [("early", 0.0)])
        store.add("late")
        until(lambda: store.released == [("early", 0.0), ("late", 0.0)])

    assert served == ["early", "late"]


def test_what_is_due_later_is_served_then() -> None:
    store, now = DueSandboxes(), [NOW]
    store.add("later", at=NOW + 0.05)
    with scheduling(store, lambda _: None, lambda: now[0]):
        until(lambda: store.claims)
        before = [*store.released]
        now[0] += 0.05
        until(lambda: store.released)

    assert (before, store.released) == ([], [("later", 0.0)])


def test_a_store_is_asked_only_when_something_may_be_due() -> None:
    store = DueSandboxes()
    with scheduling(store, lambda _: None):
        for number in range(5):
            store.add(f"{number}")
            until(lambda: len(store.released) > number)  # noqa: B023 - called at once

    assert len(store.claims) <= 2 * 5 + 1  # for each: when it falls due, and when its worker is free again


def test_a_sandbox_that_cannot_be_stored_is_served_again_after_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: Lease) -> None:
        raise NotStoredError("the disk is full")

    store = DueSandboxes()
    with scheduling(store, fail):
        store.add("full")
        until(lambda: store.released)

    assert store.released == [("full", NOW + STORAGE_RETRY)]
    assert caplog.records == []


@pytest.mark.internal_error
def test_an_error_in_a_sandbox_is_logged_and_it_is_served_again_after_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = DueSandboxes()
    with scheduling(store, lambda _: 1 // 0):
        store.add("broken")
        until(lambda: store.released)

    assert store.released == [("broken", NOW + STORAGE_RETRY)]
    (record,) = caplog.records
    assert record.getMessage() == "deliveries of sandbox broken cannot be made"
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_a_sandbox_that_was_evicted_is_released_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    def fail(lease: Lease) -> None:
        raise SandboxEvictedError(lease.name)

    store = DueSandboxes()
    with scheduling(store, fail):
        store.add("gone")
        until(lambda: store.released)

    assert store.released == [("gone", 0.0)]
    assert caplog.records == []


def test_so_many_sandboxes_are_served_at_a_time_and_the_others_after_them() -> None:
    store, begun, may_end = DueSandboxes(), list[str](), Event()

    def serve(lease: Lease) -> None:
        begun.append(lease.name)
        may_end.wait(60)

    with scheduling(store, serve):
        store.add(*(f"{number}" for number in range(WORKERS + 3)))
        until(lambda: len(begun) == WORKERS)
        store.notify()  # nothing more is claimed
        waiting = len(store.due)
        may_end.set()
        until(lambda: len(store.released) == WORKERS + 3)

    assert waiting == 3
    assert store.claims[0] == WORKERS
    assert all(0 < most <= WORKERS for most in store.claims)


def test_what_is_being_served_leaves_fewer_workers_for_each_later_claim() -> None:
    store, begun, may_end = DueSandboxes(), list[str](), Event()

    def serve(lease: Lease) -> None:
        begun.append(lease.name)
        may_end.wait(60)

    with scheduling(store, serve):
        for number in range(1, 4):
            store.add(f"{number}")
            until(lambda number=number: len(begun) == number)  # type: ignore[misc] # of this round
        claims = store.claims[:]
        may_end.set()
        until(lambda: len(store.released) == 3)

    assert {*claims} <= {WORKERS - busy for busy in range(4)}
    assert WORKERS - 2 in claims


def test_a_scheduler_that_was_stopped_serves_nothing_more() -> None:
    store, served, others = DueSandboxes(), list[str](), {*threading.enumerate()}
    with scheduling(store, lambda lease: served.append(lease.name)) as scheduler:
        store.add("before")
        until(lambda: store.released)
        started = [one for one in threading.enumerate() if one.name == "safelight-scheduler"]
        scheduler.stop()
        for thread in {*started} - others:
            thread.join(60)
        store.add("after")

    assert (served, [*store.due]) == (["before"], ["after"])


def test_a_failure_while_the_server_is_being_stopped_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    store, began, may_fail = DueSandboxes(), Event(), Event()

    def fail(_: Lease) -> None:
        began.set()
        may_fail.wait(60)
        raise ZeroDivisionError

    with scheduling(store, fail) as scheduler:
        store.add("broken")
        assert began.wait(60)
        scheduler.stop()
        may_fail.set()
        until(lambda: store.released)

    assert caplog.records == []


def schedulers() -> int:
    return sum(thread.name == "safelight-scheduler" for thread in threading.enumerate())


def test_no_thread_is_started_before_something_is_due() -> None:
    before = schedulers()

    with scheduling(DueSandboxes(), lambda _: None):
        assert schedulers() == before


def test_a_worker_that_is_free_again_is_counted_as_free() -> None:
    store = DueSandboxes()
    with scheduling(store, lambda _: None):
        store.add("one")

        until(lambda: len(store.claims) > 1 and store.claims[-1] == WORKERS)


def test_the_threads_of_workers_end_with_the_scheduler() -> None:
    store, workers = DueSandboxes(), list[threading.Thread]()
    with scheduling(store, lambda _: workers.append(threading.current_thread())):
        store.add("one")
        until(lambda: store.released)

    workers[0].join(20)
    assert not workers[0].is_alive()
