"""The lifecycle an API declares under `x-async-jobs`, as far as the twin reads it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property

import msgspec

from safelight_mock.core.job import State


class Guarded(msgspec.Struct, frozen=True, kw_only=True):
    """What is allowed only while a job is in one of these states; without an operation, part of the read."""

    operation: str = ""
    allowed: frozenset[State] = msgspec.field(name="while", default=frozenset(State))
    expires: timedelta | None = None


class Identified(msgspec.Struct, frozen=True, kw_only=True):
    """The parameter that takes a job's id."""

    parameter: str


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """An operation."""

    operation: str


class Lifecycle(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Which operations act on a kind of job, in which states, and how long things last."""

    submit: tuple[str, ...]
    sync: tuple[str, ...] = ()
    id: Identified
    states: Mapping[str, State]
    read: Named
    listing: Named | None = msgspec.field(name="list", default=None)
    cancel: Guarded | None = None
    forget: Guarded | None = None
    forget_all: Named | None = None
    result: Guarded | None = None
    input: Guarded | None = None
    retention: timedelta | None = None

    def word(self, state: State) -> str:
        """Return the vendor's first word for a state."""
        return self._words[state]

    def meaning(self, word: str) -> State:
        """Return the state that a word of the vendor's, or the state's own name, stands for."""
        if word in self.states:
            return self.states[word]
        if word in set(State):
            return State(word)
        known = ", ".join(dict.fromkeys([*self.states, *State]))
        raise ValueError(f"no state is called {word!r}; there are {known}")

    @cached_property
    def _words(self) -> Mapping[State, str]:
        return {meaning: word for word, meaning in reversed([*self.states.items()])}

    @property
    def takes_in(self) -> frozenset[str]:
        """The operations that bring a job."""
        return frozenset(self.submit) | frozenset(self.sync)

    @property
    def operations(self) -> frozenset[str]:
        """Every operation of this lifecycle."""
        others = (self.listing, self.cancel, self.forget, self.forget_all, self.result, self.input)
        return (
            self.takes_in | {self.read.operation} | {other.operation for other in others if other is not None}
        )
