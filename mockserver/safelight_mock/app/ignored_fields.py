"""What a call that was answered said in vain, and which job came of it."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

import msgspec

from safelight_mock.config.services import Service
from safelight_mock.wire.messages import JSON, Call, Form, Reply
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.schema import Parameters
from safelight_mock.wire.trace import LONGEST, MOST, Unread

ERRORS = 400


def trace_answered(told: Call, reply: Reply, service: Service, operation: Operation) -> None:
    """Note the job of a request that was answered, and what of the request had no effect.

    Of one that is refused nothing is unread: nobody can say what would have been read of it.
    """
    if reply.status >= ERRORS:
        return
    said = _said(told) if told.body else {}
    lifecycle = service.lifecycles[service.api.lifecycle_of[operation.id]]
    if operation.id in lifecycle.submit or operation.id in lifecycle.sync:
        told.trace.job = told.holds or lifecycle.id.of(reply.value)
    in_query = told.parameters.unread if isinstance(told.parameters, Parameters) else ()
    undescribed = [*operation.surplus(told, said)] if told.body else []
    ignored = [*service.vendor.ignored_fields(operation.id, told)] if told.body else []
    if in_query or undescribed or ignored:
        in_body = chain(undescribed, (name for name in ignored if name.partition(".")[0] in said))
        unread = chain(_all("query", in_query), _all("body", in_body))
        told.trace.unread = tuple(islice(unread, MOST))


def _said(told: Call) -> dict[str, JSON]:
    """Return a body in its types as it was sent, without the defaults it was filled in with."""
    if isinstance(told.body, Form):
        return {name: told.values[name] for name in told.body.fields} | dict.fromkeys(told.body.files)
    said = msgspec.json.decode(told.body)
    return said if isinstance(said, dict) else {}


def _all(place: str, names: Iterable[str]) -> Iterator[Unread]:
    return (Unread(place, name[:LONGEST]) for name in dict.fromkeys(names))
