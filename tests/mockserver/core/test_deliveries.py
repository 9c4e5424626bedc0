"""A sandbox stores the webhooks that it owes, and says which is attempted next, and when."""

from math import inf

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import job

from safelight_mock.core import (
    Clock,
    ClockMode,
    Delivery,
    Outcome,
    RetryPolicy,
    Sandbox,
    State,
    TimelineEvent,
)
from safelight_mock.core.sandbox import MAX_DELIVERIES
from safelight_mock.core.webhook import Attempt

STOPPED = Clock(mode=ClockMode.MANUAL, reading=100.0)
ONCE = RetryPolicy()
TWICE = RetryPolicy(retried=frozenset({"5xx", "timeout"}), waits=(5.0,), attempts=2)


def delivery(name: str, first: float | None = 100.0, *, trails: bool = False) -> Delivery:
    return Delivery(
        id=name,
        job="j",
        lifecycle="image",
        state=State.SUCCEEDED,
        vendor_state="Completed",
        at=100.0,
        target="http://localhost/",
        headers={},
        body="{}",
        first=first,
        trails=trails,
    )


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="seed", clock=STOPPED, latest=100.0)


# What is stored


def test_deliveries_are_kept_in_the_order_they_came_and_attempted_when_they_are_due(sandbox: Sandbox) -> None:
    for name, first in [("a", 120.0), ("b", 110.0), ("c", None), ("d", 110.0)]:
        sandbox.add(delivery(name, first))

    assert sandbox.deliveries == {
        "a": delivery("a", 120.0),
        "b": delivery("b", 110.0),
        "c": delivery("c", None),
        "d": delivery("d", 110.0),
    }
    assert sandbox.next_attempt_at == {"a": 120.0, "b": 110.0, "d": 110.0}
    assert [*sandbox.due_deliveries(119.0)] == ["b", "d"]
    assert [*sandbox.due_deliveries(120.0)] == ["b", "d", "a"]


def test_an_attempt_that_failed_is_due_again_after_the_others_of_its_time(sandbox: Sandbox) -> None:
    sandbox.add(delivery("a", 100.0))
    sandbox.add(delivery("b", 105.0))

    failed = Attempt(at=100.0, outcome=Outcome.FAILED)
    sandbox.keep(*sandbox.deliveries["a"].after(failed, TWICE))

    assert sandbox.deliveries["a"].attempts == (failed,)
    assert [*sandbox.due_deliveries(105.0)] == ["b", "a"]


def test_a_delivery_that_is_over_is_kept_and_not_attempted(sandbox: Sandbox) -> None:
    sandbox.add(delivery("a"))

    sandbox.keep(sandbox.deliveries["a"], None)

    assert ([*sandbox.deliveries], sandbox.next_attempt_at) == (["a"], {})
    assert not sandbox.has_pending_deliveries


def test_a_delivery_that_trails_comes_right_after_the_next_one(sandbox: Sandbox) -> None:
    sandbox.add(delivery("first", 160.0, trails=True))

    sandbox.add(delivery("second", 120.0))

    assert [*sandbox.deliveries.values()] == [delivery("second", 120.0), delivery("first", 120.0)]
    assert [*sandbox.due_deliveries(120.0)] == ["second", "first"]


def test_a_delivery_is_not_overtaken_by_one_that_is_never_sent(sandbox: Sandbox) -> None:
    sandbox.add(delivery("first", 160.0, trails=True))

    sandbox.add(delivery("second", None))

    assert [*sandbox.deliveries.values()] == [delivery("first", 160.0, trails=True), delivery("second", None)]
    assert sandbox.next_attempt_at == {"first": 160.0}


def test_a_delivery_that_does_not_trail_keeps_its_place(sandbox: Sandbox) -> None:
    sandbox.add(delivery("first", 160.0))

    sandbox.add(delivery("second", 120.0))

    assert [*sandbox.deliveries] == ["first", "second"]
    assert sandbox.next_attempt_at == {"first": 160.0, "second": 120.0}


def test_a_trailing_delivery_that_is_over_is_not_attempted_again(sandbox: Sandbox) -> None:
    sandbox.add(delivery("first", 100.0, trails=True))
    sandbox.keep(sandbox.deliveries["first"], None)

    sandbox.add(delivery("second", 120.0))

    assert ([*sandbox.deliveries], sandbox.next_attempt_at) == (["first", "second"], {"second": 120.0})


@pytest.mark.parametrize(
    "touched",
    [
        delivery("first", 100.0, trails=True).tried(Attempt(at=100.0, outcome=Outcome.FAILED)),
        delivery("first", 100.0, trails=True).again(100.0),
    ],
)
def test_a_trailing_delivery_that_was_attempted_or_resent_keeps_its_time(
    sandbox: Sandbox, touched: Delivery
) -> None:
    sandbox.add(delivery("first", 100.0, trails=True))
    sandbox.keep(touched, 105.0)

    sandbox.add(delivery("second", 120.0))

    assert [*sandbox.deliveries] == ["second", "first"]
    assert sandbox.deliveries["first"] == replace(touched, first=120.0, trails=False)
    assert sandbox.next_attempt_at == {"second": 120.0, "first": 105.0}


