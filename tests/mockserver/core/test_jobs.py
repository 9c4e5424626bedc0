"""What jobs cost, and which has which input, is known without a look at all of them, in a copy too."""

from math import inf

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace
from tests.mockserver.core.engines import engine, job, seen

from safelight_mock.core import Event, Inspection, InspectionKey, Job, Move, NotInspectedError, Sandbox, State
from safelight_mock.core.changes import Changes
from safelight_mock.core.credit_totals import CREDITS
from safelight_mock.core.job import status
from safelight_mock.core.job_counts import IN_PROGRESS, STATES
from safelight_mock.core.jobs import Jobs
from safelight_mock.core.running_totals import totals
from safelight_mock.core.sandbox import jobs_of

STEADY = Changes()
MOVES = (Move.CANCEL, Move.PAUSE, Move.RESUME, Move.START, Move.FAIL)


class Copies(RuleBasedStateMachine):
    """Jobs changed in copies, which are merged or dropped, beside a dict that is changed like them."""

    def __init__(self) -> None:
        super().__init__()
        self.base, self.kept = Jobs(), dict[str, Job]()
        self.copy, self.plain = self.base.copy(), dict[str, Job]()
        self.now, self.then = 0.0, 0.0
        self.drawn = Sandbox(name="box", seed="seed")
        self.lost, self.changes = set[str](), Changes()
        self.inspect = lambda one: Inspection(is_whole=not {one.source.digest, *one.others} & self.lost)

    @rule(price=st.integers(0, 3), digest=st.sampled_from(["one", "two"]), source=st.sampled_from(["s", "t"]))
    def submit(self, price: int, digest: str, source: str) -> None:
        made = replace(job(self.drawn, digest=digest), others=("three",) if source == "t" else ())
        made = replace(made, price=price, submitted=self.now, source=replace(made.source, id=source))
        self.copy[made.id] = self.plain[made.id] = made

    @rule(pick=st.integers(0, 99), move=st.sampled_from(MOVES))
    def move(self, pick: int, move: Move) -> None:
        for name in [*self.plain][pick % max(1, len(self.plain)) :][:1]:
            moved = self.plain[name]
            if not status(moved, self.now, self.inspect).state.is_over:
                moved = replace(moved, events=(*moved.events, Event(move=move, at=self.now)))
                self.copy[name] = self.plain[name] = moved

    @rule(pick=st.integers(0, 99))
    def remove(self, pick: int) -> None:
        for name in [*self.plain][pick % max(1, len(self.plain)) :][:1]:
            del self.copy[name], self.plain[name]

    @rule(digest=st.sampled_from(["one", "two", "three", "four"]))
    def lose_or_find(self, digest: str) -> None:
        """Damage an input on disk, or bring the same bytes again."""
        self.lost ^= {digest}
        self.changes.note(digest)

    @rule(seconds=st.floats(0, 5))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def merge(self) -> None:
        self.copy.merge()
        self.kept, self.then = dict(self.plain), self.now

    @rule()
    def drop(self) -> None:
        """Drop a copy, and the time that was moved with it."""
        self.copy, self.plain, self.now = self.base.copy(), dict(self.kept), self.then

    @invariant()
    def sums_are_those_of_a_look_at_each(self) -> None:
        for jobs, plain, now in ((self.copy, self.plain, self.now), (self.base, self.kept, self.then)):
            for total in (CREDITS, STATES, IN_PROGRESS):
                actual = jobs.sum(total, now, self.inspect, self.changes)
                assert actual == totals(total, plain.values(), now, self.inspect)

    @invariant()
    def inputs_are_found(self) -> None:
        for jobs, plain in ((self.copy, self.plain), (self.base, self.kept)):
            for source in ("s", "t", "u"):
                actual = [one.id for one in jobs.of_source(source)]
                assert sorted(actual) == sorted(one.id for one in plain.values() if one.source.id == source)

    @invariant()
    def order_is_kept(self) -> None:
        assert [*self.copy.items()] == [*self.plain.items()]
        assert [*self.copy.newest_first()] == [*self.plain.values()][::-1]
        assert [*self.copy.frozen().items()] == [*self.plain.items()]
        assert [*self.base.frozen().items()] == [*self.kept.items()]


TestCopies = Copies.TestCase


def test_credit_sums_request_all_missing_inspections_together() -> None:
    def uninspected(job: Job) -> Inspection:
        raise NotInspectedError(frozenset([InspectionKey(job.source.digest)]))

    sandbox = Sandbox(name="box", seed="seed")
    for digest in ("one", "two"):
        engine(sandbox, 0).submit(replace(job(sandbox, digest=digest), price=1))

    with pytest.raises(NotInspectedError) as unseen:
        jobs_of(sandbox).sum(CREDITS, 10, uninspected, STEADY)

    assert {key.digest for key in unseen.value.keys} == {"one", "two"}
    assert jobs_of(sandbox).sum(CREDITS, 10, seen, STEADY) == (0, 0)


def test_an_ended_job_is_evaluated_once_for_all_credit_sums() -> None:
    looks: list[str] = []

    def counting(job: Job) -> Inspection:
        looks.append(job.id)
        return Inspection(is_whole=True)

    jobs = Jobs()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    for _ in range(100):
        engine(sandbox, 0).submit(replace(job(sandbox), price=1))

    actual = [jobs.sum(CREDITS, now, counting, STEADY) for now in (1, 2, 10, 11, 12)]

    assert actual == [(0, 100), (0, 100), (100, 0), (100, 0), (100, 0)]
    assert len(looks) == 100


