"""The engine against a clumsy model of it that ticks."""

import math

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)
from tests.mockserver.core.engines import LIFECYCLE, OVER, engine, job, seen
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import (
    Engine,
    Inspection,
    InspectionKey,
    InvalidTransitionError,
    Job,
    Move,
    NotInspectedError,
    Sandbox,
    State,
    UnknownJobError,
)


class Life(RuleBasedStateMachine):
    """Random submits, cancels, deletions and waits."""

    jobs: Bundle[str] = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox(name="box", seed="seed")
        self.now = 1_000.0
        self.state: dict[str, State] = {}
        self.turns: dict[str, tuple[float, float]] = {}
        self.over_at: dict[str, float] = {}
        self.digest: dict[str, str] = {}

    @rule(
        target=jobs,
        queued=st.integers(0, 9),
        running=st.integers(0, 9),
        digest=st.sampled_from(["whole", "damaged"]),
    )
    def submit(self, queued: int, running: int, digest: str) -> str:
        taken = job(self.sandbox, queued=queued, running=running, digest=digest)
        engine(self.sandbox, self.now).submit(taken)
        self.state[taken.id], self.digest[taken.id] = State.QUEUED, digest
        self.turns[taken.id] = (self.now + queued, self.now + queued + running)
        self._tick()
        return taken.id

    @rule(seconds=st.integers(0, 30))
    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1
            self._tick()

    @rule(job_id=jobs)
    def cancel(self, job_id: str) -> None:
        if self.state.get(job_id) in (State.QUEUED, State.RUNNING):
            engine(self.sandbox, self.now).cancel(job_id)
            self._enter(job_id, State.CANCELLED)
        else:
            with pytest.raises(InvalidTransitionError if job_id in self.state else UnknownJobError):
                engine(self.sandbox, self.now).cancel(job_id)

    @rule(job_id=jobs)
    def fail(self, job_id: str) -> None:
        if self.state.get(job_id) in (State.QUEUED, State.RUNNING):
            engine(self.sandbox, self.now).move(job_id, Move.FAIL)
            self._enter(job_id, State.FAILED)

    @rule(target=jobs, job_id=consumes(jobs))
    def forget(self, job_id: str) -> MultipleResults[str] | str:
        if self.state.get(job_id) in OVER:
            engine(self.sandbox, self.now).forget(job_id)
            del self.state[job_id]
            return multiple()
        with pytest.raises(InvalidTransitionError if job_id in self.state else UnknownJobError):
            engine(self.sandbox, self.now).forget(job_id)
        return job_id

    @rule(seconds=st.integers(1, 1000))
    def look_with_a_clock_that_went_back(self, seconds: int) -> None:
        assert engine(self.sandbox, self.now - seconds).now == self.now

    @rule()
    def write_down_and_read_back(self) -> None:
        self.sandbox = Sandbox.from_json(self.sandbox.to_json())

    @invariant()
    def every_job_stands_where_the_model_says(self) -> None:
        before = engine(self.sandbox, self.now).sandbox.to_json()

        seen = {actual.job.id: actual.state for actual in engine(self.sandbox, self.now).all()}

        assert seen == self.state
        assert self.sandbox.to_json() == before

    def _tick(self) -> None:
        for job_id in list(self.state):
            start, end = self.turns[job_id]
            if self.state[job_id] is State.QUEUED and self.now >= start:
                self.state[job_id] = State.RUNNING
            if self.state[job_id] is State.RUNNING and self.now >= end:
                whole = self.digest[job_id] == "whole"
                self._enter(job_id, State.SUCCEEDED if whole else State.FAILED)
            if self.state[job_id] in OVER and self.now >= self.over_at[job_id] + 50:
                del self.state[job_id]

    def _enter(self, job_id: str, state: State) -> None:
        self.state[job_id], self.over_at[job_id] = state, self.now


TestLife = pytest.mark.fidelity("topaz:states", "topaz:cancel-while", "topaz:delete-while")(Life.TestCase)


TestLife.settings = settings(stateful_step_count=30)


def test_expired_jobs_are_deleted_by_the_next_submission() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    engine(sandbox, 0).submit(job(sandbox))

    engine(sandbox, 55).submit(job(sandbox))

    assert len(sandbox.jobs) == 1


@pytest.mark.fidelity("twin.job_speedup")
def test_the_speed_shortens_only_a_jobs_duration() -> None:
    sandbox = Sandbox(name="box", seed="seed")

    taken = engine(sandbox, 10, job_speedup=100.0).submit(job(sandbox))

    assert math.isclose(taken.ends, 10.05)
    assert taken.submitted == 10


def test_jobs_of_another_lifecycle_are_not_seen() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    taken = engine(sandbox, 0).submit(job(sandbox))
    other = Engine(sandbox=sandbox, name="batch", lifecycle=LIFECYCLE, now=0, inspect=seen, job_speedup=1.0)

    assert list(other.all()) == []
    with pytest.raises(UnknownJobError):
        other.find(taken.id)


