"""Reads of one job."""

from math import ceil

from safelight_mock.core.engine import Engine
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.wire.messages import Request, Response


def read(kind: JobKind, operation: str, engine: Engine, request: Request) -> Response:
    """Handle the operation that reads a job."""
    facts = kind.find(operation, engine, request)
    response = kind.respond(operation, facts, kind.described.read_status(kind.lifecycle, facts.status))
    rule = kind.lifecycle.read
    if rule is None or rule.retry_after is None or facts.status.state.is_over:
        return response
    return response.also({"retry-after": str(ceil(rule.retry_after))})


def show(kind: JobKind, operation: str, engine: Engine, request: Request) -> Response:
    """Handle an operation that responds with something else of a job, such as the URL of its input."""
    return kind.respond(operation, kind.find(operation, engine, request))
