"""The states that a job of a service was seen in, and how long it was in each."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from safelight_lifecycle import State, WordState
from safelight_mock.core.lifecycle import ServedLifecycle

ORDER = (State.QUEUED, State.RUNNING)  # any other state is after them, and the last


class Sighting(NamedTuple):
    """The word and state that a response or a webhook had, so many seconds after the job's submission.

    `is_prompt`: the service has sent it at the change, as a webhook or an event.
    """

    at: float
    seen: WordState
    is_prompt: bool = False


class Stay(NamedTuple):
    """A state that a job was in from `begin` on, in seconds after its submission, to the next one."""

    begin: float
    to: WordState


class Course(NamedTuple):
    """The stays of a job, in order; and words that do not fit into the lifecycle, with why."""

    stays: Sequence[Stay]
    odd: Sequence[tuple[str, str]]

    def until(self, moment: float) -> Sequence[Stay]:
        """Return the stays that began before a moment."""
        return [stay for stay in self.stays if stay.begin < moment]

    @property
    def is_over(self) -> bool:
        """Whether its end was seen."""
        return bool(self.stays) and self.stays[-1].to.state.is_over

    def at(self, moment: float) -> Stay | None:
        """Return the state that the job was in at a moment."""
        return next((stay for stay in reversed(self.stays) if stay.begin <= moment), None)

    def end_of(self, stay: Stay) -> float | None:
        """Return when a stay ended; None if that was not seen."""
        return next((one.begin for one in self.stays if one.begin > stay.begin), None)


def course_of(sightings: Iterable[Sighting], events: Sequence[float], lifecycle: ServedLifecycle) -> Course:
    """Return the course of a job.

    A change is assumed in the middle between the two sightings around it, or at one that was sent at once.
    `events` are when the client changed the job, or a look at it failed: what was seen after that is not
    assumed to be before it. A job that was first seen at work is assumed to have been queued before. Words
    that the lifecycle does not have, and steps back, are left out, and listed.
    """
    words = lifecycle.described.words
    stays: list[Stay] = []
    odd: dict[tuple[str, str], None] = {}
    before = 0.0
    for at, seen, is_prompt in sorted(sightings, key=lambda one: one.at):
        before = max([before, *(event for event in events if event <= at)])
        is_known = seen.word in words.by_name or (not words.listed and seen.word == seen.state)
        last = stays[-1].to if stays else None
        changed = at if is_prompt else _middle(before, at)
        if not is_known:
            odd[seen.word, "is a word that the lifecycle does not have"] = None
        elif last is None:
            first = WordState(lifecycle.words.get(State.QUEUED, State.QUEUED), State.QUEUED)
            is_first = at == 0.0 or seen.state is State.QUEUED or not _has_queue(lifecycle)
            stays += [Stay(0.0, seen)] if is_first else [Stay(0.0, first), Stay(changed, seen)]
        elif last.state.is_over or _place(seen.state) < _place(last.state):
            if seen != last:
                odd[seen.word, f"comes after {last.word}"] = None
        elif seen != last:
            stays.append(Stay(changed, seen))
        before = at
    return Course(stays, [*odd])


def _middle(before: float, at: float) -> float:
    return round((before + at) / 2, 4)


def _has_queue(lifecycle: ServedLifecycle) -> bool:
    words = lifecycle.described.words
    return not words.listed or bool(words.passed(State.QUEUED))


def _place(state: State) -> int:
    return ORDER.index(state) if state in ORDER else len(ORDER)
