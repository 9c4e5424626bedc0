"""What every store of sandboxes does: those of one process, in memory and in a folder, and any other."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Barrier

import pytest
from msgspec.structs import replace
from tests.mockserver.disks import full

from safelight_mock.config.settings import Settings
from safelight_mock.core.clock import ClockMode
from safelight_mock.core.job import Event, Job, Move, Plan, Source, State
from safelight_mock.core.picture import Format, Picture
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Attempt, Delivery, Outcome
from safelight_mock.storage.memory import InMemoryPersistence
from safelight_mock.storage.port import BusyError, NotStoredError, SandboxStore
from safelight_mock.storage.sandboxes import SandboxRegistry, name_of
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.storage.transaction import ChangedError, Sandboxes, Transaction
from safelight_mock.wire.problem import Problem

PICTURE = Picture(format=Format.JPEG, width=6, height=4)
ONE, OTHER = name_of("topaz", "one"), name_of("topaz", "other")

Open = Callable[..., SandboxStore]


def in_memory(_: Path, settings: Settings, inputs: Counter[str] | None) -> SandboxStore:
    return SandboxRegistry("seed", settings, InMemoryPersistence(), inputs=inputs)


def in_folder(folder: Path, settings: Settings, inputs: Counter[str] | None) -> SandboxStore:
    persistence = SqliteStore(folder)
    registry = SandboxRegistry("seed", settings, persistence, inputs=inputs)
    registry.load(persistence.load())
    return registry


STORES = {"memory": in_memory, "sqlite": in_folder}


@pytest.fixture(params=STORES)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Open a store with settings of its own: every test runs once over each kind."""
    opened: list[SandboxStore] = []

    def make(inputs: Counter[str] | None = None, **chosen: object) -> SandboxStore:
        settings = Settings(**chosen)  # type: ignore[arg-type] # whatever it takes
        opened.append(STORES[request.param](tmp_path / str(len(opened)), settings, inputs))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(make: Open) -> SandboxStore:
    return make()


def job(name: str, at: float = 0, *, queued: float = 1, running: float = 1) -> Job:
    """A job that is over two seconds after it was submitted."""
    source = Source(id=name, digest=f"input of {name}", filename="a.jpg", picture=PICTURE)
    plan = Plan(queued=queued, running=running)
    return Job(id=name, operation="enhance", plan=plan, source=source, output=PICTURE, submitted=at)


def delivery(name: str, *outcomes: Outcome) -> Delivery:
    attempts = tuple(Attempt(at=0, outcome=outcome) for outcome in outcomes)
    return Delivery(
        id=name,
        job="job",
        lifecycle="image",
        state=State.RUNNING,
        vendor_state="Processing",
        at=0,
        target="http://hook",
        headers={},
        body="{}",
        first=0,
        attempts=attempts,
    )


@contextmanager
def changing(store: SandboxStore, key: str = "one", at: float = 0) -> Iterator[Sandbox]:
    """Change a key's sandbox, as a request does."""
    with Transaction(store, at) as transaction:
        yield transaction.sandbox("topaz", key)
        transaction.commit()


def submit(store: SandboxStore, key: str, name: str, at: float = 0, label: str = "") -> None:
    with changing(store, key, at) as sandbox:
        sandbox.jobs[name] = job(name, sandbox.now(at))
        sandbox.label = label or sandbox.label


def shown(store: SandboxStore, name: str = ONE, at: float = 0) -> Sandbox | None:
    """What a reader gets of a sandbox."""
    with Transaction(store, at, is_reader=True) as transaction:
        return transaction.named(name)


def jobs(store: SandboxStore, key: str = "one") -> list[str]:
    actual = shown(store, name_of("topaz", key))
    return [] if actual is None else list(actual.jobs)


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
            actual = shown(store, name_of("topaz", "hot"), at)
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

    with pytest.raises(Problem, match="Another sandbox is called mine"), changing(store, "other") as sandbox:
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


# -- what is due


