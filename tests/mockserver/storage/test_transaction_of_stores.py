"""Transactions over both stores: at which moment they run, what a reader may do, and what is left of it."""

from pathlib import Path
from threading import Event, Thread

import pytest
from tests.mockserver.storage.stores import ONE, OTHER, STORES, changing, job

from safelight_mock.config.settings import Settings
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.port import BusyError, SandboxStore
from safelight_mock.storage.transaction import Sandboxes, SandboxEvictedError, Transaction


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SandboxStore:
    return STORES[request.param](tmp_path, Settings(), None)


@pytest.fixture
def sandboxes(store: SandboxStore) -> Sandboxes:
    return Sandboxes(store, lambda: 50.0)


class Holding:
    """Holds a sandbox in another thread."""

    def __init__(self, store: SandboxStore) -> None:
        self._held, self._done = Event(), Event()
        self._thread = Thread(target=self._hold, args=(store,), daemon=True)

    def _hold(self, store: SandboxStore) -> None:
        with Transaction(store, 0) as transaction:
            transaction.sandbox("topaz", "one")
            self._held.set()
            self._done.wait(10)

    def __enter__(self) -> None:
        self._thread.start()
        assert self._held.wait(10)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(10)


def latest(transaction: Transaction) -> float:
    sandbox = transaction.sandbox("topaz", "one")
    return sandbox.latest


def test_work_is_done_now_or_at_a_given_moment(sandboxes: Sandboxes) -> None:
    assert (sandboxes.read(latest, 7), sandboxes.read(latest)) == (7, 50)
    assert (sandboxes.write(latest, 60), sandboxes.write(latest, 0)) == (60, 0)
    assert sandboxes.use(ONE, "topaz", lambda _, copy: copy.latest, 70) == 70
    assert sandboxes.use(ONE, "topaz", lambda _, copy: copy.latest) == 50


def test_work_that_changes_something_is_repeated_as_a_writer_at_the_same_moment(sandboxes: Sandboxes) -> None:
    seen = []

    def work(transaction: Transaction, copy: Sandbox) -> str:
        seen.append((transaction.is_reader, copy.latest))
        copy.label = "mine"
        transaction.commit()
        return copy.label

    assert sandboxes.use(ONE, "topaz", work, 9) == "mine"
    assert sandboxes.use(ONE, "topaz", work, 10, is_reader=False) == "mine"
    assert seen == [(True, 9), (False, 9), (False, 10)]
    assert sandboxes.read(lambda transaction: transaction.sandbox("topaz", "one").label) == "mine"


def test_the_time_of_a_sandbox_is_read_without_waiting(sandboxes: Sandboxes, store: SandboxStore) -> None:
    assert sandboxes.time_of(ONE, 5) is None
    with changing(store) as copy:
        copy.label = "mine"
    assert sandboxes.time_of(ONE, 5) == 5

    with Holding(store):
        assert sandboxes.time_of(ONE, 5) is None


def test_work_that_has_to_wait_too_long_is_busy(sandboxes: Sandboxes, store: SandboxStore) -> None:
    with Holding(store):
        with pytest.raises(BusyError):
            sandboxes.read(latest, timeout=0.01)
        with pytest.raises(BusyError):
            sandboxes.write(latest, timeout=0.01)
        with pytest.raises(BusyError):
            sandboxes.use(ONE, "topaz", lambda *_: None, timeout=0.01)


def test_a_sandbox_that_is_gone_cannot_be_changed(sandboxes: Sandboxes, store: SandboxStore) -> None:
    with pytest.raises(SandboxEvictedError, match=ONE):
        sandboxes.change(ONE, lambda _: None)
    with changing(store) as copy:
        copy.label = "mine"

    assert sandboxes.change(ONE, lambda copy: copy.label) == "mine"


def test_each_sandbox_is_visited_once_and_may_be_read(sandboxes: Sandboxes, store: SandboxStore) -> None:
    for key in ("one", "other"):
        with changing(store, key) as copy:
            copy.jobs[key] = job(key)

    assert sorted((sandbox.name, *sandbox.jobs) for sandbox in sandboxes.each()) == sorted(
        [(ONE, "one"), (OTHER, "other")]
    )


def test_a_transaction_is_about_one_sandbox(store: SandboxStore) -> None:
    with Transaction(store, 0) as transaction:
        transaction.use(ONE, "topaz")
        with pytest.raises(RuntimeError, match=f"about one sandbox: {ONE}, not {OTHER}"):
            transaction.named(OTHER)


def test_a_sandbox_that_is_put_is_of_its_own_vendor(store: SandboxStore) -> None:
    with Transaction(store, 3) as transaction:
        copy = transaction.put(Sandbox(name=ONE, seed="s", vendor="claid", jobs={"a": job("a")}))
        assert (copy.vendor, copy.latest, [*copy.jobs]) == ("claid", 3, ["a"])
        transaction.commit()

    about = store.about(ONE)
    assert about is not None
    assert (about.vendor, about.label) == ("claid", "")
    assert store.about(OTHER) is None


def test_a_renewed_sandbox_keeps_its_label_alone(store: SandboxStore) -> None:
    with changing(store) as copy:
        copy.label, copy.jobs["a"] = "mine", job("a")

    with Transaction(store, 9) as transaction:
        before = transaction.renew(ONE)
        transaction.commit()
    with Transaction(store, 9) as transaction:
        assert transaction.renew(OTHER) is None

    assert before is not None
    assert [*before.jobs] == ["a"]
    about = store.about(ONE)
    assert about is not None
    assert (about.vendor, about.label) == ("topaz", "mine")
    with Transaction(store, 9) as transaction:
        renewed = transaction.before(ONE)
        assert renewed is not None
        assert (renewed.jobs, renewed.never_evicted) == ({}, True)
