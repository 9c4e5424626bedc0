"""When a job is due, when its webhook is, and how it is forced into a state."""

import msgspec
import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, engine, job
from tests.mockserver.lifecycles import webhook

from safelight_lifecycle import WordState
from safelight_mock.core import (
    Engine,
    Inspection,
    InspectionKey,
    InsufficientCreditsError,
    InvalidTransitionError,
    Job,
    Move,
    NotInspectedError,
    Sandbox,
    State,
    UnknownJobError,
    Webhook,
)

HOOK = "http://127.0.0.1/hook"


def told(sandbox: Sandbox, now: float, *on: State) -> Engine:
    """Return a sandbox whose account webhook notifies of those states."""
    rule = webhook(on=[str(state) for state in on])
    lifecycle = msgspec.structs.replace(LIFECYCLE, deliveries=(rule,))
    return msgspec.structs.replace(engine(sandbox, now), lifecycle=lifecycle)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="seed", webhook=Webhook(url=HOOK))


def test_a_job_is_due_when_its_work_begins(sandbox: Sandbox) -> None:
    taken = told(sandbox, 10, State.SUCCEEDED).submit(job(sandbox))

    assert sandbox.job_due_at == {taken.id: 11.0}


def test_a_job_with_a_webhook_for_its_submission_is_due_at_once(sandbox: Sandbox) -> None:
    taken = told(sandbox, 10, State.QUEUED).submit(job(sandbox))

    assert sandbox.job_due_at == {taken.id: 10.0}


def test_a_job_whose_state_is_forced_is_due_at_once(sandbox: Sandbox) -> None:
    now = told(sandbox, 10, State.SUCCEEDED)
    taken = now.submit(job(sandbox))

    now.at(10.5).cancel(taken.id)

    assert sandbox.job_due_at == {taken.id: 10.5}


def test_a_deleted_job_is_not_due(sandbox: Sandbox) -> None:
    now = told(sandbox, 10, State.SUCCEEDED)
    taken = now.submit(job(sandbox))

    now.at(20).forget(taken.id)

    assert sandbox.job_due_at == {}


def test_without_a_webhook_no_job_is_due(sandbox: Sandbox) -> None:
    engine(sandbox, 10).submit(job(sandbox))
    sandbox.webhook = Webhook()
    told(sandbox, 10, State.SUCCEEDED).submit(job(sandbox))

    assert sandbox.job_due_at == {}


def test_a_job_may_name_its_own_webhook_url(sandbox: Sandbox) -> None:
    now = told(sandbox, 10, State.SUCCEEDED)
    rule = webhook(target={"field": "hook"}, on=[])
    now = msgspec.structs.replace(now, lifecycle=msgspec.structs.replace(now.lifecycle, deliveries=(rule,)))

    now.submit(job(sandbox))
    named = now.submit(replace(job(sandbox), details={"hook": HOOK}))

    assert sandbox.job_due_at == {named.id: 11.0}


def test_a_poll_waits_until_the_next_transition(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    assert engine(sandbox, 10).advance_target(taken.id) == 11
    assert engine(sandbox, 11).advance_target(taken.id) == 15
    assert engine(sandbox, 15).advance_target(taken.id) == 20  # nothing comes any more: a pause


def test_an_unknown_job_has_no_next_transition(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))
    other = msgspec.structs.replace(engine(sandbox, 10), name="batch")

    assert engine(sandbox, 10).advance_target("nobody") == 10
    assert other.advance_target(taken.id) == 10


def batch(sandbox: Sandbox, now: Engine) -> tuple[Job, list[Job]]:
    parts = [job(sandbox), job(sandbox)]
    whole = replace(job(sandbox), parts=tuple(part.id for part in parts))
    return now.submit(whole, *parts), parts


def test_parts_of_a_batch_follow_its_forced_state(sandbox: Sandbox) -> None:
    whole, (first, second) = batch(sandbox, engine(sandbox, 10))
    engine(sandbox, 10.5).force_state(second.id, "failed")

    engine(sandbox, 10.6).force_state(whole.id, "Working")

    actual = [engine(sandbox, 10.7).find(one.id) for one in (whole, first, second)]
    assert [one.state for one in actual] == [State.RUNNING, State.RUNNING, State.FAILED]


def test_a_deleted_part_does_not_block_its_batch(sandbox: Sandbox) -> None:
    whole, (first, second) = batch(sandbox, engine(sandbox, 10))
    engine(sandbox, 10.5).force_state(first.id, "failed")
    engine(sandbox, 10.5).forget(first.id)

    engine(sandbox, 10.6).force_state(whole.id, "Working")

    assert {one.job.id: one.state for one in engine(sandbox, 10.7).all()} == {
        whole.id: State.RUNNING,
        second.id: State.RUNNING,
    }


def test_a_forced_vendor_state_is_reported_until_the_next_transition(sandbox: Sandbox) -> None:
    now = engine(sandbox, 10)
    named, plain = now.submit(job(sandbox)), now.submit(job(sandbox))

    now.force_state(named.id, "Done")
    now.force_state(plain.id, "succeeded")

    assert [event.vendor_state for event in sandbox.jobs[named.id].events] == ["", "Done"]
    assert [event.vendor_state for event in sandbox.jobs[plain.id].events] == ["", ""]


