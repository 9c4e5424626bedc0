"""Server-sent events about a job, each once the job's clock reaches it."""

from collections.abc import Iterator
from math import inf

import msgspec

from safelight_lifecycle import JobValue, Stream, StreamData
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import State, history, next_move
from safelight_mock.vendors.generic.bodies.facts import NOTHING, JobFacts
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.notifications import shown_result
from safelight_mock.wire.messages import JSON, EventStream, Request, Response

MEDIA_TYPE = "text/event-stream"
UNNAMED = "message"  # the event without a name (HTML, server-sent events)
LAST_EVENT_ID = "last-event-id"


def stream(kind: JobKind, rule: Stream, engine: Engine, request: Request) -> Response:
    """Handle the operation that sends events while a job is live."""
    return event_stream(kind, rule, kind.find(rule.operation, engine, request))


def event_stream(kind: JobKind, rule: Stream, facts: JobFacts) -> Response:
    """Return the events of a job up to now that the client does not have yet."""
    events = [*_events(kind, rule, facts)]
    sent = facts.request.events_sent or _received(rule, facts.request)
    numbered = [*enumerate(events, 1)][sent:]
    text = "".join(_text(name, data, number if rule.ids else None) for number, (name, data) in numbered)
    due = next_move(facts.job, facts.engine.now)
    content = EventStream(
        text=text.encode(),
        sent=max(sent, len(events)),
        due=None if facts.status.state.is_over else inf if due is None else due,
        sandbox=facts.engine.sandbox.name,
        clock=facts.engine.sandbox.clock,
    )
    return Response(status=200, headers={"content-type": MEDIA_TYPE}, content=content)


def _received(rule: Stream, request: Request) -> int:
    """Return the number of events that a client has which connects again; ids are their numbers."""
    last = request.headers.get(LAST_EVENT_ID, "")
    return int(last) if rule.ids and last.isdecimal() and len(last) < 10 else 0  # noqa: PLR2004 - digits


def _events(kind: JobKind, rule: Stream, facts: JobFacts) -> Iterator[tuple[str, JSON]]:
    """Yield the events of each change of a job up to now; of one change, in the order of the lifecycle."""
    engine = facts.engine
    for status in history(facts.job, engine.now, engine.inspect, engine.lifecycle.words):
        then = kind.facts(engine.at(status.since), facts.request, status)
        for name, data in rule.events.items():
            value = _data(kind, data, then)
            if value is not NOTHING:
                yield name, value


def _data(kind: JobKind, data: StreamData, facts: JobFacts) -> JSON:
    """Return the data of an event about a change of a job; NOTHING if the stream has no such event."""
    state, read = facts.status.state, kind.lifecycle.read
    match data:
        case StreamData.READ if read is not None:
            code = kind.described.read_status(kind.lifecycle, facts.status)
            return kind.described.template(read.operation, code, facts).value(facts)
        case StreamData.LOGS if facts.word in kind.lifecycle.words.by_name:
            return facts.word
        case StreamData.RESULT if state is State.SUCCEEDED:
            return shown_result(kind, facts, "")
        case StreamData.ERROR if state is State.FAILED:
            return {"detail": facts.value(JobValue.ERROR)}
        case StreamData.DONE if state.is_over:
            return {}
    return NOTHING


def _text(name: str, data: JSON, number: int | None) -> str:
    """Return one event; texts are sent as they are, line by line."""
    text = data if isinstance(data, str) else msgspec.json.encode(data).decode()
    lines = "".join(f"data: {line}\n" for line in text.split("\n"))
    event = "" if name == UNNAMED else f"event: {name}\n"
    return f"{event}{'' if number is None else f'id: {number}{chr(10)}'}{lines}\n"
