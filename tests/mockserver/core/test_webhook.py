"""When a delivery is tried follows from what was recorded, the policy and nothing else."""

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from safelight_mock.core import Delivery, Outcome, RetryPolicy, State
from safelight_mock.core.webhook import Attempt, next_attempt_at

DOUBLING = RetryPolicy(retried=frozenset({"5xx", "network"}), first=5, factor=2, max_delay=900, attempts=20)
LISTED = RetryPolicy(retried=frozenset({"5xx", "timeout"}), waits=(3, 6, 12), attempts=4, timeout=30)
FRESH = Delivery(
    id="d",
    job="j",
    lifecycle="image",
    state=State.SUCCEEDED,
    vendor_state="Completed",
    at=100.0,
    target="http://localhost/",
    headers={},
    body="{}",
    first=100.0,
)


def tried_out(policy: RetryPolicy, *outcomes: Outcome, delivery: Delivery = FRESH) -> list[float]:
    """Return when attempts are made whose outcomes are these, the last of them again and again."""
    times: list[float] = []
    while (due := next_attempt_at(delivery, policy)) is not None:
        outcome = outcomes[min(len(times), len(outcomes) - 1)]
        duration = policy.timeout if outcome is Outcome.TIMEOUT else 0.0
        times.append(due)
        delivery = delivery.tried(Attempt(at=due, outcome=outcome, duration=duration))
    return times


def waits(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times)]


def test_delays_double_up_to_their_maximum_and_end_after_the_last_attempt() -> None:
    times = tried_out(DOUBLING, Outcome.FAILED)

    assert waits(times) == [5, 10, 20, 40, 80, 160, 320, 640, *[900] * 11]


def test_retries_end_before_the_maximum_sum_of_delays() -> None:
    times = tried_out(replace(DOUBLING, max_delay=inf, total=900), Outcome.NETWORK)

    assert waits(times) == [5, 10, 20, 40, 80, 160, 320]


def test_listed_delays_begin_when_an_attempt_has_ended() -> None:
    assert waits(tried_out(LISTED, Outcome.FAILED)) == [3, 6, 12]
    assert waits(tried_out(LISTED, Outcome.TIMEOUT)) == [33, 36, 42]


@pytest.mark.fidelity("topaz.webhook_retried")
@pytest.mark.parametrize(
    ("outcome", "attempts"),
    [
        (Outcome.DELIVERED, 1),
        (Outcome.REDIRECTED, 1),
        (Outcome.REJECTED, 1),
        (Outcome.FAILED, 20),
        (Outcome.NETWORK, 20),
        (Outcome.TIMEOUT, 20),
        (Outcome.NOT_ALLOWED, 1),
        (Outcome.INVALID_PAYLOAD, 1),
    ],
)
def test_only_retryable_outcomes_are_retried(outcome: Outcome, attempts: int) -> None:
    assert len(tried_out(DOUBLING, outcome)) == attempts


def test_a_delivered_webhook_is_not_sent_again() -> None:
    assert tried_out(DOUBLING, Outcome.FAILED, Outcome.FAILED, Outcome.DELIVERED) == [100, 105, 115]


def test_a_duplicate_is_delivered_twice() -> None:
    assert tried_out(DOUBLING, Outcome.DELIVERED, delivery=replace(FRESH, copies=2)) == [100, 100]


def test_a_suppressed_delivery_can_be_resent() -> None:
    never = replace(FRESH, first=None)

    assert next_attempt_at(never, DOUBLING) is None
    assert next_attempt_at(never.again(150.0), DOUBLING) == 150


def test_resending_does_not_change_the_retry_policy() -> None:
    failed = FRESH.tried(Attempt(at=100.0, outcome=Outcome.FAILED)).again(101.0)

    by_hand = failed.tried(Attempt(at=101.0, outcome=Outcome.REJECTED, is_resend=True))

    assert next_attempt_at(failed, DOUBLING) == 101
    assert next_attempt_at(by_hand, DOUBLING) == 105


def test_every_status_has_an_outcome() -> None:
    assert [Outcome.of(status) for status in (204, 301, 410, 503, 999)] == [
        Outcome.DELIVERED,
        Outcome.REDIRECTED,
        Outcome.REJECTED,
        Outcome.FAILED,
        Outcome.NETWORK,
    ]


@given(st.lists(st.sampled_from([*Outcome]), min_size=1, max_size=30))
def test_time_goes_forward_from_attempt_to_attempt(outcomes: list[Outcome]) -> None:
    times = tried_out(DOUBLING, *outcomes)

    assert times == sorted(times)
    assert len(times) <= DOUBLING.attempts


def test_delays_with_a_bounded_sum_end_at_the_bound() -> None:
    policy = RetryPolicy(waits=(3.0, 6.0, 12.0), attempts=9, total=9.0)

    assert [policy.wait(made) for made in (1, 2, 3)] == [3.0, 6.0, None]
    assert RetryPolicy(waits=(3.0, 6.0), attempts=9, total=4.0).wait(1) == 3.0
    assert RetryPolicy(waits=(3.0, 6.0), attempts=9, total=8.0).wait(2) is None
