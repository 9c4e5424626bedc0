"""What a lifecycle writes into the responses about one job, in the order in which it is written."""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import (
    Constant,
    Expression,
    ExpressionSource,
    JobResult,
    JobValue,
    Lifecycle,
    OperationUrl,
    ResultKind,
    Since,
    Upload,
    Value,
    parse_path,
)
from safelight_mock.vendors.generic.schemas.conversions import (
    Convert,
    lines_in,
    measured_in,
    number_in,
    plain,
    text_in,
    time_in,
)
from safelight_mock.vendors.generic.schemas.shapes import EACH, Shape, Tokens
from safelight_mock.wire.messages import JSON

TIMES = frozenset(
    {
        JobValue.SUBMITTED,
        JobValue.STARTED,
        JobValue.ENDED,
        JobValue.UPDATED,
        JobValue.EXPIRES,
        JobValue.DEADLINE,
    }
)
VARYING = frozenset({JobValue.PROGRESS, JobValue.SECONDS, JobValue.POSITION, JobValue.LOGS})
NUMBERS = frozenset({JobValue.PROGRESS, JobValue.SECONDS, JobValue.PRICE, JobValue.POSITION})
ETA = Constant("eta")  # in place of the time of the expected end, which no lifecycle can name as a value

INPUT = Constant("input")  # in place of the URL of the job's input
STREAM = Constant("stream")  # and of that of its events


class WriteRole(IntEnum):
    """What a write is for: results and errors are cleared while there are none."""

    RESULT = 0
    ERROR = 1
    ID = 2
    REPORT = 3


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """A value and the place at which it is written: in a body, or in the header of that name.

    `name` is that of a result, or of a value of an `upload`. Of a list of places the first is used that a
    response has.
    """

    places: tuple[Tokens, ...] = ()
    header: str = ""
    value: Value
    role: WriteRole = WriteRole.REPORT
    result: JobResult | None = None
    upload: Upload | None = None
    name: str = ""

    def conversion(self, shape: Shape, place: Tokens) -> Convert:
        """Return how the value is written in a schema."""
        name = self.value if isinstance(self.value, JobValue) else None
        if name in TIMES or isinstance(self.value, Since) or self.value is ETA:
            return time_in(shape, place[-1] if place else "")
        if name in NUMBERS:
            return number_in(shape)
        if name is JobValue.LOGS:
            return lines_in(shape)
        if name is JobValue.TOOK:
            return measured_in(shape)
        return plain(shape) if name in (None, JobValue.RESULT) else text_in(shape)

    def fits(self, shape: Shape, raw: JSON) -> bool:
        """Whether a response has no word of its own there, as for a cancellation or a result.

        A word that the schema of a read lacks is an error, not another meaning.
        """
        if self.value is not JobValue.STATE:
            return True
        raw = text_in(shape)(raw)
        return shape.allows(raw) if self.role is WriteRole.REPORT else shape.node.get("const", raw) == raw

    @property
    def varies(self) -> bool:
        """Whether the value changes while a job keeps its word."""
        return isinstance(self.value, JobValue) and self.value in VARYING


def writes_of(lifecycle: Lifecycle, submit: str, operation: str = "") -> tuple[Write, ...]:
    """Return what is written into a response of an operation about a job that `submit` started."""
    return tuple(sorted(_writes(lifecycle, submit, operation), key=_order))


def entry_writes(lifecycle: Lifecycle, submit: str) -> tuple[Write, ...]:
    """Return what is written into an entry of the list, whose places are those below `like`."""
    listing, read = lifecycle.listing, lifecycle.read.operation if lifecycle.read else ""
    if listing is None:
        return ()
    like = listing.like.pointer if listing.like else ()
    own = value_writes(listing.reports)
    writes = (one for one in writes_of(lifecycle, submit, read) if one.places)
    below = ((one, _below(one.places, like)) for one in writes)
    return (*(replace(one, places=places) for one, places in below if places), *own)


