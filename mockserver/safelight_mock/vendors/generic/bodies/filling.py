"""Fills in the body of a response about one job.

First the values that the lifecycle names, then fields of the request that the response repeats under the same
name (echo).
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from math import isfinite

import msgspec

from safelight_lifecycle import Constant, Expression, JobValue, Lifecycle, WordState, format_pointer
from safelight_mock.core.job import State
from safelight_mock.vendors.generic.bodies.facts import KEPT, NAMED, NOTHING, JobFacts
from safelight_mock.vendors.generic.bodies.links import events_link, input_link, upload_value
from safelight_mock.vendors.generic.bodies.writes import ETA, INPUT, STREAM, Write, WriteRole, other_results
from safelight_mock.vendors.generic.schemas.body_edits import MISSING, BodyEdits, copied
from safelight_mock.vendors.generic.schemas.conversions import Convert, described_members
from safelight_mock.vendors.generic.schemas.made_values import Origin, Origins
from safelight_mock.vendors.generic.schemas.shapes import ANY, EACH, Tokens, Wanted
from safelight_mock.wire.messages import JSON

LONGEST_ECHO = 2_000  # characters of a text that is echoed

# How a branch of a oneOf or anyOf is chosen: by the weights of the places that it has. One with a place for
# the result beats one with a place for the id.
WEIGHTS: Mapping[WriteRole, int] = {WriteRole.RESULT: 100, WriteRole.ID: 10}


class Varying(msgspec.Struct, frozen=True):
    """A value that may differ in each response, and how it is converted to the type in the schema."""

    produce: Callable[[JobFacts], JSON]
    convert: Convert


class ValueTree(msgspec.Struct, frozen=True):
    """What changes from poll to poll in an object or array, by name or index.

    `values` are those at this level, `inside` the trees of the levels below.
    """

    values: dict[JSON, Varying] = msgspec.field(default_factory=dict)
    inside: dict[JSON, "ValueTree"] = msgspec.field(default_factory=dict)

    def rendered(self, body: JSON, facts: JobFacts) -> JSON:
        """Return a copy of a body with its present values.

        Parts that do not change are shared with it, not copied.
        """
        if not isinstance(body, dict | list):
            return body
        made = body.copy()
        for key, tree in self.inside.items():
            made[key] = tree.rendered(made[key], facts)
        for key, varying in self.values.items():
            raw = varying.produce(facts)
            if raw is not NOTHING:
                made[key] = varying.convert(raw)
        return made

    def add(self, body: JSON, place: Tokens, varying: Varying) -> None:
        """Add a value that changes at a place of a body, unless an object around it changes as a whole."""
        key: JSON = int(place[0]) if isinstance(body, list) else place[0]
        if len(place) == 1:
            self.values[key] = varying
        elif key not in self.values:
            self.inside.setdefault(key, ValueTree()).add(body[key], place[1:], varying)


class Context(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What the form of a body depends on: the lifecycle, how the job was submitted, its word and its state.

    `submit` is the operation that submitted the job.
    `hints` are further members by which branches of oneOf and anyOf can be distinguished; nothing is written
    there (weight 0), but a branch that has the value goes first.
    """

    lifecycle: Lifecycle
    submit: str
    word: str
    state: State
    writes: tuple[Write, ...]
    hints: tuple[Wanted, ...] = ()

    @cached_property
    def reached(self) -> WordState:
        """Word and state."""
        return WordState(self.word, self.state)

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """The places that will be written, for the choice of branches of unions."""
        wanted: list[Wanted] = []
        for write in self.writes:
            is_absent = write.role is WriteRole.ERROR and self.state is not State.FAILED
            if is_absent or (write.role is WriteRole.RESULT and not self.has_result(write)):
                continue
            value, weight = self._known(write), WEIGHTS.get(write.role, 1)
            wanted += (Wanted(place, value, weight if value is ANY else 1) for place in write.places)
        return (*wanted, *(one for one in self.hints if one.tokens not in self.named))

    def _known(self, write: Write) -> object:
        """Return what a write will write, if that is the same for every job in this state; else ANY."""
        if write.value is JobValue.STATE:
            return self.word
        # ETA and INPUT are constants in place of values that are computed.
        is_own = write.value in (ETA, INPUT) or write.upload is not None
        return write.value.value if isinstance(write.value, Constant) and not is_own else ANY

    @cached_property
    def others(self) -> tuple[Tokens, ...]:
        """The places of results that only jobs of other submit operations have."""
        return tuple(other_results(self.lifecycle, self.submit))

    @cached_property
    def named(self) -> frozenset[Tokens]:
        """All places that the lifecycle names."""
        return frozenset([*(place for write in self.writes for place in write.places), *self.others])

    def places_of(self, role: WriteRole) -> list[Tokens]:
        """Return the places of the writes of a role."""
        return [place for write in self.writes if write.role is role for place in write.places]

    def has_result(self, write: Write) -> bool:
        """Whether a job in this state has a result."""
        return write.result is not None and self.reached in write.result.allowed

    def raw(self, write: Write, facts: JobFacts) -> JSON:
        """Return the value before its conversion to the schema's type; NOTHING if the job has none."""
        if write.upload is not None:
            return upload_value(facts, write.upload, write.name)
        if write.value is INPUT:
            return input_link(facts)
        if write.value is STREAM:
            return events_link(facts)
        if write.role is WriteRole.RESULT:
            return facts.results(facts, write.name) if self.has_result(write) else NOTHING
        if write.value is ETA:
            # Without an end the job waits for a request of its client.
            return facts.status.ends if isfinite(facts.status.ends) else NOTHING
        return facts.value(write.value)


