"""A sandbox is one value that can be written down, with a clock that only goes forward."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.mockserver.core.engines import engine, job

from safelight_mock import ClockMode
from safelight_mock.core import Clock, Event, Format, Job, Move, Picture, Plan, Sandbox, Source, State
from safelight_mock.core.sandbox import PARTS

seconds = st.floats(0, 4e9)
texts = st.text(max_size=8)
settings = st.dictionaries(
    texts, st.one_of(texts, st.booleans(), st.integers(-9, 9), st.floats(-9, 9)), max_size=3
)
pictures = st.builds(
    Picture, format=st.sampled_from(Format), width=st.integers(0, 9), height=st.integers(0, 9)
)
events = st.lists(st.builds(Event, move=st.sampled_from(Move), at=seconds), max_size=3).map(tuple)
jobs = st.builds(
    Job,
    id=texts,
    operation=texts,
    lifecycle=texts,
    submitted=seconds,
    plan=st.builds(Plan, queued=seconds, running=seconds),
    source=st.builds(Source, id=texts, digest=texts, filename=texts, picture=pictures),
    output=pictures,
    details=settings,
    paid_on=st.lists(st.sampled_from(State), max_size=2).map(tuple),
    events=events,
)
sandboxes = st.builds(
    Sandbox,
    name=texts,
    seed=texts,
    clock=st.builds(
        Clock, mode=st.sampled_from(ClockMode), real=seconds, reading=seconds, rate=st.floats(1, 1e6)
    ),
    latest=seconds,
    ids_drawn=st.integers(0, 1000),
    jobs=st.dictionaries(texts, jobs, max_size=3),
    calls=st.lists(seconds, max_size=3).map(tuple),
)


@given(sandboxes)
def test_a_serialised_sandbox_is_restored_unchanged(sandbox: Sandbox) -> None:
    assert Sandbox.from_json(sandbox.to_json()) == sandbox


@given(st.lists(seconds, min_size=1))
def test_the_clock_never_goes_back(moments: list[float]) -> None:
    sandbox = Sandbox(name="box", seed="seed")

    observed = [sandbox.now(moment) for moment in moments]

    assert observed == sorted(observed)


def test_an_advanced_clock_stops_until_it_is_advanced_again() -> None:
    sandbox = Sandbox(name="box", seed="seed")

    assert sandbox.advance(5, real=100) == 105
    assert sandbox.now(real=500) == 105
    assert sandbox.advance(1, real=900) == 106


def test_a_clock_is_stopped_at_its_time() -> None:
    sandbox = Sandbox(name="box", seed="seed")

    assert [sandbox.stop_clock(real=100), sandbox.now(real=500)] == [100, 100]


def test_a_clock_cannot_be_set_back() -> None:
    with pytest.raises(ValueError, match="a clock cannot go back"):
        Sandbox(name="box", seed="seed").advance(-1, real=0)


def test_the_same_seed_draws_the_same_ids_and_another_seed_or_sandbox_others() -> None:
    def drawn(name: str, seed: str) -> list[str]:
        sandbox = Sandbox(name=name, seed=seed)
        return [str(sandbox.draw()) for _ in range(3)]

    assert drawn("box", "seed") == drawn("box", "seed")
    assert len({*drawn("box", "seed"), *drawn("box", "other"), *drawn("chest", "seed")}) == 9


@pytest.mark.fidelity("twin.clock_rate")
def test_a_scaled_clock_runs_faster_from_the_time_it_was_set() -> None:
    sandbox = Sandbox(name="box", seed="seed")

    assert sandbox.set_clock(100, mode=ClockMode.SCALED, rate=60) == 100
    assert sandbox.now(real=101) == 160
    assert sandbox.set_clock(101, mode=ClockMode.REAL) == 160
    assert sandbox.now(real=102) == 161


def test_a_held_clock_stops_until_its_mode_is_set() -> None:
    sandbox = Sandbox(name="box", seed="seed", clock=Clock(mode=ClockMode.SCALED, rate=60))
    sandbox.hold_clock(1)

    held = [sandbox.now(2), sandbox.now(3)]
    sandbox.set_clock(4, to=100)
    held.append(sandbox.now(5))
    sandbox.set_clock(5, mode=ClockMode.SCALED)

    assert held == [60, 60, 100]
    assert sandbox.now(6) == 160


def test_a_clock_that_is_advanced_while_it_is_held_is_stopped() -> None:
    sandbox = Sandbox(name="box", seed="seed")
    sandbox.hold_clock(1)

    sandbox.advance(5, 2)

    assert (sandbox.clock.mode, sandbox.clock.held) == (ClockMode.MANUAL, False)


def test_the_head_of_a_sandbox_has_none_of_its_jobs_and_deliveries(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 0).submit(job(sandbox))

    sandbox.job_due_at[taken.id] = sandbox.next_attempt_at["d"] = 1.0

    head = Sandbox.from_json(text := sandbox.head_to_json())

    assert sandbox.jobs == {taken.id: taken}
    assert [json.loads(text)[part] for part in PARTS] == [{}, {}, {}, {}]
    assert (head.jobs, head.deliveries, head.job_due_at, head.next_attempt_at) == ({}, {}, {}, {})
    assert (head.name, head.submitted, head.ids_drawn) == (sandbox.name, 1, sandbox.ids_drawn)


def test_what_a_job_counted_by_a_scenario_is_forgotten_with_it(sandbox: Sandbox) -> None:
    first, second = (
        replace(engine(sandbox, 0), scenario="slow").submit(job(sandbox, queued=0, running=1))
        for _ in range(2)
    )
    sandbox.matched = {f"job {first.id}/slow/r": 1, f"job {second.id}/slow/r": 1, "sandbox/r": 2}

    engine(sandbox, 5).forget(first.id)

    assert sandbox.matched == {f"job {second.id}/slow/r": 1, "sandbox/r": 2}