def results_of(lifecycle: Lifecycle, submit: str) -> Mapping[str, JobResult]:
    """Return the results of jobs that an operation submits; the one of `result` has an empty name."""
    first = lifecycle.result_of(submit)
    return {**({} if first is None else {"": first}), **lifecycle.results}


def other_results(lifecycle: Lifecycle, submit: str) -> Iterator[Tokens]:
    """Yield the places of results that only jobs of other operations have."""
    own = {place for one in results_of(lifecycle, submit).values() for place in result_places(one)}
    others = (one.result for one in lifecycle.submit if one.result is not None)
    for one in (*others, *([lifecycle.result] if lifecycle.result else [])):
        if not one.operation:
            yield from (place for place in result_places(one) if place not in own)


def result_places(result: JobResult) -> tuple[Tokens, ...]:
    """Return the places of a result in a body."""
    if result.each:
        return (each_place(result.each),)
    return _in_bodies(result.places)


def each_place(path: str) -> Tokens:
    """Return a JSONPath as a place."""
    return tuple(EACH if step is None else step for step in parse_path(path))


def value_writes(values: Mapping[Tokens, Value]) -> tuple[Write, ...]:
    """Return the writes of values by pointers, as those of a webhook's body."""
    return tuple(Write(places=(tokens,), value=value) for tokens, value in values.items())


def _writes(lifecycle: Lifecycle, submit: str, operation: str) -> Iterator[Write]:
    ids, read = lifecycle.ids_of(submit), lifecycle.read
    yield from _placed([one for one in ids.places if not one.is_request], JobValue.ID, WriteRole.ID)
    yield from _placed(ids.urls, JobValue.URL, WriteRole.ID)
    if read is not None:
        has_word = operation in ("", read.operation, submit)
        yield from _placed(read.state, JobValue.STATE, WriteRole.ID if has_word else WriteRole.REPORT)
        yield from _placed(read.progress, JobValue.PROGRESS)
        yield from _placed(read.eta, ETA)
        yield from _placed((read.follow,) if read.follow else (), JobValue.URL, WriteRole.ID)
    for name, result in results_of(lifecycle, submit).items():
        if result.kind is not ResultKind.BYTES and result.operation in ("", operation):
            yield Write(
                places=result_places(result),
                value=JobValue.RESULT,
                role=WriteRole.RESULT,
                result=result,
                name=name,
            )
        yield from _follow(result)
    if lifecycle.input is not None and lifecycle.input.operation == operation:
        yield from _placed((lifecycle.input.url,), INPUT, WriteRole.ID)
    if lifecycle.stream is not None and lifecycle.stream.follow is not None:
        yield from _placed((lifecycle.stream.follow,), STREAM, WriteRole.ID)
    yield from _placed(lifecycle.errors, JobValue.ERROR, WriteRole.ERROR)
    for move in lifecycle.moves:
        if move.follow is not None:
            yield from _placed((move.follow,), OperationUrl(move.operation))
    for place, value in lifecycle.reports.items():
        yield from _placed((place,), value)
    if lifecycle.nonce is not None:
        yield Write(places=(lifecycle.nonce.pointer,), value=lifecycle.nonce)


def _follow(result: JobResult) -> Iterator[Write]:
    if result.follow is not None and result.operation:
        yield from _placed((result.follow,), OperationUrl(result.operation), WriteRole.ID)


def _placed(
    places: Iterable[Expression], value: Value, role: WriteRole = WriteRole.REPORT
) -> Iterator[Write]:
    places = tuple(places)
    bodies = _in_bodies(places)
    if bodies:
        yield Write(places=bodies, value=value, role=role)
    headers = [place.name for place in places if place.part is ExpressionSource.HEADER]
    yield from (Write(header=name, value=value, role=role) for name in headers)


def _in_bodies(places: Iterable[Expression]) -> tuple[Tokens, ...]:
    return tuple(place.pointer for place in places if place.part is ExpressionSource.BODY)


def _below(places: Iterable[Tokens], like: Tokens) -> tuple[Tokens, ...]:
    size = len(like)
    return tuple(place[size:] for place in places if len(place) > size and place[:size] == like)


def _order(write: Write) -> int:
    return write.role
