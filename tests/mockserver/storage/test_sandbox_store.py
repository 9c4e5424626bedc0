"""What every store of sandboxes does: those of one process, in memory and in a folder, and any other."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from msgspec.structs import replace
from tests.mockserver.disks import full
from tests.mockserver.storage.stores import ONE, OTHER, Open, changing, delivery, job, jobs, shown, submit

from safelight_mock.core.clock import ClockMode
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Outcome
from safelight_mock.storage.port import BusyError, NotStoredError, SandboxStore
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import ChangedError, Sandboxes, Transaction
from safelight_mock.wire.problem import Problem


def test_a_change_is_visible_once_it_is_committed(store: SandboxStore) -> None:
    with Transaction(store, 0) as transaction:
        transaction.sandbox("topaz", "one").jobs["a"] = job("a")
        assert transaction.before(ONE) is None
        transaction.commit()
        before = transaction.before(ONE)
        assert before is not None
        assert list(before.jobs) == ["a"]

    assert jobs(store) == ["a"]


def test_uncommitted_changes_are_dropped(store: SandboxStore) -> None:
    submit(store, "one", "a")

    with Transaction(store, 5) as transaction:
        copy = transaction.sandbox("topaz", "one")
        copy.jobs["b"], copy.ids_drawn = job("b"), 9
        copy.set_clock(5, mode=ClockMode.MANUAL, to=500)
        del copy.jobs["a"]

    actual = shown(store, at=5)
    assert actual is not None
    assert (list(actual.jobs), actual.ids_drawn, actual.now(5)) == (["a"], 0, 5)


def test_a_reader_that_changes_something_is_run_again_as_a_writer(store: SandboxStore) -> None:
    submit(store, "one", "a")
    runs: list[bool] = []

    def work(transaction: Transaction, sandbox: Sandbox) -> str:
        runs.append(transaction.is_reader)
        sandbox.jobs["b"] = job("b")
        transaction.commit()
        return "done"

    assert Sandboxes(store, lambda: 0.0).use(ONE, "topaz", work) == "done"
    assert runs == [True, False]
    assert jobs(store) == ["a", "b"]
    with pytest.raises(ChangedError):
        Sandboxes(store, lambda: 0.0).read(lambda one: work(one, one.sandbox("topaz", "one")))


def test_a_read_only_transaction_runs_once(store: SandboxStore) -> None:
    submit(store, "one", "a")
    runs: list[bool] = []

    def work(transaction: Transaction, sandbox: Sandbox) -> float:
        runs.append(transaction.is_reader)
        transaction.end_reading()
        return sandbox.latest

    assert Sandboxes(store, lambda: 50.0).use(ONE, "topaz", work) == 50
    assert runs == [True]


@pytest.mark.parametrize(
    ("clock", "is_stored"), [(ClockMode.REAL, False), (ClockMode.SCALED, False), (ClockMode.MANUAL, True)]
)
def test_a_sandbox_with_a_stopped_clock_is_stored_by_its_first_read(
    make: Open, clock: ClockMode, *, is_stored: bool
) -> None:
    store = make(clock=clock)

    def work(transaction: Transaction, _: Sandbox) -> None:
        if transaction.is_reader:
            transaction.end_reading()
        transaction.commit()

    Sandboxes(store, lambda: 7.0).use(ONE, "topaz", work)

    assert list(store.names()) == [ONE] * is_stored
    assert store.labelled("") is None


def test_an_unchanged_copy_is_reused_and_a_changed_one_is_not(
    store: SandboxStore,
) -> None:
    submit(store, "one", "a")

    def read() -> Sandbox:
        with Transaction(store, 0, is_reader=True) as transaction:
            return transaction.sandbox("topaz", "one")

    first = read()
    assert read() is first
    with suppress(KeyError), Transaction(store, 0, is_reader=True) as transaction:
        del transaction.sandbox("topaz", "one").jobs["a"]
        raise KeyError  # as a handler does that has to run again

    assert read() is not first
    assert jobs(store) == ["a"]


def test_a_reader_releases_its_sandbox_after_reading(store: SandboxStore) -> None:
    submit(store, "one", "a")

    with Transaction(store, 0, is_reader=True) as transaction:
        transaction.sandbox("topaz", "one")
        transaction.end_reading()
        store.hold(ONE, 0).release()


def test_time_never_goes_back_between_threads(store: SandboxStore) -> None:
    submit(store, "one", "a")

    later = shown(store, at=100)
    earlier = shown(store, at=50)

    assert later is not None
    assert earlier is not None
    assert (later.now(100), earlier.now(50)) == (100, 100)


def test_a_transaction_waits_for_its_own_sandbox_only(store: SandboxStore) -> None:
    submit(store, "one", "a")
    submit(store, "other", "b")

    held = store.hold(ONE)
    for take in (store.hold, store.view):
        with pytest.raises(BusyError):
            take(ONE, 0.001)
    store.hold(OTHER, 0).release()
    held.release()

    again = store.view(ONE, 0)
    assert again is not None
    again.release()


def test_a_sandbox_that_was_not_stored_frees_its_name(store: SandboxStore) -> None:
    for _ in range(3):
        held = store.hold(ONE, 0)
        with pytest.raises(BusyError):
            store.hold(ONE, 0)
        held.release()

    assert store.view(ONE, 0) is None
    assert list(store.names()) == []


def test_a_transaction_is_about_one_sandbox(store: SandboxStore) -> None:
    submit(store, "one", "a")
    with Transaction(store, 0) as transaction:
        transaction.sandbox("topaz", "one").ids_drawn = 1
        with pytest.raises(RuntimeError, match=f"about one sandbox: {ONE}, not {OTHER}"):
            transaction.sandbox("topaz", "other")
        transaction.commit()

    assert list(store.names()) == [ONE]


def test_concurrent_submissions_are_all_stored_with_distinct_ids(store: SandboxStore) -> None:
    keys = ["hot"] * 4 + [f"key {number}" for number in range(4)]
    together = Barrier(len(keys))
    times: list[float] = []

    def submit_many(key: str) -> list[str]:
        together.wait()
        drawn = []
        for at in range(100):
            with changing(store, key, at) as sandbox:
                name = str(sandbox.draw())
                sandbox.jobs[name] = replace(job(name, sandbox.now(at)), number=sandbox.ids_drawn)
            drawn.append(name)
        return drawn

    def watch() -> None:
        for at in range(100):
            with Transaction(store, at, is_reader=True) as transaction:  # others go on after it
                actual = transaction.named(name_of("topaz", "hot"))
                if actual is not None:
                    times.append(actual.now(at))
                    assert max((one.submitted for one in actual.jobs.values()), default=0) <= times[-1]

    with ThreadPoolExecutor(len(keys) + 1) as pool:
        acknowledged = [pool.submit(submit_many, key) for key in keys]
        pool.submit(watch).result(60)
        drawn = {key: set[str]() for key in keys}
        for key, ids in zip(keys, acknowledged, strict=True):
            drawn[key] |= set(ids.result(60))

    assert {key: set(jobs(store, key)) for key in keys} == drawn
    assert [len(drawn[key]) for key in keys] == [400] * 4 + [100] * 4
    assert times == sorted(times)
    for key in keys:
        actual = shown(store, name_of("topaz", key))
        assert actual is not None
        assert [one.number for one in actual.jobs.values()] == list(range(1, actual.ids_drawn + 1))


@pytest.mark.parametrize("make", ["sqlite"], indirect=True)  # memory takes all there is room for
def test_a_change_that_cannot_be_persisted_changes_nothing(make: Open) -> None:
    store = make(max_jobs=2, max_sandboxes=2)
    submit(store, "one", "a", at=0)
    submit(store, "other", "b", at=1)
    with full():
        for key in ("one", "new"):
            with pytest.raises(NotStoredError):
                submit(store, key, "c", at=50, label="mine")
        with changing(store, "unused", at=50):
            pass  # does not reject a request
    assert (jobs(store), jobs(store, "other"), len(store.names())) == (["a"], ["b"], 2)
    assert store.labelled("mine") is None

    submit(store, "one", "c", at=50)
    assert (jobs(store), jobs(store, "other")) == (["c"], ["b"])


# -- what is known of all


def test_ids_inputs_and_counts_follow_every_change(make: Open) -> None:
    inputs = Counter[str]()
    store = make(inputs)
    submit(store, "one", "a")
    submit(store, "other", "a")
    with changing(store) as sandbox:
        sandbox.jobs["b"] = job("b")
        sandbox.deliveries.update(x=delivery("x"), y=delivery("y", Outcome.FAILED))

    assert [[*store.with_job(name)] for name in ("a", "b", "c")] == [[ONE, OTHER], [ONE], []]
    assert [[*store.with_delivery(name)] for name in ("x", "z")] == [[ONE], []]
    assert {*inputs} == {"input of a", "input of b"}
    assert {**store.count_sandboxes()} == {"topaz": 2}
    assert {**store.count_deliveries()} == {("topaz", "pending"): 1, ("topaz", "5xx"): 1}

    with changing(store) as sandbox:
        del sandbox.jobs["a"], sandbox.deliveries["y"]
        sandbox.jobs["b"] = replace(sandbox.jobs["b"], reported=1)
        sandbox.deliveries["x"] = delivery("x", Outcome.DELIVERED)

    assert [[*store.with_job(name)] for name in ("a", "b")] == [[OTHER], [ONE]]
    assert [[*store.with_delivery(name)] for name in ("x", "y")] == [[ONE], []]
    assert {*inputs} == {"input of a", "input of b"}
    assert {name: count for name, count in store.count_deliveries().items() if count} == {("topaz", "2xx"): 1}


def test_an_evicted_sandbox_is_unknown(make: Open) -> None:
    inputs = Counter[str]()
    store = make(inputs, max_sandboxes=1)
    with changing(store) as sandbox:
        sandbox.label = "mine"
        sandbox.jobs["a"] = job("a")
        sandbox.deliveries["x"] = delivery("x")

    submit(store, "other", "b", at=100)

    assert (store.labelled("mine"), [*store.with_job("a")], [*store.with_delivery("x")]) == (None, [], [])
    assert {*inputs} == {"input of b"}
    assert sum(store.count_deliveries().values()) == 0
    assert {**store.count_sandboxes()} == {"topaz": 1}


def test_a_closed_store_ignores_late_changes(store: SandboxStore) -> None:
    submit(store, "one", "a")
    store.close()

    with suppress(Problem):
        submit(store, "one", "b")
    assert jobs(store)[0] == "a"