def test_the_oldest_delivery_that_is_over_is_dropped_when_there_are_too_many(sandbox: Sandbox) -> None:
    sandbox.add(delivery("pending", 1e9))
    for number in range(MAX_DELIVERIES):
        sandbox.add(delivery(f"over-{number}", None))

    assert len(sandbox.deliveries) == MAX_DELIVERIES
    assert [*sandbox.deliveries][:2] == ["pending", "over-1"]


def test_no_delivery_that_is_pending_is_dropped(sandbox: Sandbox) -> None:
    for number in range(MAX_DELIVERIES + 2):
        sandbox.add(delivery(f"pending-{number}", 1e9))

    assert len(sandbox.deliveries) == len(sandbox.next_attempt_at) == MAX_DELIVERIES + 2


# What is due


def test_a_clock_that_stands_steps_to_what_is_due_next(sandbox: Sandbox) -> None:
    sandbox.add(delivery("a", 120.0))
    sandbox.add(delivery("b", 110.0))

    first = sandbox.step(real=7.0)
    sandbox.keep(sandbox.deliveries["b"], None)
    second = sandbox.step(real=8.0)

    assert first == (110.0, [], delivery("b", 110.0))
    assert second == (120.0, [], delivery("a", 120.0))
    assert (sandbox.latest, sandbox.clock) == (120.0, Clock(mode=ClockMode.MANUAL, real=8.0, reading=120.0))


def test_jobs_that_owe_a_delivery_come_before_deliveries(sandbox: Sandbox) -> None:
    sandbox.add(delivery("a", 110.0))
    sandbox.job_due_at["late"], sandbox.job_due_at["one"], sandbox.job_due_at["two"] = 111.0, 110.0, 105.0

    first = sandbox.step(real=7.0)
    sandbox.job_due_at["two"] = 110.0
    second = sandbox.step(real=7.0)
    del sandbox.job_due_at["one"], sandbox.job_due_at["two"]
    third = sandbox.step(real=7.0)

    assert first == (105.0, ["two"], None)
    assert second == (110.0, ["one", "two"], None)
    assert third == (110.0, [], delivery("a", 110.0))


def test_what_was_due_in_the_past_is_due_at_the_latest_time_shown(sandbox: Sandbox) -> None:
    sandbox.add(delivery("a", 90.0))

    step = sandbox.step(real=7.0)

    assert step == (100.0, [], delivery("a", 90.0))
    assert (sandbox.latest, sandbox.clock) == (100.0, STOPPED)


def test_a_running_clock_is_not_moved_by_a_step_or_by_hand() -> None:
    running = Clock(mode=ClockMode.REAL)
    sandbox = Sandbox(name="box", seed="seed", clock=running, latest=100.0)
    sandbox.add(delivery("a", 110.0))

    step = sandbox.step(real=111.0)
    sandbox.advance_to(120.0, real=111.0)

    assert step == (110.0, [], delivery("a", 110.0))
    assert (sandbox.latest, sandbox.clock) == (100.0, running)


def test_a_clock_that_stands_is_moved_forward_only(sandbox: Sandbox) -> None:
    sandbox.advance_to(130.0, real=7.0)
    sandbox.advance_to(120.0, real=8.0)
    sandbox.advance_to(130.0, real=9.0)

    assert (sandbox.latest, sandbox.clock) == (130.0, Clock(mode=ClockMode.MANUAL, real=7.0, reading=130.0))


def test_jobs_that_owe_a_delivery_are_found_earliest_first(sandbox: Sandbox) -> None:
    sandbox.job_due_at["late"], sandbox.job_due_at["one"], sandbox.job_due_at["two"] = 111.0, 110.0, 105.0

    assert [*sandbox.due_jobs(104.9)] == []
    assert [*sandbox.due_jobs(105.0)] == ["two"]
    assert [*sandbox.due_jobs(110.0)] == ["two", "one"]


def test_the_next_moment_is_that_of_a_job_or_of_a_delivery(sandbox: Sandbox) -> None:
    nothing = (sandbox.next_due, sandbox.has_pending_deliveries)
    sandbox.add(delivery("a", 120.0))
    attempt = (sandbox.next_due, sandbox.has_pending_deliveries)
    sandbox.job_due_at["one"] = 110.0

    assert (nothing, attempt) == ((inf, False), (120.0, True))
    assert (sandbox.next_due, sandbox.has_pending_deliveries) == (110.0, True)


# What an attempt leaves


def test_an_attempt_that_times_out_takes_its_time() -> None:
    failed = delivery("a").attempt(100.0, Outcome.FAILED, 503, timeout=30.0)
    late = delivery("a").attempt(100.0, Outcome.TIMEOUT, 0, timeout=30.0)

    assert failed == Attempt(at=100.0, outcome=Outcome.FAILED, status=503, duration=0.0)
    assert late == Attempt(at=100.0, outcome=Outcome.TIMEOUT, status=0, duration=30.0)


