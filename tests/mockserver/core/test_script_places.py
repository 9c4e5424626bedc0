"""Jobs above the number that run at a time wait for a place, and are due when they get it."""

import msgspec
import pytest
from msgspec.structs import replace
from tests.mockserver.core.scripts import VIDEO, Json, at, video, words
from tests.mockserver.lifecycles import lifecycle, webhook

from safelight_mock.core import Job, Move, Sandbox, ServedLifecycle, State, Webhook
from safelight_mock.core.slots import planned_again

CROWDED: Json = {
    "states": {
        "PENDING": "queued",
        "THROTTLED": {"means": "queued", "only": True},
        "RUNNING": "running",
        "SUCCEEDED": "succeeded",
        "CANCELLED": "cancelled",
    },
    "moves": [
        {"operation": "cancel", "while": ["queued", "running"], "to": "CANCELLED"},
        {"operation": "delete", "to": "deleted"},
    ],
    "concurrency": {"running": 2, "word": "THROTTLED"},
}


def test_jobs_above_the_number_that_may_run_wait_under_their_word(sandbox: Sandbox) -> None:
    cycle = lifecycle(**CROWDED)
    one, two, three, four = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1, 2, 3))

    assert words(sandbox, two, cycle)[0] == (1, "PENDING")
    assert words(sandbox, three, cycle) == [
        (2, "THROTTLED"),
        (12, "PENDING"),
        (14, "RUNNING"),
        (24, "SUCCEEDED"),
    ]
    assert words(sandbox, four, cycle)[:2] == [(3, "THROTTLED"), (13, "PENDING")]
    assert words(sandbox, one, cycle)[-1] == (12, "SUCCEEDED")


@pytest.mark.parametrize("operation", ["cancel", "delete"])
def test_jobs_that_wait_are_planned_anew_when_another_one_ends_early(
    sandbox: Sandbox, operation: str
) -> None:
    cycle = lifecycle(**CROWDED)
    one, _, three, four = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1, 2, 3))

    at(sandbox, 5, cycle).apply(operation, one.id)

    assert words(sandbox, three, cycle)[:2] == [(2, "THROTTLED"), (5, "PENDING")]
    assert words(sandbox, four, cycle)[:2] == [(3, "THROTTLED"), (13, "PENDING")]


def test_a_job_that_rests_keeps_its_place_until_it_ends(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1}})
    one, two = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1))

    at(sandbox, 5, cycle).move(one.id, Move.PAUSE)
    waiting = at(sandbox, 1000, cycle).find(two.id)
    at(sandbox, 1001, cycle).apply("cancel", one.id)

    assert (waiting.vendor_state, waiting.state) == ("PENDING", State.QUEUED)
    assert words(sandbox, two, cycle, 2000)[:3] == [(1, "PENDING"), (1001, "PENDING"), (1003, "RUNNING")]


def test_a_place_is_free_at_once_when_none_is_taken(sandbox: Sandbox) -> None:
    cycle = lifecycle(**CROWDED)
    at(sandbox, 0, cycle).submit(video(sandbox))

    later = at(sandbox, 50, cycle).submit(video(sandbox))

    assert words(sandbox, later, cycle)[0] == (50, "PENDING")


def test_a_job_waits_for_a_place_for_less_than_a_second(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1, "word": "THROTTLED"}})
    at(sandbox, 0, cycle).submit(video(sandbox))

    later = at(sandbox, 11.5, cycle).submit(video(sandbox))

    assert words(sandbox, later, cycle)[:2] == [(11.5, "THROTTLED"), (12, "PENDING")]


def test_a_job_waits_for_those_that_wait_themselves(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1, "word": "THROTTLED"}})
    _, _, third = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(3))

    assert words(sandbox, third, cycle)[:2] == [(0, "THROTTLED"), (24, "PENDING")]


def test_a_submitted_job_is_returned_with_the_place_it_has(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1}})

    one, two = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(2))

    assert (one.plan.held, two.plan.held) == (0, 12)


def test_jobs_without_a_script_take_no_place(sandbox: Sandbox) -> None:
    assert [*planned_again([video(sandbox)], 1, 0.0)] == []


def test_a_job_that_waits_for_one_that_rests_is_stored_and_read_back(sandbox: Sandbox) -> None:
    cycle = lifecycle(**{**CROWDED, "concurrency": {"running": 1}})
    one, two = (at(sandbox, now, cycle).submit(video(sandbox)) for now in (0, 1))
    at(sandbox, 5, cycle).move(one.id, Move.PAUSE)

    restored = msgspec.json.decode(msgspec.json.encode(sandbox.jobs[two.id]), type=Job)

    assert restored == sandbox.jobs[two.id]


# Webhooks


def hooked(cycle: ServedLifecycle, *on: str) -> ServedLifecycle:
    return replace(cycle, deliveries=(webhook(on=[*on]),))


def test_a_job_is_due_when_its_first_word_ends(sandbox: Sandbox) -> None:
    sandbox.webhook = Webhook(url="http://127.0.0.1/hook")
    cycle = lifecycle(states={"Waiting": "queued", "Thinking": "queued", "Working": "running"})

    taken = at(sandbox, 10, hooked(cycle, "running")).submit(video(sandbox))

    assert sandbox.job_due_at == {taken.id: 11}


def test_a_job_that_waits_for_its_client_is_not_due(sandbox: Sandbox) -> None:
    sandbox.webhook = Webhook(url="http://127.0.0.1/hook")

    at(sandbox, 10, hooked(lifecycle(states=VIDEO), "succeeded")).submit(video(sandbox))

    assert sandbox.job_due_at == {}


def test_a_job_is_due_when_it_gets_its_place(sandbox: Sandbox) -> None:
    sandbox.webhook = Webhook(url="http://127.0.0.1/hook")
    cycle = hooked(lifecycle(**{**CROWDED, "concurrency": {"running": 1}}), "succeeded")

    one, two = (at(sandbox, 0, cycle).submit(video(sandbox)) for _ in range(2))
    before = dict(sandbox.job_due_at)
    at(sandbox, 5, cycle).apply("cancel", one.id)

    assert before == {one.id: 2, two.id: 12}
    assert sandbox.job_due_at == {one.id: 5, two.id: 7}
