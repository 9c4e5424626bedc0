"""Windows of time in which so many calls are taken, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.core import WHOLE, Engine, Identified, Lifecycle, Read, Sandbox
from safelight_mock.wire.rate_limits import Window, chosen, count, exceeded, tightest

BARE = Lifecycle(submit=(), states={}, id=Identified(parameter="id"), read=Read(operation="read"))
SHORT, LONG = Window(most=2, seconds=1), Window(most=5, seconds=60)

waits = st.lists(st.integers(0, 40).map(lambda quarters: quarters / 4), max_size=60)


def engine(sandbox: Sandbox, now: float) -> Engine:
    return Engine(sandbox=sandbox, name="", lifecycle=BARE, now=now, look=lambda _: WHOLE)


@pytest.mark.fidelity("topaz.rate_limit", "tengr.rate_limit")
@given(waits)
def test_no_window_ever_holds_more_than_it_may(waits: list[float]) -> None:
    sandbox, now, taken = Sandbox(name="box", seed=""), 1_000.0, []

    for wait in waits:
        now += wait
        if exceeded((LONG, SHORT), engine(sandbox, now)) is None:
            count((LONG, SHORT), engine(sandbox, now))
            taken.append(now)

    for moment in taken:
        for window in (SHORT, LONG):
            assert sum(moment - window.seconds < other <= moment for other in taken) <= window.most
    assert len(sandbox.calls) <= LONG.most


@given(waits)
def test_a_refused_call_is_taken_after_the_seconds_it_was_told_and_not_a_second_before(
    waits: list[float],
) -> None:
    sandbox, now = Sandbox(name="box", seed=""), 1_000.0

    for wait in waits:
        now += wait
        over = exceeded((LONG, SHORT), engine(sandbox, now))
        if over is None:
            count((LONG, SHORT), engine(sandbox, now))
        else:
            assert exceeded((LONG, SHORT), engine(sandbox, now + over.reset)) is None
            assert over.reset == 1 or exceeded((LONG, SHORT), engine(sandbox, now + over.reset - 1))


def test_the_window_that_has_the_least_left_is_told() -> None:
    sandbox = Sandbox(name="box", seed="")
    told = []

    for now in (0, 0.5, 10, 20, 30):
        count((LONG, SHORT), engine(sandbox, now))
        standing = tightest((LONG, SHORT), engine(sandbox, now))
        told.append((standing.window, standing.left, standing.reset))

    assert told == [(SHORT, 1, 1), (SHORT, 0, 1), (SHORT, 1, 1), (SHORT, 1, 1), (LONG, 0, 30)]


def test_where_nothing_is_enforced_no_more_is_remembered_than_a_window_takes() -> None:
    sandbox = Sandbox(name="box", seed="")

    for _ in range(100):
        count((SHORT,), engine(sandbox, 5))

    assert list(sandbox.calls) == [5, 5]
    assert tightest((SHORT,), engine(sandbox, 5)).left == 0


def test_without_a_limit_nothing_is_remembered() -> None:
    sandbox = Sandbox(name="box", seed="")
    windows = chosen({"rate_limit": 0, "rate_window": 60.0})

    count(windows, engine(sandbox, 5))

    assert not sandbox.calls
    assert exceeded(windows, engine(sandbox, 5)) is None