def test_the_attempt_after_a_requested_redelivery_is_a_resend() -> None:
    attempt = delivery("a").again(150.0).attempt(150.0, Outcome.DELIVERED, 204, timeout=30.0)

    assert attempt == Attempt(at=150.0, outcome=Outcome.DELIVERED, status=204, is_resend=True)


def test_an_attempt_is_followed_by_another_as_its_policy_says() -> None:
    attempt = Attempt(at=100.0, outcome=Outcome.FAILED)

    once, never = delivery("a").after(attempt, ONCE)
    twice, later = delivery("a").after(attempt, TWICE)

    assert once == twice == delivery("a").tried(attempt)
    assert (never, later) == (None, 105.0)


def test_an_attempt_is_an_event_of_its_job() -> None:
    attempt = Attempt(at=105.0, outcome=Outcome.FAILED, status=503)

    assert delivery("a").event(attempt) == TimelineEvent(
        at=105.0,
        job="j",
        state=State.SUCCEEDED,
        vendor_state="Completed",
        delivery="a",
        outcome=Outcome.FAILED,
        status=503,
    )


# Copies, and what is written


def filled() -> Sandbox:
    sandbox = Sandbox(name="box", seed="seed", clock=STOPPED, latest=100.0, granted=9)
    one = job(sandbox)
    sandbox.jobs[one.id] = one
    sandbox.job_due_at[one.id] = 110.0
    sandbox.add(delivery("a", 120.0))
    return sandbox


def test_a_copy_shows_in_its_sandbox_once_it_is_merged() -> None:
    sandbox, before = filled(), filled()

    copy = sandbox.copy()
    copy.granted = 5
    copy.advance(20.0, real=7.0)
    two = job(copy)
    copy.jobs[two.id], copy.job_due_at[two.id] = two, 130.0
    copy.keep(copy.deliveries["a"], None)

    assert sandbox == before
    changed = (copy.granted, copy.latest, dict(copy.jobs), dict(copy.job_due_at), dict(copy.next_attempt_at))
    sandbox.merge(copy)
    assert (
        sandbox.granted,
        sandbox.latest,
        dict(sandbox.jobs),
        dict(sandbox.job_due_at),
        dict(sandbox.next_attempt_at),
    ) == changed
    assert {name: [*part.change().fresh] for name, part in copy.parts().items()} == {
        "jobs": [],
        "deliveries": [],
        "job_due_at": [],
        "next_attempt_at": [],
    }


def test_a_copy_knows_what_was_changed_of_each_mapping() -> None:
    copy = filled().copy()
    two = job(copy)

    copy.jobs[two.id], copy.job_due_at[two.id] = two, 130.0
    copy.keep(copy.deliveries["a"], None)
    changes = {name: part.change() for name, part in copy.parts().items()}

    assert changes["jobs"] == ({two.id: two}, {}, {})
    assert changes["job_due_at"] == ({two.id: 130.0}, {}, {})
    assert changes["deliveries"] == ({"a": delivery("a", 120.0)}, {}, {"a": delivery("a", 120.0)})
    assert changes["next_attempt_at"] == ({}, {"a": None}, {"a": 120.0})


def test_only_the_mappings_that_were_changed_are_merged() -> None:
    sandbox = filled()
    copy = sandbox.copy()
    two = job(copy)
    copy.jobs[two.id], copy.job_due_at[two.id] = two, 130.0

    sandbox.merge(copy, ["jobs"])

    assert (two.id in sandbox.jobs, two.id in sandbox.job_due_at) == (True, False)
    assert sandbox.ids_drawn == copy.ids_drawn


def test_a_frozen_sandbox_has_all_of_it_and_stays_as_it_was() -> None:
    sandbox, before = filled(), filled()
    copy = sandbox.copy()

    frozen, frozen_copy = sandbox.frozen(), copy.frozen()
    sandbox.keep(replace(delivery("a"), error="changed"), None)
    sandbox.jobs.clear()
    sandbox.job_due_at.clear()

    assert frozen == frozen_copy == before


def test_the_jobs_of_a_sandbox_as_they_are_now_come_without_deliveries() -> None:
    sandbox, before = filled(), filled()

    frozen = sandbox.jobs_frozen()
    sandbox.jobs.clear()

    assert dict(frozen.jobs) == dict(before.jobs)
    assert (frozen.deliveries, frozen.job_due_at, frozen.next_attempt_at) == ({}, {}, {})
    assert (frozen.name, frozen.granted, frozen.latest) == ("box", 9, 100.0)


def test_a_sandbox_with_deliveries_is_restored_unchanged() -> None:
    assert Sandbox.from_json(filled().to_json()) == filled()


def test_the_head_of_a_sandbox_has_everything_but_its_mappings() -> None:
    restored = Sandbox.from_json(filled().head_to_json())

    assert restored == replace(filled(), jobs={}, deliveries={}, job_due_at={}, next_attempt_at={})


def test_times_of_deliveries_that_are_missing_in_a_file_are_dropped() -> None:
    damaged = replace(filled(), deliveries={})

    assert Sandbox.from_json(damaged.to_json()).next_attempt_at == {}
