"""Real time goes on when the wall clock is set back, and follows it when it is set forward."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.core.clock import Clock, Mode, SteadyClock
from safelight_mock.core.sandbox import Sandbox

DAY = 86_400.0
NOON = 1_800_000_000.0


class Machine:
    """A wall clock that can be set, and a monotonic clock; `pause` passes between two readings."""

    def __init__(self) -> None:
        self.wall = NOON
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


def test_time_is_that_of_the_wall_clock() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.pass_by(3)

    assert clock() == NOON + 3


@pytest.mark.fidelity("twin/wall-clock")
def test_set_back_by_a_day_time_goes_on() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.wall -= DAY
    assert clock() == NOON
    machine.pass_by(2)
    assert clock() == NOON + 2


@pytest.mark.fidelity("twin/wall-clock")
def test_set_forward_time_follows() -> None:
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


def test_a_running_clock_resumes_from_the_latest_time_it_showed() -> None:
    scaled = Clock(mode=Mode.SCALED, real=NOON, told=NOON, pace=60)
    sandbox = Sandbox(name="box", seed="s", clock=scaled)
    sandbox.now(NOON + 10)

    sandbox.resume_clock(NOON - DAY)

    assert sandbox.now(NOON - DAY) == NOON + 600
    assert sandbox.now(NOON - DAY + 1) == NOON + 660


def test_a_clock_whose_real_time_is_later_goes_on_as_if_it_had_not_stopped() -> None:
    sandbox = Sandbox(name="box", seed="s", clock=Clock(real=NOON, told=NOON))
    sandbox.now(NOON + 10)

    sandbox.resume_clock(NOON + 60)

    assert sandbox.now(NOON + 60) == NOON + 60
