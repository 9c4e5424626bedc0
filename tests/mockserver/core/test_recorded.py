"""A job that does again what was recorded of one: states with their durations, and responses."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import LIFECYCLE, engine, job
from tests.mockserver.core.scripts import STEPS
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import Sandbox, ServedLifecycle, State
from safelight_mock.core.job import history
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.recorded import JobStay, Recorded, RecordedResponse

SCRIPT = lifecycle(states=STEPS)
Passed = list[tuple[float, str]]


def submitted(sandbox: Sandbox, stays: list[tuple[str, float | None]], cycle: ServedLifecycle) -> str:
    recorded = Recorded(stays=tuple(JobStay(to=to, lasts=lasts) for to, lasts in stays))
    at = replace(engine(sandbox, 100), lifecycle=cycle, fault=JobFault(recorded=recorded))
    return at.submit(job(sandbox, queued=2, running=10)).id


def passed(sandbox: Sandbox, stays: list[tuple[str, float | None]], cycle: ServedLifecycle) -> Passed:
    """Return when a job that was submitted at 100 came under which word."""
    taken = sandbox.jobs[submitted(sandbox, stays, cycle)]
    distinct: Passed = []
    for one in history(taken, 1000, engine(sandbox, 0).inspect, cycle.words):
        if not distinct or distinct[-1][1] != one.vendor_state:
            distinct.append((one.since, one.vendor_state))
    return distinct


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([("Done", None)], [(100, "Waiting"), (100, "Working"), (100, "Done")]),
        ([("Waiting", 3), ("Done", None)], [(100, "Waiting"), (103, "Working"), (103, "Done")]),
        (
            [("Waiting", 3), ("Working", 20), ("Done", None)],
            [(100, "Waiting"), (103, "Working"), (123, "Done")],
        ),
        (
            [("Waiting", 3), ("Working", 20), ("failed", None)],
            [(100, "Waiting"), (103, "Working"), (123, "")],
        ),
        ([("Waiting", 3), ("Gone", None)], [(100, "Waiting"), (103, "Gone")]),
        ([("Waiting", 3), ("Waiting", 4), ("Gone", None)], [(100, "Waiting"), (107, "Gone")]),
        ([("Waiting", 3), ("Waiting", 4)], [(100, "Waiting"), (108, "Working")]),
        ([("Waiting", 3), ("Working", 20)], [(100, "Waiting"), (103, "Working"), (124, "Done")]),
        ([("Working", 20), ("Gone", None)], [(100, "Waiting"), (100, "Working"), (120, "Gone")]),
        ([("Waiting", None)], [(100, "Waiting")]),
        ([("Waiting", 3), ("Working", None)], [(100, "Waiting"), (103, "Working")]),
        ([("Waiting", 3), ("Working", 5), ("Waiting", 4)], [(100, "Waiting"), (103, "Working")]),
    ],
)
def test_states_are_passed_with_their_durations(
    sandbox: Sandbox, stays: list[tuple[str, float | None]], expected: Passed
) -> None:
    assert passed(sandbox, stays, LIFECYCLE)[: len(expected)] == expected


def test_a_second_word_of_a_state_is_kept_as_long_as_it_was(sandbox: Sandbox) -> None:
    stays = [("Waiting", 3.0), ("Halted", 7.0), ("Working", 5.0), ("Done", None)]
    taken = submitted(sandbox, stays, LIFECYCLE)

    seen = {now: engine(sandbox, now).find(taken).vendor_state for now in (102, 103, 109, 111, 114, 115)}

    assert seen == {102: "Waiting", 103: "Halted", 109: "Halted", 111: "Working", 114: "Working", 115: "Done"}


def test_a_job_goes_on_after_a_second_word_that_was_recorded_last(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, [("Waiting", 3), ("Halted", 7)], LIFECYCLE)

    seen = {now: engine(sandbox, now).find(taken).vendor_state for now in (103, 109, 110, 117, 118)}

    assert seen == {103: "Halted", 109: "Halted", 110: "Working", 117: "Working", 118: "Done"}


def test_progress_is_that_of_the_time_that_was_recorded(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, [("Waiting", 3), ("Working", 20), ("Done", None)], LIFECYCLE)

    assert [engine(sandbox, now).find(taken).progress for now in (103, 113, 122)] == [0, 50, 95]


def test_a_recorded_job_waits_for_no_place_and_has_no_event_for_the_state_it_is_in(sandbox: Sandbox) -> None:
    states = {**STEPS, "throttled": {"means": "queued", "only": True}}
    cycle = lifecycle(states=states, concurrency={"running": 1, "word": "throttled"})
    replace(engine(sandbox, 100), lifecycle=cycle).submit(job(sandbox))
    taken = submitted(sandbox, [("starting", 3), ("working", 20), ("done", None)], cycle)

    assert replace(engine(sandbox, 100), lifecycle=cycle).find(taken).vendor_state == "starting"
    assert [event.at for event in sandbox.jobs[taken].events] == [103, 123]
    assert Sandbox.from_json(sandbox.to_json()).jobs[taken] == sandbox.jobs[taken]


def test_the_last_state_is_kept_until_the_job_is_moved(sandbox: Sandbox) -> None:
    taken = submitted(sandbox, [("Waiting", 3), ("Working", None)], LIFECYCLE)

    assert engine(sandbox, 100_000).find(taken).state is State.RUNNING
    engine(sandbox, 100_000).cancel(taken)
    assert engine(sandbox, 100_000).find(taken).state is State.CANCELLED


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        (
            [("starting", 3), ("working", 20), ("done", None)],
            [(100, "starting"), (103, "working"), (123, "done")],
        ),
        (
            [("starting", 3), ("preparing", 50), ("moderated", None)],
            [(100, "starting"), (103, "preparing"), (153, "moderated")],
        ),
        ([("working", None)], [(100, "starting"), (100, "working")]),
        ([("starting", 3), ("working", None)], [(100, "starting"), (103, "working")]),
    ],
)
def test_words_of_a_script_are_passed_with_their_durations(
    sandbox: Sandbox, stays: list[tuple[str, float | None]], expected: Passed
) -> None:
    found = passed(sandbox, stays, SCRIPT)

    assert found == (expected if len(found) == len(expected) else expected[1:])


RESPONSES = Recorded(
    responses=(
        RecordedResponse(operation="read", after=1, status=200, text="first"),
        RecordedResponse(operation="read", after=5, status=200, text="second"),
        RecordedResponse(operation="read", state="Done", after=9, text="done"),
        RecordedResponse(operation="list", text="list"),
    )
)


@pytest.mark.parametrize(
    ("names", "age", "text"),
    [
        (("Working", "running"), 0, "first"),
        (("Working", "running"), 4.9, "first"),
        (("Working", "running"), 5 - 1e-9, "second"),
        (("Working", "running"), 100, "second"),
        (("Done", "succeeded"), 5, "second"),
        (("Done", "succeeded"), 9, "done"),
    ],
)
def test_the_last_response_that_is_due_in_a_state_is_given(
    names: tuple[str, ...], age: float, text: str
) -> None:
    response = RESPONSES.response("read", names, age)

    assert response is not None
    assert response.text == text


def test_an_operation_of_which_nothing_was_recorded_has_no_response() -> None:
    assert RESPONSES.response("delete", ("Done",), 5) is None
    only_done = Recorded(responses=(RecordedResponse(operation="read", state="Done"),))
    assert only_done.response("read", ("Working",), 5) is None
