"""What an answered request had: its job, fields without effect, and for the coverage those with one."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

import msgspec

from safelight_mock.app.routes import Route
from safelight_mock.coverage.recorder import CoverageRecorder
from safelight_mock.wire.messages import JSON, Form, Request, Response
from safelight_mock.wire.schema import Parameters
from safelight_mock.wire.trace import LONGEST, MOST, IgnoredField

ERRORS = 400


def trace_answered(request: Request, reply: Response, route: Route, coverage: CoverageRecorder) -> None:
    """Note the described fields of a request as its handler got it, those without effect, and its job.

    None are noted of one that is refused: which names the handler would have read is not known.
    """
    operation = route.operation
    if reply.status >= ERRORS:
        return
    body = _sent(request) if request.body else {}
    coverage.requested(request.trace.vendor, operation, request, body)
    if operation.id in route.lifecycle.submits:
        job = request.pending_job or route.lifecycle.job_id(operation.id, reply.value, reply.headers)
        request.trace.job = job or request.trace.job
    sent = body if isinstance(body, dict) else {}
    in_query = (
        request.parameters.unread if request.query and isinstance(request.parameters, Parameters) else ()
    )
    undescribed = [*operation.unknown_fields(request, sent)] if request.body else []
    ignored = [*route.service.vendor.ignored_fields(operation.id, request)] if request.body else []
    if in_query or undescribed or ignored:
        in_body = chain(undescribed, (name for name in ignored if name.partition(".")[0] in sent))
        unread = chain(_all("query", in_query), _all("body", in_body))
        request.trace.ignored_fields = tuple(islice(unread, MOST))


def _sent(request: Request) -> JSON:
    """Return a body in its types as it was sent, without the defaults it was filled in with; {} for bytes."""
    if isinstance(request.body, Form):
        fields = {name: request.values[name] for name in request.body.fields}
        return fields | dict.fromkeys(request.body.files, "")
    try:
        return msgspec.json.decode(request.body)
    except msgspec.DecodeError:  # bytes, for an operation that takes them
        return {}


def _all(place: str, names: Iterable[str]) -> Iterator[IgnoredField]:
    return (IgnoredField(place, name[:LONGEST]) for name in dict.fromkeys(names))
