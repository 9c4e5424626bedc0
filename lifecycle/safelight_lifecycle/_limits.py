"""How long a job takes, is waited for and is allowed to take, and how many run at a time."""

import re
from collections.abc import Mapping

from safelight_lifecycle._conditions import ALWAYS, Condition
from safelight_lifecycle._durations import parse_seconds
from safelight_lifecycle._expressions import Expression
from safelight_lifecycle._places import ValueReader
from safelight_lifecycle._record import EMPTY, Record
from safelight_lifecycle._words import WordState, by_word


class Timing(Record):
    """How many seconds a job is in these states, unless something more specific gives the time."""

    queued: float | None = None
    running: float | None = None


class Wait(Record):
    """How a submission requests that its response waits for the end of the job.

    The seconds are at `place`, in the first group of `pattern` if there is one. Without `when` the requests
    that have a value there are held.
    """

    place: Expression
    default: float
    pattern: str = ""
    when: Condition = ALWAYS
    most: float | None = None

    def seconds(self, value: ValueReader) -> float | None:
        """Return how long the response is delayed; None if the request does not ask for it."""
        requested = value(self.place)
        if not self.when.holds(value) or (requested is None and not self.when.wanted):
            return None
        match = re.search(self.pattern, str(requested)) if self.pattern else None
        if self.pattern and match is None:
            return None
        seconds = parse_seconds(match[1] if match and match.re.groups else requested)
        seconds = self.default if seconds is None else seconds
        return seconds if self.most is None else min(seconds, self.most)


class Deadline(Record):
    """When a job that is not over ends, and how: `word`, or that of `words` for its word or state."""

    place: Expression | None = None
    default: float | None = None
    word: WordState | None = None
    words: Mapping[str, WordState] = EMPTY

    def seconds(self, value: ValueReader) -> float | None:
        """Return how many seconds after its submission a job ends at the latest; None without a limit."""
        requested = parse_seconds(value(self.place)) if self.place else None
        return self.default if requested is None else requested

    def outcome(self, status: WordState) -> WordState | None:
        """Return what a job becomes whose time is over; None for a word or state that may go on."""
        return self.word or by_word(self.words, status)


class Concurrency(Record):
    """How many jobs of an account run at a time, and the word of those that wait for it."""

    running: int
    word: str = ""


class Idempotency(Record):
    """The request header of the key, how many seconds a key is remembered, and the status of a conflict."""

    header: str
    keeps: float | None = None
    conflict: int | None = None
