"""Room for jobs and sandboxes is made in every store by evicting others, by the same rules."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from msgspec.structs import replace
from tests.mockserver.storage.stores import ONE, OTHER, Open, changing, job, jobs, submit

from safelight_mock.config.settings import Settings
from safelight_mock.core.clock import ClockMode
from safelight_mock.core.job import Event, Move
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.memory import InMemoryPersistence
from safelight_mock.storage.port import BusyError, NotStoredError, SandboxStore
from safelight_mock.storage.sandboxes import SandboxRegistry, name_of
from safelight_mock.storage.transaction import Transaction
from safelight_mock.storage.working_copy import Change
from safelight_mock.wire.problem import Kind, Problem

# -- room


def test_room_for_many_jobs_is_made_by_evicting_the_oldest_of_all_sandboxes(make: Open) -> None:
    store = make(max_jobs=4)
    for at, key in enumerate(("one", "other", "other", "one")):
        submit(store, key, f"job {at}", at=at)

    with changing(store, "third", at=10) as sandbox:
        for number in range(3):
            sandbox.jobs[f"new {number}"] = job(f"new {number}", 10)

    assert (jobs(store, "one"), jobs(store, "other"), len(jobs(store, "third"))) == (["job 3"], [], 3)


def test_if_not_all_jobs_fit_none_is_evicted(make: Open) -> None:
    store = make(max_jobs=3)
    for name, at in (("over", 0), ("later", 4), ("latest", 5)):
        submit(store, "one", name, at=at)

    with (
        pytest.raises(Problem, match=r"fewer than 2 of 3 jobs can be evicted for others: .*raise --max-jobs"),
        changing(store, "one", at=5) as sandbox,
    ):
        sandbox.jobs.update(x=job("x", 5), y=job("y", 5))
    assert jobs(store) == ["over", "later", "latest"]

    submit(store, "other", "z", at=5)
    assert jobs(store) == ["later", "latest"]


@pytest.mark.parametrize(("clock", "clock_rate"), [(ClockMode.REAL, 1), (ClockMode.SCALED, 10)])
def test_a_job_is_rejected_until_another_has_ended(make: Open, clock: ClockMode, clock_rate: int) -> None:
    store = make(max_jobs=1, clock=clock, clock_rate=clock_rate)
    submit(store, "one", "first", at=0)

    for at in (1, 1.5, 1.99):
        with pytest.raises(Problem, match=r"all 1 jobs are in progress: .*raise --max-jobs"):
            submit(store, "other", "early", at=at / clock_rate)
    submit(store, "other", "second", at=2 / clock_rate)

    assert (jobs(store), jobs(store, "other")) == ([], ["second"])


def test_a_job_is_evictable_once_cancelled_or_its_clock_was_set_or_its_webhook_delivered(
    make: Open,
) -> None:
    store = make(max_jobs=3, clock=ClockMode.MANUAL)
    for name in ("cancelled", "ended", "owed"):
        submit(store, name, name)
    with changing(store, "owed") as sandbox:
        sandbox.job_due_at["owed"] = 0
        sandbox.set_clock(0, to=10)

    def refused() -> None:
        with pytest.raises(Problem, match=r"all 3 jobs are in progress: .*raise --max-jobs"):
            submit(store, "new", "early")

    refused()
    with changing(store, "cancelled") as sandbox:
        events = (Event(move=Move.CANCEL, at=0),)
        sandbox.jobs["cancelled"] = replace(sandbox.jobs["cancelled"], events=events)
    submit(store, "new", "first")
    refused()
    with changing(store, "ended") as sandbox:
        sandbox.set_clock(0, to=2)
    submit(store, "new", "second")
    refused()
    with changing(store, "owed") as sandbox:
        del sandbox.job_due_at["owed"]
    submit(store, "new", "third")

    assert [jobs(store, key) for key in ("cancelled", "ended", "owed")] == [[], [], []]
    assert jobs(store, "new") == ["first", "second", "third"]


def test_a_paused_job_is_evictable_once_resumed_and_ended(make: Open) -> None:
    store = make(max_jobs=1)
    submit(store, "one", "paused")

    def move(move: Move, at: float) -> None:
        with changing(store, "one", at) as sandbox:
            moved = sandbox.jobs["paused"]
            sandbox.jobs["paused"] = replace(moved, events=(*moved.events, Event(move=move, at=at)))

    move(Move.PAUSE, 0.5)
    with pytest.raises(Problem, match="in progress"):
        submit(store, "other", "early", at=1_000)
    move(Move.RESUME, 1_000)
    with pytest.raises(Problem, match="in progress"):
        submit(store, "other", "early", at=1_001)
    submit(store, "other", "late", at=1_001.5)

    assert (jobs(store), jobs(store, "other")) == ([], ["late"])


def test_deleted_jobs_make_room(make: Open) -> None:
    store = make(max_jobs=2)
    for name in ("first", "second"):
        submit(store, "one", name)
    with changing(store) as sandbox:
        del sandbox.jobs["first"]

    submit(store, "one", "third")

    assert jobs(store) == ["second", "third"]


def test_a_pinned_job_is_not_evicted_until_its_pin_ends(make: Open) -> None:
    store = make(max_jobs=2)
    submit(store, "one", "held", at=0)
    submit(store, "one", "other", at=1)
    store.pin(ONE, "held", until=60)

    submit(store, "one", "third", at=10)
    assert jobs(store) == ["held", "third"]

    store.unpin(ONE, "held")
    submit(store, "one", "fourth", at=12)
    assert jobs(store) == ["third", "fourth"]

    store.pin(ONE, "third", until=60)
    submit(store, "one", "fifth", at=59)
    submit(store, "one", "sixth", at=61)
    assert jobs(store) == ["fifth", "sixth"]


def test_a_job_of_a_sandbox_in_use_is_skipped_by_eviction(make: Open) -> None:
    store = make(max_jobs=2)
    submit(store, "one", "a", at=0)
    submit(store, "other", "b", at=1)
    held = store.hold(ONE)

    submit(store, "new", "c", at=10)
    with pytest.raises(Problem, match="in progress"):
        submit(store, "new", "d", at=11)
    held.release()
    submit(store, "new", "d", at=11)

    assert [jobs(store, key) for key in ("one", "other", "new")] == [[], [], ["c", "d"]]


def test_the_least_recently_used_idle_sandbox_is_evicted(make: Open) -> None:
    store = make(max_sandboxes=3)
    submit(store, "busy", "a", at=99)
    for key in ("first", "second"):
        with changing(store, key, at=99) as sandbox:
            sandbox.ids_drawn = 1
    with Transaction(store, 99, is_reader=True) as transaction:
        transaction.sandbox("topaz", "first")

    submit(store, "new", "b", at=100)

    assert {*store.names()} == {name_of("topaz", key) for key in ("busy", "first", "new")}


def test_a_sandbox_is_evictable_once_its_jobs_ended_and_nothing_is_pending_or_pinned(make: Open) -> None:
    store = make(max_sandboxes=1)
    submit(store, "one", "a", at=0)

    def refused(at: float) -> None:
        with pytest.raises(Problem, match=r"all 1 sandboxes are in use: .*raise --max-sandboxes"):
            submit(store, "other", "b", at=at)

    refused(at=1.9)
    with changing(store, at=1.9) as sandbox:
        sandbox.job_due_at["a"] = 2
    refused(at=3)
    with changing(store, at=3) as sandbox:
        del sandbox.job_due_at["a"]
    store.pin(ONE, "a", until=60)
    refused(at=4)
    held = store.hold(ONE)
    store.unpin(ONE, "a")
    refused(at=4)
    held.release()
    with changing(store, at=4) as sandbox:
        sandbox.never_evicted = True
    refused(at=1_000)
    with changing(store, at=1_000) as sandbox:
        sandbox.never_evicted = False

    submit(store, "other", "b", at=1_000)
    assert list(store.names()) == [OTHER]


def test_a_pin_of_a_sandbox_ends_by_itself(make: Open) -> None:
    store = make(max_sandboxes=1)
    submit(store, "one", "a", at=0)
    store.pin(ONE, "a", until=60)
    with pytest.raises(Problem, match="in use"):
        submit(store, "other", "b", at=59)

    submit(store, "other", "b", at=60)
    assert list(store.names()) == [OTHER]


@pytest.mark.parametrize("bound", ["max_jobs", "max_sandboxes"])
def test_sandboxes_that_evict_from_one_another_do_not_deadlock(make: Open, bound: str) -> None:
    store = make(**{bound: 3})
    together = Barrier(6)

    def submit_many(key: str) -> int:
        together.wait()
        refused = 0
        for at in range(100):
            try:
                submit(store, f"{key} {at % 2}", f"{key} {at}", at=at * 10)
            except BusyError:
                pytest.fail("two sandboxes waited for one another")
            except Problem:
                refused += 1
        return refused

    with ThreadPoolExecutor(6) as pool:
        refused = sum(pool.map(submit_many, map(str, range(6))))

    assert refused < 600
    assert len(store.names()) <= 3 if bound == "max_sandboxes" else True
    kept = [len(jobs(store, f"{key} {half}")) for key in range(6) for half in (0, 1)]
    if bound == "max_jobs":
        assert 1 <= sum(kept) <= 3


def test_a_label_is_unique_until_it_is_released(store: SandboxStore) -> None:
    with changing(store) as sandbox:
        sandbox.label = "mine"
    assert store.labelled("mine") == ONE

    with (
        pytest.raises(Problem, match="label: 'mine' is the label of another"),
        changing(store, "other") as sandbox,
    ):
        sandbox.label = "mine"
    assert list(store.names()) == [ONE]
    with changing(store) as sandbox:
        sandbox.label = "ours"
    with changing(store, "other") as sandbox:
        sandbox.label = "mine"

    assert [store.labelled(label) for label in ("mine", "ours", "others")] == [OTHER, ONE, None]


def test_replacing_a_sandbox_evicts_no_job_of_another(make: Open) -> None:
    store = make(max_jobs=3)
    submit(store, "one", "a", at=0)
    submit(store, "other", "b", at=0)

    def put(*names: str) -> None:
        brought = Sandbox(name=ONE, seed="seed", vendor="topaz", jobs={name: job(name) for name in names})
        with Transaction(store, 50) as transaction:
            transaction.put(brought)
            transaction.commit()

    put("c", "d")
    assert (jobs(store), jobs(store, "other")) == (["c", "d"], ["b"])
    with pytest.raises(Problem, match="3 jobs do not fit beside the 1 others: --max-jobs is 3"):
        put("e", "f", "g")
    assert (jobs(store), jobs(store, "other")) == (["c", "d"], ["b"])
    assert [[*store.with_job(name)] for name in ("a", "c", "e")] == [[], [ONE], []]

    submit(store, "other", "h", at=51)
    assert (jobs(store), jobs(store, "other")) == (["c", "d"], ["h"])


def test_a_pinned_job_between_others_is_left_out(make: Open) -> None:
    store = make(max_jobs=3)
    for at, name in enumerate(("first", "pinned", "last")):
        submit(store, "other", name, at=at)
    store.pin(OTHER, "pinned", until=100)

    with changing(store, "one", at=50) as sandbox:
        sandbox.jobs.update(x=job("x", 50), y=job("y", 50))

    assert (jobs(store, "other"), jobs(store)) == (["pinned"], ["x", "y"])


def test_the_pins_of_a_sandbox_that_is_deleted_end(make: Open) -> None:
    store = make(max_jobs=1)
    submit(store, "one", "a", at=0)
    store.pin(ONE, "a", until=1_000)
    store.delete([ONE])
    submit(store, "one", "a", at=10)

    submit(store, "other", "b", at=20)

    assert (jobs(store), jobs(store, "other")) == ([], ["b"])


# -- what could not be stored


@pytest.mark.parametrize("bound", ["max_jobs", "max_sandboxes"])
def test_what_is_refused_for_want_of_room_takes_none(make: Open, bound: str) -> None:
    store = make(**{bound: 1})
    submit(store, "one", "a", at=0)
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            submit(store, "other", "b", at=0)
        assert refused.value.kind is Kind.NO_ROOM
    store.delete([ONE])

    submit(store, "other", "b", at=0)

    assert jobs(store, "other") == ["b"]
    with pytest.raises(Problem):
        submit(store, "one", "a", at=0)


@pytest.mark.parametrize("bound", ["max_jobs", "max_sandboxes"])
def test_what_is_refused_for_its_label_makes_no_room(make: Open, bound: str) -> None:
    store = make(**{bound: 1})
    submit(store, "one", "a", at=0, label="mine")
    with pytest.raises(Problem, match="is the label of another sandbox"):
        submit(store, "other", "b", at=0, label="mine")

    with pytest.raises(Problem) as refused:
        submit(store, "other", "b", at=0)

    assert refused.value.kind is Kind.NO_ROOM


class Failing(InMemoryPersistence):
    """Storage that fails while it is told to."""

    fails = False

    def save(self, changes: Sequence[Change], gone: Iterable[str] = ()) -> None:
        super().save(changes, gone)
        if self.fails:
            raise NotStoredError("the disk is full")


@pytest.mark.parametrize("bound", ["max_jobs", "max_sandboxes"])
def test_what_was_to_be_evicted_for_a_change_that_cannot_be_stored_is_evicted_later(bound: str) -> None:
    failing = Failing()
    store = SandboxRegistry("seed", Settings(**{bound: 1}), failing)  # type: ignore[arg-type] # one of both
    submit(store, "one", "a", at=0)
    failing.fails = True
    for _ in range(2):
        with pytest.raises(NotStoredError):
            submit(store, "other", "b", at=100)
    assert (jobs(store), jobs(store, "other")) == (["a"], [])

    failing.fails = False
    submit(store, "other", "b", at=100)

    assert (jobs(store), jobs(store, "other")) == ([], ["b"])
