"""What happened in a sandbox while its clock was moved, in the order of time."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, PICTURE
from tests.mockserver.core.scripts import STEPS, at, video
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import (
    WHOLE,
    Event,
    Inspection,
    InspectionKey,
    Job,
    Move,
    NotInspectedError,
    Plan,
    Sandbox,
    Source,
    State,
    TimelineEvent,
)
from safelight_mock.webhooks.timeline import ReachedJobs, merged, transitions


def job(name: str, submitted: float, *, kind: str = "image") -> Job:
    return Job(
        id=name,
        operation="submit",
        lifecycle=kind,
        submitted=submitted,
        plan=Plan(queued=1.0, running=4.0),
        source=Source(id="s", digest=f"digest of {name}", filename="photo.png", picture=PICTURE),
        output=PICTURE,
    )


def moved(*jobs: Job, since: float, at: float) -> list[tuple[float, str, str]]:
    reached = ReachedJobs("topaz", {one.id: one for one in jobs}, since, at)
    events = transitions(reached, {"image": LIFECYCLE, "batch": LIFECYCLE}, lambda _: WHOLE)
    return [(one.at, one.job, one.vendor_state) for one in events]


def test_the_moves_of_all_jobs_are_in_the_order_of_time() -> None:
    actual = moved(job("a", 100.0), job("b", 101.5, kind="batch"), since=100.5, at=105.5)

    assert actual == [
        (101.0, "a", "Working"),
        (101.5, "b", "Waiting"),
        (102.5, "b", "Working"),
        (105.0, "a", "Done"),
    ]


@pytest.mark.parametrize(
    ("since", "at", "moments"),
    [
        (99.0, 100.0, [100.0]),
        (100.0, 101.0, [101.0]),
        (101.0, 104.9, []),
        (104.9, 105.0, [105.0]),
        (105.0, 200.0, []),
    ],
)
def test_a_move_at_the_end_of_the_time_is_in_it_and_one_at_its_beginning_is_not(
    since: float, at: float, moments: list[float]
) -> None:
    assert [moment for moment, _, _ in moved(job("a", 100.0), since=since, at=at)] == moments


def test_a_move_that_was_not_planned_is_in_it() -> None:
    cancelled = replace(job("a", 100.0), events=(Event(move=Move.CANCEL, at=103.0),))

    assert moved(cancelled, since=102.0, at=104.0) == [(103.0, "a", "Gone")]


def test_each_word_of_a_job_with_a_script_is_a_move() -> None:
    cycle, sandbox = lifecycle(states=STEPS), Sandbox(name="box", seed="seed")
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    events = transitions(ReachedJobs("topaz", {"a": taken}, 2.5, 4.0), {"image": cycle}, lambda _: WHOLE)

    assert [(one.at, one.vendor_state) for one in events] == [(3.0, "working")]


def test_a_job_that_did_not_move_hides_no_other() -> None:
    assert moved(job("still", 10.0), job("a", 100.0), since=100.5, at=101.0) == [(101.0, "a", "Working")]


def test_all_inputs_that_have_to_be_inspected_are_named_together() -> None:
    def inspect(one: Job) -> Inspection:
        raise NotInspectedError(frozenset([InspectionKey(one.source.digest)]))

    jobs = {name: job(name, 100.0) for name in ("a", "b")}
    with pytest.raises(NotInspectedError) as missing:
        transitions(ReachedJobs("topaz", jobs, 100.0, 200.0), {"image": LIFECYCLE}, inspect)

    assert {key.digest for key in missing.value.keys} == {"digest of a", "digest of b"}


def test_of_what_happens_at_one_moment_jobs_move_first() -> None:
    def event(at: float, delivery: str = "") -> TimelineEvent:
        return TimelineEvent(at=at, job="a", state=State.RUNNING, vendor_state="Working", delivery=delivery)

    actual = merged([event(101.0), event(105.0)], [event(101.0, "d"), event(103.0, "d")])

    assert [(one.at, one.delivery) for one in actual] == [
        (101.0, ""),
        (101.0, "d"),
        (103.0, "d"),
        (105.0, ""),
    ]
