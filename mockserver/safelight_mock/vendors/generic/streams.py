"""Server-sent events about a job, sent together once it is over: until then the request is held."""

from collections.abc import Iterator

import msgspec

from safelight_lifecycle import Stream, StreamData
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import State, history
from safelight_mock.vendors.generic.facts import NOTHING, JobFacts
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.notifications import shown_result
from safelight_mock.wire.messages import JSON, PendingResponse, Request, Response

MEDIA_TYPE = "text/event-stream"
UNNAMED = "message"  # the event without a name (HTML, server-sent events)


def stream(kind: JobKind, rule: Stream, engine: Engine, request: Request) -> Response | PendingResponse:
    """Handle the operation that sends events while a job is live."""
    facts = kind.find(rule.operation, engine, request)
    if not facts.status.state.is_over:
        return PendingResponse(job=facts.job.id, until=facts.status.due)
    text = "".join(_text(name, data) for name, data in _events(kind, rule, facts))
    return Response(status=200, headers={"content-type": MEDIA_TYPE}, content=text.encode(), value=text)


def _events(kind: JobKind, rule: Stream, facts: JobFacts) -> Iterator[tuple[str, JSON]]:
    """Yield the events of a job that is over, in the order of the lifecycle for each of its changes."""
    for name, data in rule.events.items():
        match data:
            case StreamData.READ:
                yield from ((name, body) for body in _bodies(kind, facts))
            case StreamData.LOGS:
                yield from ((name, line) for line in facts.past.words)
            case StreamData.RESULT if facts.status.state is State.SUCCEEDED:
                result = shown_result(kind, facts, "")
                yield from [] if result is NOTHING else [(name, result)]
            case StreamData.ERROR if facts.status.state is State.FAILED:
                yield name, {"detail": "The job failed."}
            case StreamData.DONE:
                yield name, {}


def _bodies(kind: JobKind, facts: JobFacts) -> Iterator[JSON]:
    """Yield the body of the read operation after each change of a job."""
    engine, read = facts.engine, kind.lifecycle.read
    for status in history(facts.job, engine.now, engine.inspect, engine.lifecycle.words) if read else ():
        then = kind.facts(engine.at(status.since), facts.request, status)
        code = kind.described.read_status(kind.lifecycle, then.reached)
        yield kind.described.template("" if read is None else read.operation, code, then).value(then)


def _text(name: str, data: JSON) -> str:
    """Return one event; texts are sent as they are, line by line."""
    text = data if isinstance(data, str) else msgspec.json.encode(data).decode()
    lines = "".join(f"data: {line}\n" for line in text.split("\n"))
    return f"{lines}\n" if name == UNNAMED else f"event: {name}\n{lines}\n"
