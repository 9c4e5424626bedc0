"""What is known of all sandboxes follows each change of one."""

from collections import Counter
from math import inf

import pytest
from msgspec.structs import replace
from tests.mockserver.storage.stores import delivery, job

from safelight_mock.core.clock import Clock, ClockMode
from safelight_mock.core.job import Event, Job, Move
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Outcome
from safelight_mock.storage.indexes import Indexes, outcome_of
from safelight_mock.storage.working_copy import WorkingCopy

STOPPED = Clock(mode=ClockMode.MANUAL)


@pytest.fixture
def inputs() -> Counter[str]:
    return Counter()


@pytest.fixture
def indexes(inputs: Counter[str]) -> Indexes:
    return Indexes({"box": 1, "other": 2}.get, inputs)


def box(*jobs: Job, name: str = "box", clock: Clock = STOPPED, latest: float = 0.0) -> Sandbox:
    named = {one.id: one for one in jobs}
    return Sandbox(name=name, seed="s", vendor="topaz", jobs=named, clock=clock, latest=latest)


def change(indexes: Indexes, working: WorkingCopy) -> None:
    """Count and merge a change, as the registry does."""
    changed = working.change()
    assert changed is not None
    indexes.change(changed, working.base)
    working.merge(changed)


def evicted(indexes: Indexes, real: float = 0.0) -> list[str]:
    """The jobs that could be evicted, the oldest first."""
    return [victim.entry.job for victim in indexes.oldest.pick(9, real, lambda *_: -inf)]


def idle(indexes: Indexes) -> str | None:
    return indexes.idle.pick(0, lambda _: -inf)


def test_a_sandbox_is_counted_with_all_that_it_has(indexes: Indexes, inputs: Counter[str]) -> None:
    sandbox = box(job("a"), job("b"))
    sandbox.deliveries.update(x=delivery("x"), y=delivery("y", Outcome.FAILED, Outcome.DELIVERED))

    indexes.add(sandbox)

    assert indexes.vendors == {"topaz": 1}
    assert inputs == {"input of a": 1, "input of b": 1}
    assert indexes.outcomes == {("topaz", "pending"): 1, ("topaz", "2xx"): 1}
    assert [[*indexes.with_job.names(name)] for name in ("a", "b", "c")] == [["box"], ["box"], []]
    assert [[*indexes.with_delivery.names(name)] for name in ("x", "z")] == [["box"], []]
    assert (idle(indexes), idle(indexes)) == ("box", None)


def test_nothing_of_a_sandbox_that_is_removed_is_left(indexes: Indexes, inputs: Counter[str]) -> None:
    gone, kept = box(job("a"), job("b"), latest=9.0), box(job("a"), name="other")
    for sandbox in (gone, kept):
        sandbox.deliveries["x"] = delivery("x")
        indexes.add(sandbox)
        indexes.due[sandbox.name] = 5.0

    indexes.remove(gone)

    assert indexes.vendors == {"topaz": 1}
    assert inputs == {"input of a": 1}
    assert [*inputs] == ["input of a"]
    assert indexes.outcomes == {("topaz", "pending"): 1}
    assert [[*indexes.with_job.names(name)] for name in ("a", "b")] == [["other"], []]
    assert [*indexes.with_delivery.names("x")] == ["other"]
    assert {**indexes.due} == {"other": 5.0}
    assert evicted(indexes) == []
    indexes.remove(kept)
    assert [*inputs] == []


def test_a_sandbox_in_which_nothing_was_due_can_be_removed(indexes: Indexes) -> None:
    indexes.add(box())

    indexes.remove(box())

    assert indexes.vendors == {"topaz": 0}


def test_a_job_can_be_evicted_from_its_end(indexes: Indexes) -> None:
    indexes.add(box(job("ends now", 1), job("ended"), job("later", 2), latest=3.0))

    assert evicted(indexes) == ["ended", "ends now"]


def test_a_job_whose_end_its_plan_does_not_say_is_looked_at_each_time(indexes: Indexes) -> None:
    cancelled = replace(job("cancelled", 50), events=(Event(move=Move.CANCEL, at=50),))

    indexes.add(box(job("later", 50), cancelled))

    assert evicted(indexes) == ["cancelled"]


def test_jobs_that_are_set_and_removed_are_counted(indexes: Indexes, inputs: Counter[str]) -> None:
    sandbox = box(job("a"), job("b"), latest=9.0)
    indexes.add(sandbox)
    working = WorkingCopy(sandbox)
    working.copy.jobs["c"] = replace(job("c"), source=job("b").source)
    del working.copy.jobs["a"]

    change(indexes, working)

    assert inputs == {"input of b": 2}
    assert [[*indexes.with_job.names(name)] for name in ("a", "b", "c")] == [[], ["box"], ["box"]]
    assert evicted(indexes) == ["b", "c"]


def test_the_inputs_of_a_job_that_is_replaced_are_counted_anew(
    indexes: Indexes, inputs: Counter[str]
) -> None:
    sandbox = box(job("a"), latest=9.0)
    indexes.add(sandbox)
    working = WorkingCopy(sandbox)
    working.copy.jobs["a"] = replace(sandbox.jobs["a"], source=job("b").source)

    change(indexes, working)

    assert inputs == {"input of b": 1}
    assert [*indexes.with_job.names("a")] == ["box"]