def test_a_sandbox_is_claimed_when_something_is_due_by_a_clock_that_runs(make: Open) -> None:
    store = make(clock=ClockMode.SCALED, clock_rate=10)
    earlier: list[float] = []
    store.on_due(lambda: earlier.append(store.next_due))
    with changing(store) as sandbox:
        sandbox.job_due_at["job"] = 50.0
    with changing(store, "other") as sandbox:
        sandbox.next_attempt_at["delivery"] = 70.0
    with changing(store, "standing") as sandbox:
        sandbox.set_clock(0, mode=ClockMode.MANUAL)
        sandbox.job_due_at["job"] = 0.0

    assert (store.next_due, earlier) == (5, [5])
    assert not store.claim(8, real=4.9)
    (lease,) = store.claim(8, real=5)
    assert (lease.name, store.is_leased(ONE), store.next_due) == (ONE, True, 7)
    with changing(store, at=5) as sandbox:
        sandbox.job_due_at["job"] = 60.0
    assert store.next_due == 7
    lease.release()

    assert (store.is_leased(ONE), store.next_due, earlier) == (False, 6, [5, 6])
    assert [claimed.name for claimed in store.claim(1, real=100)] == [ONE]
    assert [claimed.name for claimed in store.claim(8, real=100)] == [OTHER]


def test_a_leased_sandbox_is_not_claimed_until_it_is_released(store: SandboxStore) -> None:
    with changing(store) as sandbox:
        sandbox.job_due_at["job"] = 5.0
    lease = store.lease(ONE, 0)
    assert lease is not None
    assert store.lease(ONE, 0.001) is None

    assert not store.claim(8, real=10)
    lease.release(not_before=12)

    assert (store.next_due, store.claim(8, real=11)) == (12, [])
    assert [claimed.name for claimed in store.claim(8, real=12)] == [ONE]


def test_a_lease_ends_with_the_change_that_is_saved_with_it(store: SandboxStore) -> None:
    submit(store, "one", "a")
    lease = store.lease(ONE, 0)
    assert lease is not None

    with Transaction(store, 0) as transaction:
        sandbox = transaction.named(ONE)
        assert sandbox is not None
        sandbox.job_due_at["a"] = 5.0
        transaction.commit(ends=lease)
        assert (store.is_leased(ONE), store.next_due) == (False, 5)

    (other,) = store.claim(8, real=5)
    lease.release()  # a second time
    assert (other.name, store.is_leased(ONE)) == (ONE, True)


def test_a_lease_lasts_if_the_change_cannot_be_saved(store: SandboxStore) -> None:
    submit(store, "one", "a")
    submit(store, "other", "b", label="taken")
    lease = store.lease(ONE, 0)
    assert lease is not None

    with Transaction(store, 0) as transaction:
        sandbox = transaction.named(ONE)
        assert sandbox is not None
        sandbox.label = "taken"
        with pytest.raises(Problem, match="Another sandbox is called taken"):
            transaction.commit(ends=lease)

    assert store.is_leased(ONE)


def test_a_copy_that_was_changed_after_it_was_saved_is_not_used_again(store: SandboxStore) -> None:
    with Transaction(store, 0) as transaction:
        sandbox = transaction.sandbox("topaz", "one")
        sandbox.jobs["a"] = job("a")
        transaction.commit(is_last=False)
        sandbox.jobs["b"] = job("b")
        sandbox.pause = 77.0

    actual = shown(store)
    assert actual is not None
    assert (list(actual.jobs), actual.pause == 77.0) == (["a"], False)


def test_evicted_and_stopped_sandboxes_are_not_due(make: Open) -> None:
    store = make(max_sandboxes=2)
    for key in ("one", "other"):
        with changing(store, key) as sandbox:
            sandbox.job_due_at["job"] = 5.0
    with changing(store) as sandbox:
        sandbox.set_clock(0, mode=ClockMode.MANUAL)
    with Transaction(store, 0) as transaction:
        transaction.put(Sandbox(name=OTHER, seed="seed", vendor="topaz"))
        transaction.commit()

    assert store.next_due == float("inf")
    assert not store.claim(8, real=100)


def test_a_held_clock_is_released_unless_the_sandbox_is_leased(store: SandboxStore) -> None:
    with changing(store) as sandbox:
        sandbox.hold_clock(0)
    lease = store.lease(ONE, 0)
    assert lease is not None
    leased = shown(store, at=5)
    assert leased is not None
    assert leased.now(5) == 0
    lease.release()

    def work(transaction: Transaction, _: Sandbox) -> None:
        transaction.commit()

    Sandboxes(store, lambda: 10.0).use(ONE, "topaz", work)

    actual = shown(store, at=15)
    assert actual is not None
    assert actual.now(15) == 5


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
