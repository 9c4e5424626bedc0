"""The words of an API for the states of its jobs, and what a lifecycle says with them.

A job has a state, one of five, and a word, which clients see. Several words can mean one state, and one word
several final states. Without `states` a lifecycle shows no words; those of its jobs are the states
themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from safelight_lifecycle._record import Record
from safelight_lifecycle._states import State

T = TypeVar("T")

_STATES = frozenset(map(str, State))


class Word(Record):
    """One word of an API.

    `means` has several states only if they are final and the word does not say which. `share` is the part of
    the time in its state that a job spends under this word; 0 for words that it does not pass by itself and
    for final ones. A job under a word that `waits` keeps it until an operation changes it. `then` is the name
    of the word that follows by itself `after` seconds. `cause` says why a job ends with this word; empty for
    the usual one. `only` words are those that a job gets by an operation or by force alone.
    """

    name: str
    means: tuple[State, ...]
    share: float = 0.0
    waits: bool = False
    then: str = ""
    after: float = 0.0
    cause: str = ""
    only: bool = False


class WordState(Record, kw_only=False):
    """The word and the state of a job; also what a move or a deadline leads to."""

    word: str
    state: State

    def __init__(self, word: str, state: State) -> None:  # by hand: every poll makes some
        values = self.__dict__
        values["word"] = word
        values["state"] = state


class StateSet(Record, kw_only=False):
    """Some states, and some words of others. `status in states` tests a WordState."""

    states: frozenset[State] = frozenset()
    words: frozenset[str] = frozenset()

    def __contains__(self, status: WordState) -> bool:
        """Whether the state or the word of a job is one of these."""
        return status.state in self.states or status.word in self.words

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.states or self.words)


EVERY_STATE = StateSet(frozenset(State))


class Words(Record):
    """The words of a lifecycle, in the order in which a job passes them; none if its API shows none."""

    listed: tuple[Word, ...] = ()

    @cached_property
    def meanings(self) -> Mapping[str, State]:
        """The state that each word means; the first of several."""
        return {word.name: word.means[0] for word in self.listed}

    @cached_property
    def by_name(self) -> Mapping[str, Word]:
        """The words by name."""
        return {word.name: word for word in self.listed}

    @cached_property
    def usual(self) -> Mapping[State, str]:
        """The word of each state that a job gets without a cause; states without words are missing."""
        usual: dict[State, str] = {}
        for word in sorted(self.listed, key=lambda word: (bool(word.cause), word.only)):
            for state in word.means:
                usual.setdefault(state, word.name)
        return usual

    def passed(self, state: State) -> Sequence[Word]:
        """Return the words that a job passes by itself in a live state, in order."""
        return [word for word in self.listed if state in word.means and not word.only]

    def caused(self, state: State, cause: str) -> str:
        """Return the word of a final state for a cause; the usual one if none has that cause."""
        words = (word.name for word in self.listed if word.cause == cause and state in word.means)
        return next(words, self.usual.get(state, state))

    def end_of(self, status: WordState) -> WordState:
        """Return the word and state that a word leads to by itself, through `then`."""
        for _ in self.listed:  # each word once: they may follow one another in a circle
            word = self.by_name.get(status.word)
            status = self.reference(word.then) if word and word.then else status
        return status

    def reference(self, name: str) -> WordState:
        """Return what one name means: a word, or the usual word of a state; raises ValueError for others."""
        if name in self.meanings:
            return WordState(name, self.meanings[name])
        if name in _STATES:
            return WordState(self.usual.get(State(name), name), State(name))
        known = ", ".join(dict.fromkeys([*self.meanings, *State]))
        raise ValueError(f"unknown state {name!r}; use one of {known}")

    def one(self, name: str) -> StateSet:
        """Return the states of one name: those of the word, else the state."""
        self.reference(name)
        return (
            StateSet(words=frozenset([name])) if name in self.meanings else StateSet(frozenset([State(name)]))
        )

    def select(self, names: Iterable[str]) -> StateSet:
        """Return the states and words of several names; one that is both is the state, if it means that."""
        known = {name: self.reference(name) for name in names}
        states = {name for name in known if name in _STATES and self.meanings.get(name, name) == name}
        return StateSet(frozenset(map(State, states)), frozenset(known.keys() - states))

    def meant_by(self, selected: StateSet) -> frozenset[State]:
        """Return the states that some names mean, also those of which only some words are selected."""
        words = [self.by_name[name] for name in selected.words]
        return selected.states.union(*(word.means for word in words))


def by_word(values: Mapping[str, T], status: WordState) -> T | None:
    """Return the value for a job's word, else for its state, else None."""
    return values.get(status.word, values.get(status.state))