def test_a_job_is_paused_only_by_a_vendor_state_beside_the_default(sandbox: Sandbox) -> None:
    now = engine(sandbox, 10)
    taken = now.submit(job(sandbox))

    now.force_state(taken.id, "Working")
    now.force_state(taken.id, "Halted")
    now.force_state(taken.id, "Working")
    now.force_state(taken.id, "Working")
    now.force_state(taken.id, "Done")

    moves = [event.move for event in sandbox.jobs[taken.id].events]
    assert moves == [Move.START, Move.PAUSE, Move.RESUME, Move.FINISH]


def test_an_invalid_transition_error_names_the_transition_and_the_state(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    with pytest.raises(InvalidTransitionError, match=r"^cannot download a queued job$") as refused:
        engine(sandbox, 10).result(taken.id)
    assert (refused.value.action, refused.value.state) == ("download", State.QUEUED)
    with pytest.raises(InvalidTransitionError, match=r"^cannot forget a queued job$"):
        engine(sandbox, 10).forget(taken.id)
    with pytest.raises(InvalidTransitionError, match=r"^cannot finish a queued job$"):
        engine(sandbox, 10).move(taken.id, Move.FINISH)
    with pytest.raises(UnknownJobError, match=r"^no job nobody in this sandbox$"):
        engine(sandbox, 10).find("nobody")
    with pytest.raises(UnknownJobError, match=rf"^no job {taken.id} in this sandbox$"):
        engine(sandbox, 65).find(taken.id)


def test_a_succeeded_job_has_a_result(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    assert engine(sandbox, 15).result(taken.id).job == taken


def test_a_job_expires_when_its_retention_ends(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    assert engine(sandbox, 64.9).find(taken.id).job == taken
    assert engine(sandbox, 64.9).all()
    with pytest.raises(UnknownJobError, match=taken.id):
        engine(sandbox, 65.0).status(taken)
    with pytest.raises(UnknownJobError):
        engine(sandbox, 65.0).find(taken.id)
    assert engine(sandbox, 65.0).all() == []


def test_without_a_balance_expired_jobs_are_deleted_without_inspection(sandbox: Sandbox) -> None:
    def uninspected(one: Job) -> Inspection:
        raise NotInspectedError(frozenset([InspectionKey(one.source.digest)]))

    engine(sandbox, 10).submit(job(sandbox))

    later = msgspec.structs.replace(engine(sandbox, 100), inspect=uninspected).submit(job(sandbox))

    assert [*sandbox.jobs] == [later.id]


def test_a_cancelled_job_expires_like_any_other(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))
    engine(sandbox, 11).cancel(taken.id)

    later = engine(sandbox, 100).submit(job(sandbox))

    assert [*sandbox.jobs] == [later.id]


def test_an_insufficient_credits_error_has_the_price(sandbox: Sandbox) -> None:
    sandbox.granted = 2
    dear = replace(job(sandbox), price=3)

    with pytest.raises(InsufficientCreditsError, match=r"^insufficient credits: 3 required$"):
        engine(sandbox, 10).submit(dear)


def test_a_job_has_its_base_url_and_its_position(sandbox: Sandbox) -> None:
    now = msgspec.structs.replace(engine(sandbox, 10), origin="http://here")

    first, second = now.submit(job(sandbox)), now.submit(job(sandbox))

    assert (first.origin, second.origin) == ("http://here", "http://here")
    assert (first.number < second.number, sandbox.submitted) == (True, 2)
    assert first.ordinal < second.ordinal


def test_a_failed_job_is_refunded_also_when_it_is_deleted(sandbox: Sandbox) -> None:
    sandbox.granted = 5
    dear = replace(job(sandbox, digest="damaged"), price=3)
    engine(sandbox, 10).submit(dear)

    engine(sandbox, 100).submit(job(sandbox))

    assert (len(sandbox.jobs), sandbox.paid) == (1, 0)


def test_the_price_of_jobs_that_succeeded_remains_paid_when_they_expire(sandbox: Sandbox) -> None:
    sandbox.granted = 10
    for price in (3, 4):
        engine(sandbox, 10).submit(replace(job(sandbox), price=price))

    later = engine(sandbox, 65.0).submit(job(sandbox))

    assert ([*sandbox.jobs], sandbox.paid) == ([later.id], 7)


def test_a_submission_removes_at_most_a_hundred_expired_jobs(sandbox: Sandbox) -> None:
    for _ in range(102):
        engine(sandbox, 10).submit(job(sandbox))

    engine(sandbox, 100).submit(job(sandbox))

    assert len(sandbox.jobs) == 3


def test_a_cancelled_job_expires_after_its_cancellation(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))
    engine(sandbox, 11).cancel(taken.id)

    assert [one.job.id for one in engine(sandbox, 60.9).all()] == [taken.id]
    assert engine(sandbox, 61.0).all() == []


def test_an_operation_that_changes_no_job_is_refused(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    with pytest.raises(InvalidTransitionError, match=r"^cannot polish a queued job$"):
        engine(sandbox, 10).apply("polish", taken.id)
    assert engine(sandbox, 10).apply_all("polish") == []


def test_a_job_becomes_what_a_word_beside_the_usual_one_means(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    found = engine(sandbox, 10).become(taken.id, WordState("Halted", State.RUNNING))

    assert (found.state, found.vendor_state, found.is_paused) == (State.RUNNING, "Halted", True)


def test_a_moved_job_has_the_vendor_state_of_its_lifecycle(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    assert engine(sandbox, 10.5).move(taken.id, Move.START).vendor_state == "Working"
    assert engine(sandbox, 11).cancel(taken.id).vendor_state == "Gone"
