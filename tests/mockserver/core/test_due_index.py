"""When a job is due, when its webhook is, and how it is forced into a state."""

import msgspec
import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, engine, job

from safelight_mock.core import (
    Deliver,
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
    Target,
    UnknownJobError,
    Webhook,
)

HOOK = "http://127.0.0.1/hook"


def told(sandbox: Sandbox, now: float, *on: State) -> Engine:
    """Return a sandbox whose account webhook notifies of those states."""
    rule = Deliver(webhook="told", target=Target(account=True), on=frozenset(on), sign="none")
    lifecycle = msgspec.structs.replace(LIFECYCLE, deliver=rule)
    return msgspec.structs.replace(engine(sandbox, now), lifecycle=lifecycle)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="seed", webhook=Webhook(url=HOOK))


def test_a_job_is_on_the_agenda_for_when_its_work_begins(sandbox: Sandbox) -> None:
    taken = told(sandbox, 10, State.SUCCEEDED).submit(job(sandbox))

    assert sandbox.agenda == {taken.id: 11.0}


def test_where_the_taking_in_is_told_a_job_is_on_the_agenda_at_once(sandbox: Sandbox) -> None:
    taken = told(sandbox, 10, State.QUEUED).submit(job(sandbox))

    assert sandbox.agenda == {taken.id: 10.0}


def test_a_job_that_is_moved_by_hand_is_on_the_agenda_at_once(sandbox: Sandbox) -> None:
    now = told(sandbox, 10, State.SUCCEEDED)
    taken = now.submit(job(sandbox))

    now.at(10.5).cancel(taken.id)

    assert sandbox.agenda == {taken.id: 10.5}


def test_a_job_that_is_deleted_is_on_no_agenda(sandbox: Sandbox) -> None:
    now = told(sandbox, 10, State.SUCCEEDED)
    taken = now.submit(job(sandbox))

    now.at(20).forget(taken.id)

    assert sandbox.agenda == {}


def test_where_nobody_is_told_nothing_is_on_the_agenda(sandbox: Sandbox) -> None:
    engine(sandbox, 10).submit(job(sandbox))
    sandbox.webhook = Webhook()
    told(sandbox, 10, State.SUCCEEDED).submit(job(sandbox))

    assert sandbox.agenda == {}


def test_a_job_may_name_itself_who_is_told(sandbox: Sandbox) -> None:
    now = told(sandbox, 10, State.SUCCEEDED)
    rule = Deliver(webhook="told", target=Target(field="hook"), on=frozenset(), sign="none")
    now = msgspec.structs.replace(now, lifecycle=msgspec.structs.replace(now.lifecycle, deliver=rule))

    now.submit(job(sandbox))
    named = now.submit(replace(job(sandbox), details={"hook": HOOK}))

    assert sandbox.agenda == {named.id: 11.0}


def test_whoever_waits_has_waited_enough_at_the_next_move(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    assert engine(sandbox, 10).awaited(taken.id) == 11
    assert engine(sandbox, 11).awaited(taken.id) == 15
    assert engine(sandbox, 15).awaited(taken.id) == 20  # nothing comes any more: a pause


def test_nobody_waits_for_an_unknown_job(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))
    other = msgspec.structs.replace(engine(sandbox, 10), name="batch")

    assert engine(sandbox, 10).awaited("nobody") == 10
    assert other.awaited(taken.id) == 10


def batch(sandbox: Sandbox, now: Engine) -> tuple[Job, list[Job]]:
    parts = [job(sandbox), job(sandbox)]
    whole = replace(job(sandbox), parts=tuple(part.id for part in parts))
    return now.submit(whole, *parts), parts


def test_parts_go_where_the_whole_goes_if_they_still_can(sandbox: Sandbox) -> None:
    whole, (first, second) = batch(sandbox, engine(sandbox, 10))
    engine(sandbox, 10.5).put(second.id, "failed")

    engine(sandbox, 10.6).put(whole.id, "Working")

    actual = [engine(sandbox, 10.7).find(one.id) for one in (whole, first, second)]
    assert [one.state for one in actual] == [State.RUNNING, State.RUNNING, State.FAILED]


def test_a_part_that_was_deleted_does_not_hold_the_whole(sandbox: Sandbox) -> None:
    whole, (first, second) = batch(sandbox, engine(sandbox, 10))
    engine(sandbox, 10.5).put(first.id, "failed")
    engine(sandbox, 10.5).forget(first.id)

    engine(sandbox, 10.6).put(whole.id, "Working")

    assert {one.job.id: one.state for one in engine(sandbox, 10.7).all()} == {
        whole.id: State.RUNNING,
        second.id: State.RUNNING,
    }


