"""The registry of all sandboxes: what it loads, what it tells others, and which use counts."""

from collections.abc import Callable, Iterable, Sequence
from math import inf

import pytest
from tests.mockserver.storage.stores import ONE, OTHER, changing, job, jobs, submit

from safelight_mock.config.settings import Settings
from safelight_mock.core.changes import Changes
from safelight_mock.core.job import WHOLE, Inspection, Job
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.memory import InMemoryPersistence
from safelight_mock.storage.port import BusyError
from safelight_mock.storage.sandboxes import AssumedInspections, SandboxRegistry, name_of
from safelight_mock.storage.working_copy import Change, WorkingCopy
from safelight_mock.wire.problem import Problem


class Recording(InMemoryPersistence):
    """Remembers the names of what was saved and of what is gone."""

    def __init__(self) -> None:
        self.saved: list[tuple[list[str], list[str]]] = []

    def save(self, changes: Sequence[Change], gone: Iterable[str] = ()) -> None:
        self.saved.append(([change.sandbox.name for change in changes], [*gone]))


def registry(**settings: int) -> SandboxRegistry:
    return SandboxRegistry("seed", Settings(**settings))  # type: ignore[arg-type] # bounds only


def loaded(**settings: int) -> SandboxRegistry:
    """A registry with two jobs in one sandbox and one in another."""
    made = registry(**settings)
    one = Sandbox(name=ONE, seed="s", vendor="topaz", label="mine", jobs={"a": job("a"), "b": job("b")})
    other = Sandbox(name=OTHER, seed="s", vendor="topaz", jobs={"c": job("c")})
    one.job_due_at["a"] = 5.0
    made.load([one, other])
    return made


def test_what_is_loaded_takes_its_room() -> None:
    with pytest.raises(Problem, match="all 3 jobs are in progress"):
        submit(loaded(max_jobs=3), "one", "d")
    with pytest.raises(Problem, match="all 2 sandboxes are in use"):
        submit(loaded(max_sandboxes=2), "third", "d")

    larger = loaded(max_jobs=4, max_sandboxes=3)
    submit(larger, "third", "d")
    assert jobs(larger, "third") == ["d"]


def test_what_is_loaded_is_known() -> None:
    store = loaded()

    assert (store.labelled("mine"), store.labelled("")) == (ONE, None)
    assert (store.next_due, {**store.count_sandboxes()}) == (5.0, {"topaz": 2})


def test_a_new_sandbox_is_prepared_before_its_first_request() -> None:
    store = registry()

    def prepare(sandbox: Sandbox) -> None:
        sandbox.pause = 7.0

    store.on_new(prepare)

    assert store.new("name", "topaz", 5.0).pause == 7.0


@pytest.mark.parametrize("use", [SandboxRegistry.view, SandboxRegistry.hold])
def test_a_sandbox_in_use_is_named(use: Callable[..., object]) -> None:
    store = loaded()
    held = store.hold(ONE)

    with pytest.raises(BusyError, match=f"sandbox {ONE} is in use"):
        use(store, ONE, 0.001)
    held.release()


@pytest.mark.parametrize("use", [SandboxRegistry.view, SandboxRegistry.hold])
@pytest.mark.parametrize("is_use", [False, True])
def test_only_a_use_that_counts_puts_off_eviction(use: Callable[..., object], *, is_use: bool) -> None:
    store = registry(max_sandboxes=2)
    for key in ("one", "other"):
        submit(store, key, key)

    use(store, ONE, **({"is_use": True} if is_use else {})).release()  # type: ignore[attr-defined] # a slot
    submit(store, "new", "new", at=100)

    assert [*store.names()] == [ONE if is_use else OTHER, name_of("topaz", "new")]


def put(store: SandboxRegistry, name: str, real: float = 0.0, **options: bool) -> None:
    held = store.hold(name)
    whole = Sandbox(name=name, seed="s", vendor="topaz", jobs={"a": job("a")})
    store.put(held, WorkingCopy(whole, is_whole=True), real, **options)
    held.release()


@pytest.mark.parametrize("is_new", [False, True])
def test_only_a_new_sandbox_in_the_place_of_another_ends_its_lease_and_pins(*, is_new: bool) -> None:
    store = registry(max_jobs=1)
    put(store, ONE)
    store.pin(ONE, "a", until=1_000)
    store.lease(ONE, 0)
    held = store.hold(ONE)
    number = held.number
    held.release()

    put(store, ONE, **({"is_new": True} if is_new else {}))

    assert store.is_leased(ONE) is not is_new
    slot = store.hold(ONE)
    assert (slot.number > number) is is_new
    slot.release()
    if is_new:
        submit(store, "other", "b", at=100)
    else:
        with pytest.raises(Problem, match="in progress"):
            submit(store, "other", "b", at=100)


def test_a_sandbox_that_is_put_evicts_an_idle_one_but_no_jobs() -> None:
    store = registry(max_sandboxes=1)
    submit(store, "one", "a")

    put(store, OTHER, real=100)

    assert [*store.names()] == [OTHER]
    with pytest.raises(Problem, match="1 jobs do not fit beside the 1 others"):
        put(loaded_with_one_job(), OTHER, real=100)


def loaded_with_one_job() -> SandboxRegistry:
    store = registry(max_jobs=1)
    submit(store, "one", "b")
    return store


def test_a_sandbox_is_idle_once_its_job_is_not_pinned() -> None:
    store = registry(max_sandboxes=1)
    submit(store, "one", "a")
    store.pin(ONE, "a", until=1_000)
    with pytest.raises(Problem, match="all 1 sandboxes are in use"):
        submit(store, "other", "b", at=50)

    store.unpin(ONE, "a")
    submit(store, "other", "b", at=51)

    assert [*store.names()] == [OTHER]


def test_jobs_are_counted_by_the_inspections_of_their_vendor() -> None:
    asked: list[str] = []

    def inspect_for(vendor: str) -> Callable[[Job], Inspection]:
        asked.append(vendor)
        return lambda _: WHOLE

    assumed = AssumedInspections(inspect_for=inspect_for, changes=Changes())
    store = SandboxRegistry("seed", Settings(), assumed=assumed)
    submit(store, "one", "a")

    store.count_jobs(0)

    assert {*asked} == {"topaz"}


def test_what_is_evicted_is_stored_with_the_change_that_needs_its_place() -> None:
    stored = Recording()
    store = SandboxRegistry("seed", Settings(max_sandboxes=1), stored)
    submit(store, "one", "a")

    submit(store, "other", "b", at=100)

    assert stored.saved == [([ONE], []), ([OTHER], [ONE])]


def test_something_may_be_due_at_once() -> None:
    store = registry()
    with changing(store) as sandbox:
        sandbox.job_due_at["a"] = 0.5

    assert store.next_due == 0.5


def test_a_deleted_sandbox_is_not_a_candidate_for_eviction() -> None:
    store = registry(max_sandboxes=1)
    submit(store, "one", "a")
    store.delete([ONE])
    submit(store, "other", "b")

    submit(store, "new", "c", at=100)

    assert [*store.names()] == [name_of("topaz", "new")]
    assert store.next_due == inf
