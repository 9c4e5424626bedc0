"""Windows of time in which so many calls are taken, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import WHOLE, Engine, Sandbox
from safelight_mock.wire import Kind, Problem
from safelight_mock.wire.rate_limits import RateLimits, Window, count, exceeded, tightest

BARE = lifecycle()
SHORT, LONG = Window(most=2, seconds=1), Window(most=5, seconds=60)

waits = st.lists(st.integers(0, 40).map(lambda quarters: quarters / 4), max_size=60)


def engine(sandbox: Sandbox, now: float) -> Engine:
    return Engine(sandbox=sandbox, name="", lifecycle=BARE, now=now, inspect=lambda _: WHOLE)


@pytest.mark.fidelity("topaz.rate_limit", "tengr.rate_limit")
@given(waits)
def test_no_window_exceeds_its_limit(waits: list[float]) -> None:
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
def test_a_rejected_request_is_accepted_after_retry_after_and_not_before(
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


def test_the_window_with_the_fewest_remaining_calls_is_reported() -> None:
    sandbox = Sandbox(name="box", seed="")
    result = []

    for now in (0, 0.5, 10, 20, 30):
        count((LONG, SHORT), engine(sandbox, now))
        standing = tightest((LONG, SHORT), engine(sandbox, now))
        result.append((standing.window, standing.left, standing.reset))

    assert result == [(SHORT, 1, 1), (SHORT, 0, 1), (SHORT, 1, 1), (SHORT, 1, 1), (LONG, 0, 30)]


def test_without_enforcement_the_memory_of_a_window_is_bounded() -> None:
    sandbox = Sandbox(name="box", seed="")

    for _ in range(100):
        count((SHORT,), engine(sandbox, 5))

    assert list(sandbox.calls) == [5, 5]
    assert tightest((SHORT,), engine(sandbox, 5)).left == 0


def test_without_a_limit_nothing_is_remembered() -> None:
    sandbox = Sandbox(name="box", seed="")
    limits, options = RateLimits(headers={"x-left": "{remaining}"}), {"rate_limit": 0, "rate_window": 60.0}

    limits.count(engine(sandbox, 5), options)

    assert not sandbox.calls
    limits.check(engine(sandbox, 5), options)
    assert limits.headers_of(engine(sandbox, 5), options) == {}


def test_a_window_is_chosen_by_two_settings() -> None:
    sandbox, limits = Sandbox(name="box", seed=""), RateLimits()
    options = {"rate_limit": 2, "rate_window": 1.5}

    assert set(limits.settings) == set(options)
    for now in (10, 11):
        limits.check(engine(sandbox, now), options)
        limits.count(engine(sandbox, now), options)

    with pytest.raises(Problem) as refused:
        limits.check(engine(sandbox, 11.4), options)
    assert (refused.value.kind, refused.value.headers) == (Kind.LIMITED, {})
    limits.check(engine(sandbox, 11.5), options)


def test_windows_of_the_vendors_own_are_counted_always_and_enforced_by_a_setting() -> None:
    sandbox, limits = Sandbox(name="box", seed=""), RateLimits(windows=(SHORT, LONG), enforced="strict")

    assert limits.settings == {}
    for _ in range(3):
        limits.check(engine(sandbox, 5), {"strict": False})
        limits.count(engine(sandbox, 5), {"strict": False})

    with pytest.raises(Problem, match="too many requests"):
        limits.check(engine(sandbox, 5), {"strict": True})


VERBOSE = RateLimits(
    windows=(SHORT,),
    enforced="enforced",
    headers={"x-limit": "{limit};w=1", "x-left": "{remaining}"},
    refusal_headers={"retry-after": "{reset}"},
    headers_setting="verbose",
)


def test_headers_are_templates_of_the_window() -> None:
    sandbox, options = Sandbox(name="box", seed=""), {"enforced": True, "verbose": True}

    VERBOSE.count(engine(sandbox, 5), options)
    headers = VERBOSE.headers_of(engine(sandbox, 5), options)
    VERBOSE.count(engine(sandbox, 5), options)

    assert headers == {"x-limit": "2;w=1", "x-left": "1"}
    with pytest.raises(Problem) as refused:
        VERBOSE.check(engine(sandbox, 5), options)
    assert refused.value.headers == {"retry-after": "1"}


def test_headers_may_be_turned_off_by_a_setting() -> None:
    sandbox, options = Sandbox(name="box", seed=""), {"enforced": True, "verbose": False}

    for _ in range(2):
        VERBOSE.count(engine(sandbox, 5), options)

    assert VERBOSE.headers_of(engine(sandbox, 5), options) == {}
    with pytest.raises(Problem) as refused:
        VERBOSE.check(engine(sandbox, 5), options)
    assert refused.value.headers == {}


def test_of_several_full_windows_the_longest_is_reported() -> None:
    sandbox, windows = Sandbox(name="box", seed=""), (Window(most=1, seconds=2), Window(most=1, seconds=60))

    count(windows, engine(sandbox, 10))

    actual = exceeded(windows, engine(sandbox, 11))
    assert actual is not None
    assert (actual.window, actual.reset) == (windows[1], 59)


def test_a_call_counts_up_to_the_end_of_its_window_and_no_longer() -> None:
    sandbox, windows = Sandbox(name="box", seed=""), (Window(most=3, seconds=10),)
    for now in (10, 11, 12):
        count(windows, engine(sandbox, now))

    assert exceeded(windows, engine(sandbox, 19.9))
    assert not exceeded(windows, engine(sandbox, 20))
    count(windows, engine(sandbox, 20))
    assert [*sandbox.calls] == [11, 12, 20]
    count(windows, engine(sandbox, 30))
    assert [*sandbox.calls] == [30]
