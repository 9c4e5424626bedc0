"""A job with many words ends with the word of its cause, or at its deadline."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.scripts import MOVES, STEPS, VIDEO, Json, at, video, words
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import WHOLE, Inspection, Sandbox


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (WHOLE, "done"),
        (Inspection(is_whole=False), "rejected"),
        (Inspection(is_whole=True, error="not allowed"), "moderated"),
    ],
)
def test_a_job_ends_with_the_word_of_its_cause(sandbox: Sandbox, seen: Inspection, word: str) -> None:
    cycle = lifecycle(states=STEPS)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    found = at(sandbox, 12, cycle, seen).find(taken.id)

    assert (found.vendor_state, found.inspection) == (word, seen)
    assert found.progress == (100 if seen is WHOLE else 99)


def test_the_word_of_a_cause_is_not_that_of_another_state(sandbox: Sandbox) -> None:
    states = {**STEPS, "rejected": {"means": "cancelled", "cause": "input"}}
    cycle = lifecycle(states=states)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert at(sandbox, 12, cycle, Inspection(is_whole=False)).find(taken.id).vendor_state == "failed"


def test_a_failure_without_a_word_for_its_cause_has_the_usual_one(sandbox: Sandbox) -> None:
    states = {word: node for word, node in STEPS.items() if word != "rejected"}
    cycle = lifecycle(states=states)
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert at(sandbox, 12, cycle, Inspection(is_whole=False)).find(taken.id).vendor_state == "failed"


# Deadlines


LATE: Json = {**STEPS, "aborted": {"means": "cancelled", "cause": "deadline"}}


@pytest.mark.parametrize(
    ("seconds", "word", "ends"),
    [(1, "aborted", 1), (5, "cancelled", 5), (12, "done", 12), (None, "done", 12)],
)
def test_a_job_ends_at_its_deadline_with_the_word_for_its_state(
    sandbox: Sandbox, seconds: float | None, word: str, ends: float
) -> None:
    deadline = {"from": "$request.header.Cancel-After", "word": {"queued": "aborted", "running": "cancelled"}}
    cycle = lifecycle(states=LATE, deadline=deadline)
    planned = video(sandbox)

    taken = at(sandbox, 0, cycle).submit(replace(planned, plan=replace(planned.plan, deadline=seconds)))

    assert words(sandbox, taken, cycle)[-1] == (ends, word)
    assert at(sandbox, 0, cycle).find(taken.id).ends == ends


def test_a_deadline_may_be_the_same_for_all_jobs(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=VIDEO, moves=MOVES, deadline={"default": "PT1M", "word": "failed"})
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert words(sandbox, taken, cycle) == [(0, "requested"), (60, "failed")]


def test_a_deadline_that_names_some_states_ends_no_job_in_others(sandbox: Sandbox) -> None:
    cycle = lifecycle(states=LATE, deadline={"default": "PT5S", "word": {"saving": "aborted"}})
    taken = at(sandbox, 0, cycle).submit(video(sandbox))

    assert words(sandbox, taken, cycle)[-2:] == [(11, "saving"), (11, "aborted")]
