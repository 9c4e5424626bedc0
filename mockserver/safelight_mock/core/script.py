"""How a job passes through the words of its lifecycle, where that is more than a queue and one piece of work.

Words can share the time of a state, wait for the client, follow one another by themselves, and say why a job
ended; a deadline can end it, and it can wait for others (see `slots`). A lifecycle with any of this has a
script, made once when the lifecycle is read. Jobs carry it in their plan, so that their state remains a
function of plan, recorded events and the moment. Jobs of other lifecycles have none, and pay nothing for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import Lifecycle, State, Word, Words, WordState
from safelight_mock.core.transitions import TRANSITIONS, Event, Move

NEVER = 1e12  # seconds to wait for a place that nothing planned frees; JSON has no infinity
MOST = 1_000  # changes of one job's word: a script of a snapshot could go round
LIVE = (State.QUEUED, State.RUNNING)
INPUT, MODERATION = "input", "moderation"


class ScriptStep(msgspec.Struct, frozen=True):
    """A word that jobs pass by themselves: its state, and its part of the state's time.

    A job under a word that `waits` stays there until an operation moves it.
    """

    word: str
    state: State
    share: float = 1.0
    waits: bool = False


class ScriptTarget(msgspec.Struct, frozen=True):
    """A word and state that a job gets, after so many seconds."""

    word: str
    state: State
    after: float = 0.0


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a lifecycle as jobs pass them.

    - `steps`: those that they pass by themselves, in order
    - `follows`: what follows a word by itself
    - `finals`: the usual word of each final state; `causes`: that of a failure by its cause
    - `overdue`: what a job becomes at its deadline, by its word or state; by an empty text for all others
    - `held`: the word of jobs that wait for others to end
    """

    steps: tuple[ScriptStep, ...]
    follows: Mapping[str, ScriptTarget] = {}
    finals: Mapping[State, str] = {}
    causes: Mapping[str, str] = {}
    overdue: Mapping[str, ScriptTarget] = {}
    held: str = ""

    def faster(self, speedup: float) -> "Script":
        """Return the script of jobs that live so many times faster."""
        if speedup == 1 or not self.follows:
            return self
        follows = {
            word: ScriptTarget(one.word, one.state, one.after / speedup) for word, one in self.follows.items()
        }
        return replace(self, follows=follows)

    def target_at_deadline(self, word: str, state: State) -> ScriptTarget | None:
        """Return what a job becomes at its deadline; None if it goes on."""
        return self.overdue.get(word) or self.overdue.get(state) or self.overdue.get("")


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many seconds a job waits and then works, unless it is cancelled, paused or forced.

    A job that has to wait for others is `held` before. It ends at the latest `deadline` seconds after its
    submission, as its `script` says.
    """

    queued: float
    running: float
    held: float = 0.0
    deadline: float | None = None
    script: Script | None = None


class Position(NamedTuple):
    """Where a job is since `at`; `due` is when it moves on by itself, infinity if it does not.

    `step` counts the steps; -1 is before the first, None is outside of them. `worked` are the seconds in
    running words until `at`. `left` are those which a paused job has left under its word. `inspection` is
    what the end of work was decided by.
    """

    at: float
    word: str
    state: State
    due: float = inf
    step: int | None = None
    worked: float = 0.0
    left: float | None = None
    inspection: object = None


class Stay(NamedTuple):
    """A position that a job keeps `until` a moment, after so many recorded events, and its planned `end`."""

    place: Position
    until: float
    end: float
    applied: int


NO_WORDS = Words(listed=tuple(Word(name=state, means=(state,), share=1.0) for state in State))
"""Those of an API that shows none."""

WorkEnd = Callable[[], tuple[State, str, object]]
"""Returns the state in which work ends, the cause of a failure, and the inspection it was decided by."""


class Walk(NamedTuple):
    """A job on its way through its script."""

    script: Script
    plan: Plan
    submitted: float
    events: Sequence[Event]
    outcome: WorkEnd

    def stays(self, now: float, since: Stay | None = None) -> Iterator[Stay]:
        """Yield the stays of the job up to `now`, the present one last; begin with `since` if it is known."""
        events = sorted(self.events, key=lambda event: event.at)
        place, applied = (self._first(), 0) if since is None else (since.place, since.applied)
        yield self._stay(place, events, applied)
        for _ in range(MOST + len(events)):
            if place.state.is_over:
                return
            event, planned = events[applied] if applied < len(events) else None, self.next_change(place)
            if planned <= now and (event is None or planned <= event.at):
                place = self._moved_on(place, planned)
                yield self._stay(place, events, applied)
            elif event is not None and event.at <= now:
                before, place, applied = place, self._applied(place, event), applied + 1
                if place is not before:
                    yield self._stay(place, events, applied)
            else:
                return

    def positions(self, now: float) -> Iterator[Position]:
        """Yield each position of the job up to `now`, the present one last."""
        return (stay.place for stay in self.stays(now))

    def position(self, now: float) -> Position:
        """Return the position of the job at a moment."""
        *_, place = self.positions(now)
        return place

    def end_from(self, at: float) -> float:
        """Return when the job ends by plan that enters its first step at a moment."""
        return self.end(self._entered(0, at))

    def next_change(self, place: Position) -> float:
        """Return when a job leaves a position by itself; infinity if it does not."""
        return inf if place.state.is_over else min(place.due, self._deadline(place))

    def end(self, place: Position) -> float:
        """Return when the job ends by plan; infinity if it waits for something."""
        if place.state.is_over:
            return place.at
        return min(self._planned_end(place), self._deadline(place))

    def _stay(self, place: Position, events: Sequence[Event], applied: int) -> Stay:
        event = events[applied].at if applied < len(events) else inf
        return Stay(place, min(self.next_change(place), event), self.end(place), applied)

    def _first(self) -> Position:
        if self.plan.held <= 0:
            return self._entered(0, self.submitted)
        word = self.script.held or self.script.steps[0].word
        return Position(self.submitted, word, State.QUEUED, due=self.submitted + self.plan.held, step=-1)

    def _entered(self, index: int, at: float) -> Position:
        """Return the position at the beginning of a step; after the last one, that of the end."""
        if index >= len(self.script.steps):
            return self._ended(at)
        step = self.script.steps[index]
        worked = sum(map(self._running_seconds, self.script.steps[:index]))
        follow = self.script.follows.get(step.word)
        if follow is not None:
            return Position(at, step.word, step.state, at + follow.after, worked=worked)
        return Position(at, step.word, step.state, at + self._seconds(step), index, worked)

    def _ended(self, at: float) -> Position:
        state, cause, inspection = self.outcome()
        usual = self.script.finals.get(state, "")
        word = self.script.causes.get(cause, usual) if state is State.FAILED else usual
        return Position(at, word, state, worked=self.plan.running, inspection=inspection)

    def _moved_on(self, place: Position, at: float) -> Position:
        """Return the position after one that ends by plan."""
        if place.due > at:  # the deadline comes first
            target = self.script.target_at_deadline(place.word, place.state)
            return place if target is None else self._at(target, at, place)
        if place.step is not None:
            return self._entered(place.step + 1, at)
        return self._at(self.script.follows[place.word], at, place)

    def _applied(self, place: Position, event: Event) -> Position:
        """Return the position after a recorded event; the same if it has no effect."""
        at, state = event.at, event.state or TRANSITIONS[place.state].get(event.move)
        if event.move is Move.PAUSE:
            return place if place.left is not None else self._paused(place, event)
        if event.move is Move.RESUME:
            return place if place.left is None else place._replace(at=at, due=at + place.left, left=None)
        if event.move is Move.FINISH and state is not None:
            return self._ended(at)
        if state is None:
            return place
        usual = self.script.finals.get(state, "") if state.is_over else self._first_word(state)
        return self._at(ScriptTarget(event.vendor_state or usual, state), at, place)

    def _paused(self, place: Position, event: Event) -> Position:
        worked = worked_part(self.plan, place, event.at) * self.plan.running
        left = place.due - event.at
        return place._replace(at=event.at, due=inf, left=left, worked=worked)

    def _at(self, target: ScriptTarget, at: float, before: Position) -> Position:
        """Return the position of a job that gets a word from outside of the order of steps."""
        if target.state.is_over:
            return Position(at, target.word, target.state, worked=self._worked(before, at))
        steps = enumerate(self.script.steps)
        index = next((n for n, one in steps if one.word == target.word and one.state is target.state), None)
        if index is not None:
            return self._entered(index, at)
        follow = self.script.follows.get(target.word)
        due = inf if follow is None else at + follow.after
        return Position(at, target.word, target.state, due, worked=self._worked(before, at))

    def _worked(self, place: Position, at: float) -> float:
        return worked_part(self.plan, place, at) * self.plan.running

    def _first_word(self, state: State) -> str:
        return next((step.word for step in self.script.steps if step.state is state), "")

    def _seconds(self, step: ScriptStep) -> float:
        whole = self.plan.running if step.state is State.RUNNING else self.plan.queued
        return inf if step.waits else whole * step.share

    def _running_seconds(self, step: ScriptStep) -> float:
        return 0.0 if step.waits or step.state is not State.RUNNING else self._seconds(step)

    def _deadline(self, place: Position) -> float:
        if self.plan.deadline is None or self.script.target_at_deadline(place.word, place.state) is None:
            return inf
        return max(place.at, self.submitted + self.plan.deadline)

    def _planned_end(self, place: Position) -> float:
        if place.due == inf or place.step is None:
            follow = self.script.follows.get(place.word)
            return place.due if follow is None or follow.state.is_over else inf
        return place.due + sum(map(self._seconds, self.script.steps[place.step + 1 :]))


def worked_part(plan: Plan, place: Position, now: float) -> float:
    """Return the part of the work that is done at a moment of a position, from 0 to 1."""
    until = min(now, place.due) if place.state is State.RUNNING and place.step is not None else place.at
    worked = place.worked + (0.0 if place.left is not None else until - place.at)
    return worked / plan.running if plan.running else 0.0


def script_of(lifecycle: Lifecycle) -> Script | None:
    """Return the script of a lifecycle; None if its jobs need none."""
    words = lifecycle.words if lifecycle.words.listed else NO_WORDS
    if _is_plain(lifecycle, words):
        return None
    steps = tuple(
        ScriptStep(word.name, state, word.share, word.waits) for state in LIVE for word in words.passed(state)
    )
    deadline = lifecycle.deadline
    several = {} if deadline is None else {**deadline.words, **({"": deadline.word} if deadline.word else {})}
    return Script(
        steps=steps,
        follows={one.name: _target(words.reference(one.then), one.after) for one in words.listed if one.then},
        finals={state: word for state, word in words.usual.items() if state.is_over},
        causes={one.cause: one.name for one in words.listed if one.cause and State.FAILED in one.means},
        overdue={name: _target(one) for name, one in several.items()},
        held="" if lifecycle.concurrency is None else lifecycle.concurrency.word,
    )


def _is_plain(lifecycle: Lifecycle, words: Words) -> bool:
    """Whether jobs have one word for each live state, and end by plan or by a cancellation only."""
    has_one_each = all(len(words.passed(state)) == 1 for state in LIVE)
    leads_to_usual = all(
        to.state.is_over and to.word == words.usual.get(to.state)
        for to in (move.to for move in lifecycle.moves)
        if isinstance(to, WordState)
    )
    limits = lifecycle.deadline, lifecycle.concurrency
    return (
        has_one_each and leads_to_usual and limits == (None, None) and not any(map(_is_special, words.listed))
    )


def _is_special(word: Word) -> bool:
    return word.waits or bool(word.then or word.cause)


def _target(one: WordState, after: float = 0.0) -> ScriptTarget:
    return ScriptTarget(one.word, one.state, after)
