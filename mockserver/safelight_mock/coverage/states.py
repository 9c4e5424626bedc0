"""The words for states of jobs that responses show to a client."""

from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from safelight_lifecycle import (
    ExpressionSource,
    Lifecycle,
    ResponseParts,
    State,
    WordState,
    select_values,
    with_value_at,
)
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.wire.messages import JSON, EventStream, Response

ERRORS = 400  # and above: what is at the place of a state in an error is not one
DATA = b"data: "  # the beginning of a line in an event (HTML, server-sent events)
MOST_JOBS = 100  # of a list that are looked at


class ShownStates(msgspec.Struct, frozen=True, kw_only=True):
    """Finds the words in the responses with one status to one operation of a lifecycle.

    `pointer` is that of the only place in a body where a word can be; empty if there are others.
    Other texts than the `known` words are left out: the number of words that are counted is limited.
    `depends_on_headers`: a word can be in a header.
    """

    lifecycle: Lifecycle
    known: frozenset[str]
    status: int
    is_read: bool
    is_list: bool
    pointer: tuple[str, ...]
    depends_on_headers: bool

    @classmethod
    def of(cls, operation: str, lifecycle: ServedLifecycle, status: int) -> "ShownStates | None":
        """Return that of a status of an operation; None if such a response shows no state."""
        described = lifecycle.described
        read, is_read = described.read, operation == lifecycle.read_operation
        is_list = operation == lifecycle.list_operation
        if read is None or operation not in described.operations:
            return None
        if status >= ERRORS and not (is_read and status in read.by_status):
            return None
        place = read.state[0] if len(read.state) == 1 and not is_list else None
        is_in_body = place is not None and place.part is ExpressionSource.BODY
        return cls(
            lifecycle=described,
            known=frozenset(described_states(described)),
            status=status,
            is_read=is_read,
            is_list=is_list,
            pointer=place.pointer if place is not None and is_in_body else (),
            depends_on_headers=any(one.part is not ExpressionSource.BODY for one in read.state),
        )

    def words(self, response: Response) -> list[str]:
        """Return the words for jobs in a response, or the names of their states where there are no words."""
        return [word for word in self._words(response) if word in self.known]

    def _words(self, response: Response) -> Iterator[str]:
        if isinstance(response.content, EventStream):
            yield from self._words_of_events(response.content.text)
            return
        states = (self._state(body, response.headers) for body in self._bodies(response.value))
        yield from (state.word for state in states if state is not None)

    def _words_of_events(self, text: bytes) -> Iterator[str]:
        """Yield the words in the data of events: a body like that of the read operation, or a word alone."""
        lines = (line.removeprefix(DATA) for line in text.split(b"\n") if line.startswith(DATA))
        for data in lines:
            try:
                state = self._state(msgspec.json.decode(data), {})
            except msgspec.DecodeError:
                yield data.decode("utf-8", "replace")
            else:
                if state is not None:
                    yield state.word

    def _bodies(self, value: JSON) -> list[JSON]:
        """Return the bodies like that of the read operation: of a list, one for each entry."""
        listing = self.lifecycle.listing
        if not self.is_list or listing is None:
            return [value]
        entries = islice(select_values(listing.each, value), MOST_JOBS)
        if listing.like is None:
            return [*entries]
        return [with_value_at(listing.like.pointer, {}, entry) for entry in entries]

    def _state(self, body: JSON, headers: Mapping[str, str]) -> WordState | None:
        """Return word and state; of another operation than the one that reads, the status says nothing."""
        parts = ResponseParts(status=self.status, headers=headers, body=body)
        return self.lifecycle.state_in(parts.value, self.status if self.is_read else 0)


def described_states(lifecycle: Lifecycle) -> dict[str, str]:
    """Return the state of each word that a client can meet; the names of states if there are no words."""
    words = lifecycle.words.listed
    if words:
        return {word.name: word.means[0] for word in words}
    read = lifecycle.read
    by_status = {state for states in (read.by_status if read else {}).values() for state in states.states}
    notified = {state for rule in lifecycle.deliver for state in rule.on.states}
    shown = {*State} if read is not None and read.state else by_status | notified
    return {state: state for state in State if state in shown}


def notified_states(lifecycle: ServedLifecycle) -> list[str]:
    """Return the words, or names of states, of which webhooks notify."""
    known = described_states(lifecycle.described)
    words = lifecycle.described.words.by_name
    notified = [
        WordState(name, state)
        for name, usual in known.items()
        for state in (words[name].means if name in words else (State(usual),))
    ]
    sets = [rule.on for rule in lifecycle.deliveries]
    return [*dict.fromkeys(status.word for status in notified if any(status in one for one in sets))]
