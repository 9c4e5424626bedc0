"""Who has to leave a full twin, and who may stay."""

from dataclasses import replace

import pytest

from safelight_mock import Mode, Settings
from safelight_mock.core import Event, Format, Job, Move, Picture, Plan, Sandbox, Source
from safelight_mock.storage.port import Memory
from safelight_mock.storage.sandboxes import Crowd
from safelight_mock.storage.transaction import Desk
from safelight_mock.wire import Problem

PICTURE = Picture(format=Format.JPEG, width=6, height=4)


def desk(crowd: Crowd, at: float) -> Desk:
    return Desk(crowd, Memory(), at, lambda _: False)


def made(crowd: Crowd, key: str = "key") -> Sandbox:
    """Make a key's sandbox; return it as everybody sees it."""
    opened = desk(crowd, 0)
    name = opened.sandbox("topaz", key).name
    opened.commit()
    found = crowd.named(name)
    assert found is not None
    return found


def taken(crowd: Crowd, sandbox: Sandbox, name: str, at: float) -> None:
    """Take in a job that is over two seconds later."""
    opened = desk(crowd, at)
    copy = opened.named(sandbox.name)
    assert copy is not None
    opened.make_room()
    source = Source(id=name, digest=name, filename="a.jpg", picture=PICTURE)
    plan = Plan(queued=1, running=1)
    copy.jobs[name] = Job(
        id=name, operation="enhance", plan=plan, source=source, output=PICTURE, submitted=at
    )
    opened.commit()


def test_a_job_that_a_call_waits_for_stays_until_the_call_is_answered() -> None:
    crowd = Crowd("seed", Settings(capacity=2, sandboxes=1))
    sandbox = made(crowd)
    taken(crowd, sandbox, "awaited", at=0)
    taken(crowd, sandbox, "other", at=1)
    crowd.await_end("awaited", until=60, real=1)

    taken(crowd, sandbox, "third", at=10)
    assert list(sandbox.jobs) == ["awaited", "third"]

    crowd.end_wait("awaited")
    taken(crowd, sandbox, "fourth", at=11)
    assert list(sandbox.jobs) == ["third", "fourth"]


def test_room_for_many_jobs_is_made_at_once_by_the_oldest_of_all_sandboxes() -> None:
    crowd = Crowd("seed", Settings(capacity=4))
    one, other = made(crowd, "one"), made(crowd, "other")
    for at, sandbox in enumerate((one, other, other, one)):
        taken(crowd, sandbox, f"job {at}", at=at)

    opened = desk(crowd, 10)
    opened.make_room(3)
    opened.commit()

    assert (list(one.jobs), list(other.jobs)) == (["job 3"], [])


def test_where_there_is_no_room_for_all_nobody_has_to_leave() -> None:
    crowd = Crowd("seed", Settings(capacity=3))
    sandbox = made(crowd)
    for name, at in (("over", 0), ("later", 4), ("latest", 5)):
        taken(crowd, sandbox, name, at=at)

    with pytest.raises(Problem, match="holds 3 jobs at most, of which fewer than 2 may go"):
        desk(crowd, 5).make_room(2)
    assert list(sandbox.jobs) == ["over", "later", "latest"]

    opened = desk(crowd, 5)
    opened.make_room()
    opened.commit()
    assert list(sandbox.jobs) == ["later", "latest"]


def test_a_job_whose_caller_went_away_stays_no_longer_than_agreed() -> None:
    crowd = Crowd("seed", Settings(capacity=1, sandboxes=1))
    sandbox = made(crowd)
    taken(crowd, sandbox, "awaited", at=0)
    crowd.await_end("awaited", until=60, real=0)

    with pytest.raises(Problem, match="all 1 jobs of this twin are in progress"):
        taken(crowd, sandbox, "early", at=59)

    taken(crowd, sandbox, "late", at=60)
    assert list(sandbox.jobs) == ["late"]


def test_a_sandbox_whose_job_a_call_waits_for_does_not_have_to_leave() -> None:
    crowd = Crowd("seed", Settings(sandboxes=1))
    taken(crowd, made(crowd), "awaited", at=0)
    crowd.await_end("awaited", until=60, real=0)

    with pytest.raises(Problem, match="all 1 sandboxes of this twin are in use"):
        desk(crowd, 59).sandbox("topaz", "other")

    crowd.end_wait("awaited")
    assert not desk(crowd, 59).sandbox("topaz", "other").jobs


def test_jobs_that_were_deleted_make_room_for_others() -> None:
    crowd = Crowd("seed", Settings(capacity=2, sandboxes=1))
    sandbox = made(crowd)
    for name in ("first", "second"):
        taken(crowd, sandbox, name, at=0)
    opened = desk(crowd, 0)
    for copy in filter(None, [opened.named(sandbox.name)]):
        del copy.jobs["first"]
    opened.commit()

    taken(crowd, sandbox, "third", at=0)

    assert list(sandbox.jobs) == ["second", "third"]


@pytest.mark.parametrize(("clock", "pace"), [(Mode.REAL, 1), (Mode.SCALED, 10)])
def test_a_job_is_refused_until_the_moment_at_which_another_is_over(clock: Mode, pace: int) -> None:
    crowd = Crowd("seed", Settings(capacity=1, clock=clock, pace=pace))
    sandbox = made(crowd)
    taken(crowd, sandbox, "first", at=0)

    for at in (1, 1.5, 1.99):
        with pytest.raises(Problem, match="all 1 jobs of this twin are in progress"):
            taken(crowd, sandbox, "early", at=at / pace)
    taken(crowd, sandbox, "second", at=2 / pace)

    assert list(sandbox.jobs) == ["second"]


def test_after_a_refusal_a_job_that_was_cancelled_makes_room() -> None:
    crowd = Crowd("seed", Settings(capacity=1, clock=Mode.MANUAL))
    sandbox = made(crowd)
    taken(crowd, sandbox, "first", at=0)
    with pytest.raises(Problem, match="all 1 jobs of this twin are in progress"):
        taken(crowd, sandbox, "early", at=1)

    opened = desk(crowd, 1)
    for copy in filter(None, [opened.named(sandbox.name)]):
        copy.jobs["first"] = replace(copy.jobs["first"], events=(Event(move=Move.CANCEL, at=0),))
    opened.commit()
    taken(crowd, sandbox, "second", at=1)

    assert list(sandbox.jobs) == ["second"]


def test_a_sandbox_that_is_restored_a_hundred_times_is_remembered_once() -> None:
    crowd = Crowd("seed", Settings())
    sandbox = made(crowd)
    for at in range(50):
        taken(crowd, sandbox, f"job {at}", at=at)
    for _ in range(100):
        crowd.add(replace(sandbox))

    assert len(crowd._oldest) < 50 * 2 + 1_100  # noqa: SLF001 - what it costs shows nowhere else


@pytest.mark.parametrize(("clock", "later"), [(Mode.REAL, 11), (Mode.SCALED, 610), (Mode.MANUAL, 10)])
def test_only_a_scaled_clock_goes_at_the_pace_that_was_chosen(clock: Mode, later: float) -> None:
    sandbox = Crowd("seed", Settings(clock=clock, pace=600)).sandbox("topaz", "key", 10)

    assert sandbox.now(11) == later
