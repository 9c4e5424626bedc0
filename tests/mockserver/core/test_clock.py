"""Real time goes on when the wall clock is set back, and follows it when it is set forward."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock import ClockMode
from safelight_mock.core import Clock, Sandbox
from safelight_mock.core.clock import StartTimes, SteadyClock, real_time

DAY = 86_400.0
NOON = 1_800_000_000.0


class Machine:
    """A wall clock that can be set, and a monotonic clock; `pause` passes between two readings."""

    def __init__(self, wall: float = NOON) -> None:
        self.wall = wall
        self.monotonic = 5.0
        self.pause = 0.0

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def read_wall(self) -> float:
        read = self.wall
        self.pass_by(self.pause)
        return read

    def read_monotonic(self) -> float:
        return self.monotonic

    def clock(self) -> SteadyClock:
        return SteadyClock(self.read_wall, self.read_monotonic)


def test_a_clock_follows_the_wall_clock() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.pass_by(3)

    assert clock() == NOON + 3


@pytest.mark.fidelity("twin/wall-clock")
def test_a_wall_clock_set_back_does_not_set_back_time() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.wall -= DAY
    assert clock() == NOON
    machine.pass_by(2)
    assert clock() == NOON + 2


@pytest.mark.fidelity("twin/wall-clock")
def test_a_wall_clock_set_forward_sets_time_forward() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.wall += DAY

    assert clock() == NOON + DAY


def test_set_back_and_forward_again_time_is_that_of_the_wall_clock() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wall -= DAY
    machine.pass_by(2)
    clock()

    machine.wall += DAY

    assert clock() == NOON + 2


def test_a_thread_that_loses_the_processor_between_two_readings_does_not_set_time_forward() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.pause = 10
    clock()
    machine.pause = 0

    assert clock() == NOON + 10


@given(st.lists(st.tuples(st.sampled_from(["pass", "set"]), st.floats(-2 * DAY, 2 * DAY))))
def test_time_goes_on_by_no_less_than_the_monotonic_clock(steps: list[tuple[str, float]]) -> None:
    machine = Machine()
    clock = machine.clock()
    shown, passed = clock(), machine.monotonic
    for what, seconds in steps:
        if what == "pass":
            machine.pass_by(abs(seconds))
        else:
            machine.wall += seconds
        now = clock()

        assert now - shown >= machine.monotonic - passed - 1e-5
        assert now >= machine.wall - 1e-5
        shown, passed = now, machine.monotonic


def test_the_latest_real_moment_that_a_sandbox_has_seen_follows_from_what_it_showed() -> None:
    scaled = Clock(mode=ClockMode.SCALED, real=NOON, reading=NOON, rate=60)
    sandbox = Sandbox(name="box", seed="s", clock=scaled)
    sandbox.now(NOON + 10)
    assert sandbox.latest_shown_at == NOON + 10

    sandbox.set_clock(NOON + 20, mode=ClockMode.MANUAL, to=NOON + DAY)
    assert sandbox.latest_shown_at == NOON + 20


def test_resumed_ahead_of_the_wall_clock_time_goes_on_and_does_not_jump_when_that_is_set_right() -> None:
    machine = Machine(wall=NOON - DAY)
    clock = machine.clock()
    clock.resume(NOON)
    assert clock() == NOON

    machine.pass_by(10)
    machine.wall += DAY

    assert clock() == NOON + 10
    assert clock.wall_at(clock()) == NOON + 10


def test_resumed_behind_the_wall_clock_it_is_that_of_the_wall_clock() -> None:
    clock = Machine().clock()

    clock.resume(NOON - DAY)

    assert clock() == NOON


def test_what_the_wall_clock_shows_is_known_beside_a_later_time_that_goes_on() -> None:
    machine = Machine(wall=NOON - DAY)
    clock = machine.clock()
    clock.resume(NOON)
    machine.pass_by(5)

    assert clock.wall_at(clock()) == NOON - DAY + 5


def test_a_clock_that_stands_shows_what_it_was_set_to_since_then() -> None:
    manual = Clock(mode=ClockMode.MANUAL, real=NOON, reading=100.0)
    held = Clock(mode=ClockMode.SCALED, real=NOON, reading=100.0, rate=60, held=True)

    assert (manual.at(NOON + 5), held.at(NOON + 5)) == (100.0, 100.0)
    assert (manual.moment_of(160.0), held.moment_of(160.0)) == (NOON, NOON)


START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("mode", ClockMode)
def test_without_a_start_clocks_start_with_the_wall_clock(mode: ClockMode) -> None:
    steady = SteadyClock(lambda: 100.0, lambda: 5.0)

    assert StartTimes(lambda: 3.0, None, mode)(7) == 7.0
    assert StartTimes(steady, None, mode)(100.0) == 100.0
    steady.resume(130.0)
    assert StartTimes(steady, None, mode)(130.0) == 100.0


def test_a_stopped_clock_shows_its_start_whenever_it_is_made() -> None:
    for mode in (ClockMode.MANUAL, ClockMode.AUTO):
        starts = StartTimes(lambda: 50.0, START, mode)

        assert starts(50.0) == starts(99.0) == START.timestamp()


def test_a_running_clock_goes_on_from_its_start_since_the_server_started() -> None:
    for mode in (ClockMode.REAL, ClockMode.SCALED):
        starts = StartTimes(lambda: 50.0, START, mode)

        assert (starts(50.0), starts(60.0)) == (START.timestamp(), START.timestamp() + 10)


def test_real_time_is_steady_only_where_a_monotonic_clock_is_given() -> None:
    def wall() -> float:
        return 100.0

    assert real_time(wall, None) is wall
    steady = real_time(wall, lambda: 1.0)
    assert isinstance(steady, SteadyClock)
    assert steady() == 100.0


def test_a_restart_starts_a_running_clock_again() -> None:
    now = [50.0]
    starts = StartTimes(lambda: now[0], START, ClockMode.REAL)
    now[0] = 80.0
    assert starts(80.0) == START.timestamp() + 30

    starts.restart()

    assert starts(80.0) == START.timestamp()