@pytest.mark.parametrize(
    "other",
    [
        {"source": job("b").source},
        {"others": (job("b").source,)},
        {"events": (Event(move=Move.CANCEL, at=0),)},
        {"plan": replace(job("b").plan, running=0)},
        {"submitted": -5.0},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_job_that_is_over_at_another_time_is_looked_at_again(
    indexes: Indexes, other: dict[str, object]
) -> None:
    sandbox = box(job("a"), latest=9.0)
    indexes.add(sandbox)
    indexes.oldest.pick(9, 0, lambda *_: inf)  # it may not go before it changes
    working = WorkingCopy(sandbox)
    working.copy.jobs["a"] = replace(sandbox.jobs["a"], reported=1)
    change(indexes, working)
    assert evicted(indexes) == []

    working.copy.jobs["a"] = replace(working.copy.jobs["a"], **other)
    change(indexes, working)

    assert evicted(indexes) == ["a"]


def test_a_job_that_is_as_before_hides_no_other(indexes: Indexes) -> None:
    sandbox = box(job("a"), latest=9.0)
    indexes.add(sandbox)
    working = WorkingCopy(sandbox)
    working.copy.jobs["a"] = replace(sandbox.jobs["a"], reported=1)
    working.copy.jobs["b"] = job("b")

    change(indexes, working)

    assert evicted(indexes) == ["a", "b"]


@pytest.mark.parametrize("is_due", [True, False])
def test_a_job_whose_due_time_was_set_or_removed_is_looked_at_again(
    indexes: Indexes, *, is_due: bool
) -> None:
    sandbox = box(job("a"), latest=9.0)
    sandbox.job_due_at.update({} if is_due else {"a": 5.0})
    indexes.add(sandbox)
    indexes.oldest.pick(9, 0, lambda *_: inf)
    working = WorkingCopy(sandbox)
    if is_due:
        working.copy.job_due_at["a"] = 5.0
    else:
        del working.copy.job_due_at["a"]

    change(indexes, working)

    assert evicted(indexes) == ["a"]


def test_a_changed_sandbox_may_be_idle(indexes: Indexes) -> None:
    sandbox = box()
    indexes.add(sandbox)
    assert idle(indexes) == "box"
    working = WorkingCopy(sandbox)
    working.copy.label = "mine"

    change(indexes, working)

    assert idle(indexes) == "box"


def test_a_clock_that_was_set_ends_jobs(indexes: Indexes) -> None:
    sandbox = box(job("a"))
    indexes.add(sandbox)
    assert evicted(indexes) == []
    working = WorkingCopy(sandbox)
    working.copy.set_clock(0, to=2.0)

    change(indexes, working)

    assert evicted(indexes) == ["a"]


def test_deliveries_are_counted_by_their_last_outcome(indexes: Indexes) -> None:
    sandbox = box()
    sandbox.deliveries.update(x=delivery("x"), y=delivery("y"))
    indexes.add(sandbox)
    working = WorkingCopy(sandbox)
    working.copy.deliveries.update(x=delivery("x", Outcome.FAILED), z=delivery("z"))
    del working.copy.deliveries["y"]

    change(indexes, working)

    assert indexes.outcomes == {("topaz", "pending"): 1, ("topaz", "5xx"): 1}
    assert [[*indexes.with_delivery.names(name)] for name in ("x", "y", "z")] == [["box"], [], ["box"]]
    assert outcome_of(delivery("x", Outcome.FAILED, Outcome.DELIVERED)) == "2xx"


# -- what is due


def test_something_is_due_by_a_clock_that_runs(indexes: Indexes) -> None:
    running, standing = box(clock=Clock()), box(name="other")
    running.job_due_at["a"], standing.job_due_at["a"] = 0.5, 0.25

    assert [indexes.expect(standing), indexes.expect(running)] == [False, True]

    assert {**indexes.due} == {"box": 0.5}


def test_only_what_is_due_before_all_else_is_news(indexes: Indexes) -> None:
    one, other = box(clock=Clock()), box(name="other", clock=Clock())
    one.job_due_at["a"], other.job_due_at["a"] = 50.0, 50.0

    assert [indexes.expect(one), indexes.expect(other)] == [True, False]
    other.next_attempt_at["x"] = 49.0
    assert indexes.expect(other)

    assert {**indexes.due} == {"box": 50.0, "other": 49.0}


def test_what_is_due_waits_for_a_given_moment(indexes: Indexes) -> None:
    sandbox = box(clock=Clock(mode=ClockMode.SCALED, rate=10.0))
    sandbox.job_due_at["a"] = 50.0

    indexes.expect(sandbox, not_before=4.0)
    assert {**indexes.due} == {"box": 5.0}
    indexes.expect(sandbox, not_before=7.0)
    assert {**indexes.due} == {"box": 7.0}


def test_what_is_no_longer_due_is_forgotten(indexes: Indexes) -> None:
    sandbox, other = box(clock=Clock()), box(name="other", clock=Clock())
    sandbox.job_due_at["a"] = 50.0
    indexes.expect(sandbox)
    del sandbox.job_due_at["a"]

    assert [indexes.expect(other), indexes.expect(sandbox), indexes.expect(sandbox)] == [False] * 3

    assert {**indexes.due} == {}
