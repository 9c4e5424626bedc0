"""Responds as was recorded of a job, where anything was."""

import msgspec
from msgspec.structs import replace

from safelight_mock.app.routes import Route
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import Job
from safelight_mock.core.recorded import EARLY, Recorded, RecordedEvent, RecordedResponse
from safelight_mock.wire.messages import EventStream, Request, Response
from safelight_mock.wire.placeholders import Filling, filled
from safelight_mock.wire.recorded_files import content_of, filling

NO_CONTENT = 204
EVENTS = "text/event-stream"


def with_recorded(job: Job, route: Route, engine: Engine, request: Request, response: Response) -> Response:
    """Return what was recorded of the operation for the job as it is now, or else the response."""
    recorded = None if job.fault is None else job.fault.recorded
    if recorded is None or not recorded.responses:
        return response
    try:
        found = engine.find(job.id)
    except UnknownJobError:
        return response
    names, age = (found.vendor_state, found.state), engine.now - job.submitted
    one = recorded.response(route.operation.id, names, age)
    if one is None:
        return response
    filled_with = filling(job, request, _api(route, request))
    if one.events:
        return _stream(one, engine, request, job.submitted, filled_with)
    return _response(one, recorded, filled_with, response)


def _stream(
    one: RecordedResponse, engine: Engine, request: Request, submitted: float, filling: Filling
) -> Response:
    """Return the events until now that were not sent yet; the others follow, each at its time."""
    age = engine.now - submitted + EARLY
    begun = [event for event in one.events if event.after <= age]
    later = one.events[len(begun) :]
    content = EventStream(
        text="".join(_event(event, filling) for event in begun[request.events_sent :]).encode(),
        sent=max(request.events_sent, len(begun)),
        due=submitted + later[0].after if later else None,
        sandbox=engine.sandbox.name,
        clock=engine.sandbox.clock,
    )
    return Response(status=one.status, headers={"content-type": EVENTS}, content=content)


def _event(event: RecordedEvent, filling: Filling) -> str:
    data = filled(event.json if event.has_json else event.text, filling)
    text = msgspec.json.encode(data).decode() if event.has_json else str(data)
    fields = {"event": event.event, "id": event.id}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"{head}{''.join(f'data: {line}{chr(10)}' for line in text.split(chr(10)))}\n"


def _api(route: Route, request: Request) -> str:
    """Return the base URL of the API, as the client reaches it."""
    slug, base = route.service.slug, route.service.facts.base
    below = f"/{slug}" if request.path.startswith(f"/{slug}/") else ""
    return f"{request.origin}{below}{base}"


def _response(one: RecordedResponse, recorded: Recorded, filling: Filling, own: Response) -> Response:
    headers = {name: str(filled(text, filling)) for name, text in one.headers.items()}
    typed = {"content-type": one.media_type} if one.media_type else {}
    if one.has_json:
        typed = {"content-type": one.media_type or "application/json"}
        return Response.json(
            one.status, filled(one.json, filling, own.value), {**own.headers, **headers, **typed}
        )
    response = replace(own, status=one.status)
    if one.text is not None:
        response = replace(response, content=one.text.encode(), value=None)
    elif one.file:
        response = replace(response, content=content_of(recorded.files[one.file]), value=None)
    elif one.status == NO_CONTENT:
        response = replace(response, content=b"", value=None)
    return response.also({**headers, **typed})