def test_a_state_is_called_by_the_word_it_was_brought_to_and_others_by_their_own(sandbox: Sandbox) -> None:
    now = engine(sandbox, 10)
    named, plain = now.submit(job(sandbox)), now.submit(job(sandbox))

    now.put(named.id, "Done")
    now.put(plain.id, "succeeded")

    assert [event.vendor_state for event in sandbox.jobs[named.id].events] == ["", "Done"]
    assert [event.vendor_state for event in sandbox.jobs[plain.id].events] == ["", ""]


def test_a_job_rests_only_under_a_word_beside_the_usual_one(sandbox: Sandbox) -> None:
    now = engine(sandbox, 10)
    taken = now.submit(job(sandbox))

    now.put(taken.id, "Working")
    now.put(taken.id, "Halted")
    now.put(taken.id, "Working")
    now.put(taken.id, "Working")
    now.put(taken.id, "Done")

    moves = [event.move for event in sandbox.jobs[taken.id].events]
    assert moves == [Move.START, Move.PAUSE, Move.RESUME, Move.FINISH]


def test_a_refusal_says_what_was_asked_and_where_the_job_stood(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    with pytest.raises(InvalidTransitionError, match=r"^cannot download a queued job$") as refused:
        engine(sandbox, 10).result(taken.id)
    assert (refused.value.asked, refused.value.state) == ("download", State.QUEUED)
    with pytest.raises(InvalidTransitionError, match=r"^cannot forget a queued job$"):
        engine(sandbox, 10).forget(taken.id)
    with pytest.raises(InvalidTransitionError, match=r"^cannot finish a queued job$"):
        engine(sandbox, 10).move(taken.id, Move.FINISH)
    with pytest.raises(UnknownJobError, match=r"^no job nobody in this sandbox$"):
        engine(sandbox, 10).find("nobody")
    with pytest.raises(UnknownJobError, match=rf"^no job {taken.id} in this sandbox$"):
        engine(sandbox, 65).find(taken.id)


def test_a_result_can_be_had_of_a_job_that_has_succeeded(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    assert engine(sandbox, 15).result(taken.id).job == taken


def test_a_job_is_gone_from_the_moment_its_retention_is_over(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))

    assert engine(sandbox, 64.9).find(taken.id).job == taken
    assert engine(sandbox, 64.9).all()
    with pytest.raises(UnknownJobError):
        engine(sandbox, 65.0).find(taken.id)
    assert engine(sandbox, 65.0).all() == []


def test_where_no_credits_are_counted_nobody_judges_an_input_to_throw_its_job_away(sandbox: Sandbox) -> None:
    def unjudged(one: Job) -> Inspection:
        raise NotInspectedError(frozenset([InspectionKey(one.source.digest)]))

    engine(sandbox, 10).submit(job(sandbox))

    later = msgspec.structs.replace(engine(sandbox, 100), look=unjudged).submit(job(sandbox))

    assert [*sandbox.jobs] == [later.id]


def test_a_cancelled_job_goes_like_any_other_once_its_retention_is_over(sandbox: Sandbox) -> None:
    taken = engine(sandbox, 10).submit(job(sandbox))
    engine(sandbox, 11).cancel(taken.id)

    later = engine(sandbox, 100).submit(job(sandbox))

    assert [*sandbox.jobs] == [later.id]


def test_what_is_not_afforded_says_its_price(sandbox: Sandbox) -> None:
    sandbox.granted = 2
    dear = replace(job(sandbox), price=3)

    with pytest.raises(InsufficientCreditsError, match=r"^3 credits are not left$"):
        engine(sandbox, 10).submit(dear)


def test_a_job_knows_by_which_address_it_came_and_its_place(sandbox: Sandbox) -> None:
    now = msgspec.structs.replace(engine(sandbox, 10), origin="http://here")

    first, second = now.submit(job(sandbox)), now.submit(job(sandbox))

    assert (first.origin, second.origin) == ("http://here", "http://here")
    assert first.number < second.number


def test_what_a_job_cost_that_failed_is_given_back_also_when_it_goes(sandbox: Sandbox) -> None:
    sandbox.granted = 5
    dear = replace(job(sandbox, digest="damaged"), price=3)
    engine(sandbox, 10).submit(dear)

    engine(sandbox, 100).submit(job(sandbox))

    assert (len(sandbox.jobs), sandbox.paid) == (1, 0)