class Filling(msgspec.Struct, kw_only=True):
    """One body that is being filled in; `tree` collects what changes while the job keeps its word."""

    context: Context
    facts: JobFacts
    edits: BodyEdits
    body: JSON
    origins: Origins
    tree: ValueTree = msgspec.field(default_factory=ValueTree)

    @classmethod
    def begun(cls, edits: BodyEdits, example: JSON, context: Context, facts: JobFacts) -> "Filling":
        """Begin with the example or, if that is MISSING, with a value made from the schema.

        The same job always gets the same value.
        """
        maker, body = edits.maker, None
        if example is not MISSING:
            maker.note(example, Origin.EXAMPLE)
            body = copied(example)
        elif edits.schema is not None:
            body = maker.make(edits.schema, context.wanted)
        return cls(context=context, facts=facts, edits=edits, body=body, origins=dict(maker.origins))

    def write(self) -> None:
        """Remove what the job does not have, and write what the lifecycle names."""
        self._clear()
        for write in self.context.writes:
            self._write(write)

    def echo(self) -> None:
        """Write the fields of the submission that have the name of a member of the response."""
        sent, holder = self.facts.submission.body, self._echo_holder()
        shape = self.edits.shape(holder)
        if not isinstance(sent, Mapping) or shape is None or not isinstance(self.body, dict):
            return
        size = len(holder)
        taken = {place[size] for place in self.context.named if len(place) > size and place[:size] == holder}
        for name in shape.properties.keys() & sent.keys() - taken:
            inner, value = self.edits.shapes.member(shape, name), sent[name]
            if value is not None and inner is not None and inner.allows(value) and not _is_long(value):
                self._put((*holder, name), copied(value), Origin.ECHO)

    @property
    def made_up(self) -> tuple[str, ...]:
        """The pointers of the values that nothing but a schema's types describes."""
        named = (name for name, origin in self.origins.items() if origin is Origin.MADE_UP)
        return tuple(name for name in named if _at(self.body, tuple(name.split("/")[1:])) is not MISSING)

    def _clear(self) -> None:
        """Remove results and errors that the job does not have."""
        context = self.context
        kept, gone = context.places_of(WriteRole.ID), list(context.others)
        for write in context.writes:
            if write.role in (WriteRole.RESULT, WriteRole.ERROR):
                is_there = context.raw(write, self.facts) is not NOTHING
                kept += write.places if is_there and write.role is WriteRole.RESULT else ()
                gone += () if is_there else write.places
        for place in gone:
            if self.edits.has(place):
                self.body = self.edits.clear(self.body, place, kept)

    def _write(self, write: Write) -> None:
        """Write one value; if it may differ in the next response, note it in `tree`."""
        edits = self.edits
        place = next((one for one in write.places if edits.has(one) and not edits.is_cleared(one)), None)
        shape = None if place is None else edits.shape(place)
        raw = NOTHING if shape is None else self.context.raw(write, self.facts)
        if place is None or shape is None:
            return
        if raw is NOTHING:
            if write.role is not WriteRole.RESULT:
                self.body = edits.clear(self.body, place, is_alone=True)
            return
        if raw is KEPT:
            raw = _at(self.body, place)
            # Of a result without a value in the document any text will do: it is recognisable as made up.
            raw = f"The result of {self.facts.job.id}." if raw is None or raw is MISSING else raw
        convert = write.conversion(shape, place)
        if not write.fits(shape, raw):
            return
        value = self._described(place, raw) if isinstance(write.value, Expression) else convert(raw)
        self._put(place, value, Origin.LIFECYCLE)
        if (
            isinstance(write.value, JobValue)
            and write.varies
            and not self.facts.status.state.is_over
            and EACH not in place
        ):
            self.tree.add(self.body, place, Varying(NAMED[write.value], convert))

    def _described(self, place: Tokens, value: JSON) -> JSON:
        """Return a value of the request with only the members that the response's schema describes.

        Of a oneOf, the branch that has most of them counts.
        """
        if not isinstance(value, dict):
            return value
        edits = self.edits
        schema = edits.shapes.schema(edits.schema, place, edits.wanted)
        members = (Wanted((name,), inner) for name, inner in value.items())
        return described_members(edits.shapes.of(schema, members), value)

    def _put(self, place: Tokens, value: JSON, origin: Origin) -> None:
        self.body = self.edits.put(self.body, place, value)
        pointer = format_pointer(place)
        for other in [name for name in self.origins if name == pointer or name.startswith(f"{pointer}/")]:
            del self.origins[other]
        self.origins[pointer] = origin

    def _echo_holder(self) -> Tokens:
        """Return the place of the object with the job's id, or its state: request fields are echoed there.

        If there is none, it is the empty place: the whole body.
        """
        named = self.context.places_of(WriteRole.ID)
        return next((place[:-1] for place in named if place and self.edits.has(place)), ())


def _at(body: JSON, place: Tokens) -> JSON:
    for token in place:
        if isinstance(body, dict):
            body = body.get(token, MISSING)
        elif isinstance(body, list) and token.isdecimal() and int(token) < len(body):
            body = body[int(token)]
        else:
            return MISSING
    return body


def _is_long(value: JSON) -> bool:
    return isinstance(value, str) and len(value) > LONGEST_ECHO