def test_a_lifecycle_may_allow_less_than_the_table() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    taken = engine(sandbox, 0).submit(job(sandbox))
    early_only = lifecycle(moves=[{"operation": "cancel", "while": ["queued"], "to": "cancelled"}])

    with pytest.raises(InvalidTransitionError, match="cannot cancel a running job"):
        msgspec.structs.replace(engine(sandbox, 2), lifecycle=early_only).cancel(taken.id)

    assert engine(sandbox, 2).find(taken.id).state is State.RUNNING


def test_what_a_lifecycle_does_not_declare_is_refused() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    taken = engine(sandbox, 0).submit(job(sandbox))
    bare = lifecycle()

    for requested in (Engine.cancel, Engine.forget, Engine.result):
        with pytest.raises(InvalidTransitionError):
            requested(msgspec.structs.replace(engine(sandbox, 9), lifecycle=bare), taken.id)


@pytest.mark.parametrize(
    ("now", "move"), [(0, Move.FINISH), (2, Move.START), (9, Move.FAIL), (9, Move.CANCEL)]
)
def test_a_move_that_is_not_in_the_table_is_refused(now: float, move: Move) -> None:
    sandbox = Sandbox(name="box", seed="seed")
    taken = engine(sandbox, 0).submit(job(sandbox))

    with pytest.raises(InvalidTransitionError):
        engine(sandbox, now).move(taken.id, move)

    assert sandbox.jobs[taken.id].events == ()


def test_a_list_reports_every_missing_inspection_together() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    for digest in ("a", "b"):
        engine(sandbox, 0).submit(job(sandbox, digest=digest))

    def uninspected(one: Job) -> Inspection:
        raise NotInspectedError(frozenset([InspectionKey(one.source.digest)]))

    with pytest.raises(NotInspectedError) as waiting:
        msgspec.structs.replace(engine(sandbox, 9), inspect=uninspected).all()

    assert waiting.value.keys == {InspectionKey("a"), InspectionKey("b")}


def test_a_transition_that_needs_an_inspection_is_not_recorded() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    taken = engine(sandbox, 0).submit(job(sandbox))

    def uninspected(one: Job) -> Inspection:
        raise NotInspectedError(frozenset([InspectionKey(one.source.digest)]))

    with pytest.raises(NotInspectedError):
        msgspec.structs.replace(engine(sandbox, 2), inspect=uninspected).move(taken.id, Move.FINISH)

    assert sandbox.jobs[taken.id].events == ()


def test_delete_all_deletes_ended_jobs_only() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    engine(sandbox, 0).submit(job(sandbox))
    running = engine(sandbox, 3).submit(job(sandbox))

    assert engine(sandbox, 6).forget_all() == 1
    assert list(sandbox.jobs) == [running.id]


def test_a_source_is_known_as_long_as_a_job_that_had_it() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    taken = engine(sandbox, 0).submit(job(sandbox))

    assert engine(sandbox, 54).source("s") == taken.source
    assert engine(sandbox, 55).source("s") is None
    assert engine(sandbox, 0).source("t") is None


def test_a_job_is_forced_to_a_vendor_state() -> None:
    sandbox = Sandbox(name="s", seed="")
    now = engine(sandbox, 0)
    taken = now.submit(job(sandbox))

    assert now.find(taken.id).vendor_state == "Waiting"
    assert now.force_state(taken.id, "Halted").vendor_state == "Halted"
    assert engine(sandbox, 40).find(taken.id).state is State.RUNNING
    assert engine(sandbox, 40).force_state(taken.id, "Working").vendor_state == "Working"
    assert engine(sandbox, 60).find(taken.id).state is State.SUCCEEDED


@pytest.mark.parametrize(
    ("state_name", "state"),
    [("succeeded", State.SUCCEEDED), ("failed", State.FAILED), ("Gone", State.CANCELLED)],
)
def test_a_job_can_be_forced_to_end_from_any_state(state_name: str, state: State) -> None:
    for before in ("Waiting", "Working", "Halted"):
        sandbox = Sandbox(name="s", seed="")
        now = engine(sandbox, 0)
        taken = now.submit(job(sandbox))
        now.force_state(taken.id, before)

        assert now.force_state(taken.id, state_name).state is state


def test_a_job_cannot_be_forced_back() -> None:
    sandbox = Sandbox(name="s", seed="")
    now = engine(sandbox, 0)
    taken = now.submit(job(sandbox))
    now.force_state(taken.id, "Working")

    with pytest.raises(InvalidTransitionError, match="cannot change a running job to Waiting"):
        now.force_state(taken.id, "Waiting")
    with pytest.raises(ValueError, match="unknown state 'Lost'; use one of Waiting"):
        now.force_state(taken.id, "Lost")


def test_a_job_that_is_paused_is_kept_past_its_retention() -> None:
    sandbox = Sandbox(name="s", seed="")
    taken = engine(sandbox, 0).submit(job(sandbox))
    engine(sandbox, 1).force_state(taken.id, "Halted")

    later = engine(sandbox, 1000)
    other = later.submit(job(sandbox))

    assert later.find(taken.id).is_paused
    assert [actual.job.id for actual in later.all()] == [taken.id, other.id]
