"""Which parts of an answered request had no effect, and which job came of it: for the request log."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

import msgspec

from safelight_mock.config.services import Service
from safelight_mock.wire.messages import JSON, Form, Request, Response
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.schema import Parameters
from safelight_mock.wire.trace import LONGEST, MOST, IgnoredField

ERRORS = 400


def trace_answered(request: Request, reply: Response, service: Service, operation: Operation) -> None:
    """Note the job of a request, as its handler got it, and the names in it that had no effect.

    None are noted of one that is refused: which names the handler would have read is not known.
    """
    if reply.status >= ERRORS:
        return
    sent = _sent(request) if request.body else {}
    lifecycle = service.lifecycles[service.api.lifecycle_of[operation.id]]
    if operation.id in lifecycle.submits:
        request.trace.job = request.pending_job or lifecycle.job_id(operation.id, reply.value, reply.headers)
    in_query = (
        request.parameters.unread if request.query and isinstance(request.parameters, Parameters) else ()
    )
    undescribed = [*operation.unknown_fields(request, sent)] if request.body else []
    ignored = [*service.vendor.ignored_fields(operation.id, request)] if request.body else []
    if in_query or undescribed or ignored:
        in_body = chain(undescribed, (name for name in ignored if name.partition(".")[0] in sent))
        unread = chain(_all("query", in_query), _all("body", in_body))
        request.trace.ignored_fields = tuple(islice(unread, MOST))


def _sent(request: Request) -> dict[str, JSON]:
    """Return a body in its types as it was sent, without the defaults it was filled in with."""
    if isinstance(request.body, Form):
        return {name: request.values[name] for name in request.body.fields} | dict.fromkeys(
            request.body.files
        )
    try:
        sent = msgspec.json.decode(request.body)
    except msgspec.DecodeError:  # bytes, for an operation that takes them
        return {}
    return sent if isinstance(sent, dict) else {}


def _all(place: str, names: Iterable[str]) -> Iterator[IgnoredField]:
    return (IgnoredField(place, name[:LONGEST]) for name in dict.fromkeys(names))