def test_credit_sums_use_only_their_own_inspections() -> None:
    jobs = Jobs()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    engine(sandbox, 0).submit(replace(job(sandbox), price=7))

    actual = [
        jobs.sum(CREDITS, 100, inspect, STEADY)
        for inspect in (seen, lambda _: Inspection(is_whole=False), seen)
    ]

    assert actual == [(7, 0), (0, 0), (7, 0)]


def test_the_moment_of_a_copy_that_was_dropped_counts_for_nothing() -> None:
    jobs = Jobs()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    engine(sandbox, 0).submit(replace(job(sandbox), price=7))

    assert [jobs.copy().sum(CREDITS, now, seen, STEADY) for now in (0, 100, 0)] == [(0, 7), (7, 0), (0, 7)]
    assert status(next(iter(jobs.values())), 0, seen).state is State.QUEUED


def test_jobs_are_found_by_input_after_they_are_replaced_and_removed() -> None:
    drawn, jobs = Sandbox(name="box", seed="seed"), Jobs()
    one, two = job(drawn), job(drawn)
    jobs[one.id], jobs[two.id] = one, two
    assert [*jobs.of_source("s")] == [one, two]

    moved = replace(one, source=replace(one.source, id="t"))
    changed = replace(two, price=7)
    jobs[one.id], jobs[two.id] = moved, changed
    assert ([*jobs.of_source("s")], [*jobs.of_source("t")]) == ([changed], [moved])

    del jobs[one.id]
    assert [*jobs.of_source("t")] == []


def test_a_job_that_was_removed_before_it_ended_is_in_no_sum() -> None:
    jobs = Jobs()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    gone, left = (engine(sandbox, 0).submit(replace(job(sandbox), price=price)) for price in (7, 3))
    before = jobs.sum(CREDITS, 0, seen, STEADY)

    del jobs[gone.id]

    assert (before, jobs.sum(CREDITS, 100, seen, STEADY)) == ((0, 10), (3, 0))
    assert jobs.next_change(CREDITS) == inf
    assert [*jobs] == [left.id]


def test_the_sums_of_a_copy_are_without_what_it_removed_and_replaced() -> None:
    jobs = Jobs()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    for price in (1, 2, 4):
        engine(sandbox, 0).submit(replace(job(sandbox), price=price))
    copy, (first, second, _) = jobs.copy(), jobs

    del copy[first]
    copy[second] = replace(copy[second], price=32)

    assert [copy.sum(CREDITS, now, seen, STEADY) for now in (0, 100)] == [(0, 36), (36, 0)]
    assert jobs.sum(CREDITS, 100, seen, STEADY) == (7, 0)


def test_sums_can_change_next_when_a_job_moves_by_plan() -> None:
    jobs = Jobs()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)

    unasked = jobs.next_change(IN_PROGRESS)
    jobs.sum(IN_PROGRESS, 0, seen, STEADY)
    empty = jobs.next_change(IN_PROGRESS)
    engine(sandbox, 0).submit(job(sandbox))
    jobs.sum(IN_PROGRESS, 0, seen, STEADY)

    assert (unasked, empty, jobs.next_change(IN_PROGRESS)) == (-inf, inf, 1)


def test_jobs_that_are_no_copy_have_nothing_to_merge() -> None:
    drawn = Sandbox(name="box", seed="seed")
    one = job(drawn)
    jobs = Jobs({one.id: one})

    jobs.merge()

    assert repr(jobs) == repr({one.id: one})


def test_a_job_is_looked_up_in_a_copy_as_in_its_base() -> None:
    drawn = Sandbox(name="box", seed="seed")
    one, two = job(drawn), job(drawn)
    copy = Jobs({one.id: one}).copy()

    copy[two.id] = two

    assert (copy.get(one.id), copy.get(two.id), copy.get("unknown")) == (one, two, None)


def test_a_reader_that_is_too_far_behind_the_changes_measures_all_jobs_again() -> None:
    jobs, changes, lost = Jobs(), Changes(most=1), set[str]()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    engine(sandbox, 0).submit(replace(job(sandbox), price=7))

    def look(one: Job) -> Inspection:
        return Inspection(is_whole=one.source.digest not in lost)

    before = jobs.sum(CREDITS, 100, look, changes)
    lost.add("whole")
    changes.note("whole")
    changes.note("other")

    assert (before, jobs.sum(CREDITS, 100, look, changes)) == ((7, 0), (0, 0))


def test_an_input_of_a_job_without_a_price_is_not_inspected_for_credits() -> None:
    looked: list[str] = []
    jobs, changes = Jobs(), Changes()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    engine(sandbox, 0).submit(job(sandbox, digest="free"))

    def look(one: Job) -> Inspection:
        looked.append(one.source.digest)
        return Inspection(is_whole=True)

    jobs.sum(CREDITS, 100, look, changes)
    changes.note("free")
    jobs.sum(CREDITS, 100, look, changes)

    assert looked == []


def test_a_changed_input_changes_the_sums_of_every_job_that_still_has_it() -> None:
    jobs, changes, lost = Jobs(), Changes(), set[str]()
    sandbox = Sandbox(name="box", seed="seed", jobs=jobs)
    one, two = (engine(sandbox, 0).submit(replace(job(sandbox), price=7)) for _ in range(2))

    def look(one: Job) -> Inspection:
        return Inspection(is_whole=one.source.digest not in lost)

    jobs.sum(CREDITS, 100, look, changes)
    changes.note("other")  # from now on jobs are known by their inputs
    jobs.sum(CREDITS, 100, look, changes)
    del jobs[one.id]
    lost.add("whole")
    changes.note("whole")

    assert jobs.sum(CREDITS, 100, look, changes) == (0, 0)
    del jobs[two.id]
    assert jobs.sum(CREDITS, 100, look, changes) == (0, 0)
