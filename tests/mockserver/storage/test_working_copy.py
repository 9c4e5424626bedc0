"""A working copy knows what was changed, and is unchanged again once that is merged."""

import pytest
from tests.mockserver.storage.stores import delivery, job

from safelight_mock.core.clock import Clock, ClockMode
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.working_copy import Change, WorkingCopy


@pytest.fixture
def base() -> Sandbox:
    return Sandbox(name="box", seed="s", jobs={"old": job("old")})


@pytest.fixture
def working(base: Sandbox) -> WorkingCopy:
    return WorkingCopy(base)


def changed(working: WorkingCopy) -> Change:
    change = working.change()
    assert change is not None
    return change


def test_a_copy_that_was_only_read_has_no_change(working: WorkingCopy) -> None:
    assert working.copy.now(100) == 100

    assert not working.is_changed
    assert working.change() is None


def test_a_job_that_was_set_is_the_whole_change(base: Sandbox, working: WorkingCopy) -> None:
    working.copy.jobs["new"] = job("new")

    change = changed(working)

    assert working.is_changed
    assert change.sandbox is working.copy
    assert (change.is_whole, change.has_head, change.moves_due) == (False, False, False)
    assert {name: [*part.fresh] for name, part in change.parts.items()} == {"jobs": ["new"]}
    assert [*base.jobs] == ["old"]


def test_a_job_that_was_removed_is_a_change(working: WorkingCopy) -> None:
    del working.copy.jobs["old"]

    assert working.is_changed
    assert [*changed(working).parts["jobs"].gone] == ["old"]


def test_a_field_that_was_set_is_a_change_of_the_head_alone(working: WorkingCopy) -> None:
    working.copy.label = "mine"

    change = changed(working)

    assert working.is_changed
    assert (change.is_whole, change.has_head, change.moves_due, change.parts) == (False, True, False, {})


@pytest.mark.parametrize("part", ["job_due_at", "next_attempt_at"])
def test_a_due_time_that_was_set_moves_what_is_due(working: WorkingCopy, part: str) -> None:
    getattr(working.copy, part)["old"] = 5.0

    change = changed(working)

    assert (change.has_head, change.moves_due, [*change.parts]) == (False, True, [part])


def test_a_clock_that_was_set_moves_what_is_due(working: WorkingCopy) -> None:
    working.copy.set_clock(0, to=100)

    change = changed(working)

    assert (change.has_head, change.moves_due, change.parts) == (True, True, {})


def test_only_the_time_of_a_stopped_clock_is_a_change() -> None:
    running = WorkingCopy(Sandbox(name="box", seed="s"))
    stopped = WorkingCopy(Sandbox(name="box", seed="s", clock=Clock(mode=ClockMode.MANUAL)))
    running.copy.latest = stopped.copy.latest = 5.0

    assert (running.is_changed, running.change()) == (False, None)
    assert stopped.is_changed
    assert changed(stopped).has_head


def test_a_whole_copy_is_a_change_although_nothing_was_set(base: Sandbox) -> None:
    change = changed(WorkingCopy(base, is_whole=True))

    assert (change.is_whole, change.has_head, change.moves_due) == (True, True, True)


def test_a_merged_copy_is_an_unchanged_copy(base: Sandbox) -> None:
    working = WorkingCopy(base, is_whole=True)
    working.copy.jobs["new"], working.copy.label = job("new"), "mine"
    working.copy.add(delivery("sent"))

    working.merge(changed(working))

    assert ([*base.jobs], [*base.deliveries], base.label) == (["old", "new"], ["sent"], "mine")
    assert (working.is_changed, working.change()) == (False, None)

    working.copy.jobs["newer"] = job("newer")
    working.merge(changed(working))
    assert [*base.jobs] == ["old", "new", "newer"]


def test_the_time_of_a_stopped_clock_is_merged_once() -> None:
    base = Sandbox(name="box", seed="s", clock=Clock(mode=ClockMode.MANUAL))
    working = WorkingCopy(base)
    working.copy.latest = 5.0

    working.merge(changed(working))

    assert (base.latest, working.change()) == (5.0, None)
