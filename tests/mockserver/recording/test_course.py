"""The states of a job are placed in the middle between the looks at it."""

import pytest
from tests.mockserver.recording.sessions import service_of

from safelight_lifecycle import State, WordState
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.recording.course import Sighting, course_of

PENDING, PROCESSING, COMPLETED = (
    WordState("Pending", State.QUEUED),
    WordState("Processing", State.RUNNING),
    WordState("Completed", State.SUCCEEDED),
)


@pytest.fixture(scope="module")
def lifecycle() -> ServedLifecycle:
    service, _ = service_of("topaz")
    return next(iter(service.lifecycles.values()))


def stays(
    *looks: tuple[float, WordState], lifecycle: ServedLifecycle, events: tuple[float, ...] = ()
) -> list[tuple[float, str]]:
    course = course_of([Sighting(at, seen) for at, seen in looks], events, lifecycle)
    return [(stay.begin, stay.to.word) for stay in course.stays]


def test_a_change_is_in_the_middle_between_two_looks(lifecycle: ServedLifecycle) -> None:
    looks = (1.0, PENDING), (2.0, PENDING), (4.0, PROCESSING), (6.0, COMPLETED)

    assert stays(*looks, lifecycle=lifecycle) == [(0.0, "Pending"), (3.0, "Processing"), (5.0, "Completed")]


def test_a_job_at_work_was_queued_before(lifecycle: ServedLifecycle) -> None:
    assert stays((2.0, PROCESSING), lifecycle=lifecycle) == [(0.0, "Pending"), (1.0, "Processing")]
    assert stays((0.0, PROCESSING), lifecycle=lifecycle) == [(0.0, "Processing")]


def test_a_change_is_after_what_the_client_did_and_after_looks_that_failed(
    lifecycle: ServedLifecycle,
) -> None:
    looks = (1.0, PENDING), (4.0, PROCESSING)

    assert stays(*looks, lifecycle=lifecycle, events=(3.0, 5.0)) == [(0.0, "Pending"), (3.5, "Processing")]


def test_unknown_words_and_steps_back_are_listed(lifecycle: ServedLifecycle) -> None:
    looks = [
        (1.0, PROCESSING),
        (2.0, PENDING),
        (3.0, WordState("Odd", State.QUEUED)),
        (4.0, COMPLETED),
        (5.0, PROCESSING),
    ]

    course = course_of([Sighting(at, seen) for at, seen in looks], (), lifecycle)

    assert [(stay.begin, stay.to.word) for stay in course.stays] == [
        (0.0, "Pending"),
        (0.5, "Processing"),
        (3.5, "Completed"),
    ]
    assert course.odd == [
        ("Pending", "comes after Processing"),
        ("Odd", "is a word that the lifecycle does not have"),
        ("Processing", "comes after Completed"),
    ]
    assert course.is_over
    assert [stay.to.word for at in (0.0, 0.5, 9.0) for stay in [course.at(at)] if stay] == [
        "Pending",
        "Processing",
        "Completed",
    ]
