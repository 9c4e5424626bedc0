"""One kind of job of an API: its lifecycle, and the document that describes its operations."""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from safelight_lifecycle import (
    Condition,
    Expression,
    Lifecycle,
    Record,
    WordState,
)
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import Job, Status
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.vendors.generic.bodies.facts import JobFacts
from safelight_mock.vendors.generic.bodies.remembered_request import NamedParts
from safelight_mock.vendors.generic.bodies.responses import Described
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.problem import Kind, Problem


class JobKind(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A lifecycle in its document."""

    described: Described
    lifecycle: Lifecycle

    @cached_property
    def named(self) -> NamedParts:
        """The parts of requests that the lifecycle names."""
        return NamedParts.of(_places(self.lifecycle))

    def facts(self, engine: Engine, request: Request, status: Status) -> JobFacts:
        """Return what is known of a job for a response to a request."""
        return self.described.facts(self.lifecycle, engine, request, status)

    def respond(self, operation: str, facts: JobFacts, status: int | None = None) -> Response:
        """Return the response of an operation about a job."""
        return self.described.respond(operation, facts, status)

    def job_id(self, operation: str, request: Request) -> str:
        """Return the id of the job that a request is about."""
        return str(request.parameters[self._parameter(operation)])

    def find(self, operation: str, engine: Engine, request: Request) -> JobFacts:
        """Return the job that a request is about; raises UnknownJobError."""
        job_id = self.job_id(operation, request)
        facts = self.facts(engine, request, engine.find(job_id))
        if not self.has(facts.job):
            raise UnknownJobError(job_id)
        for name, place in self.lifecycle.ids.others.items():
            stored = facts.submission.value(place) if name in self._in_path(operation) else None
            if stored is not None and str(stored) != str(request.parameters[name]):
                raise UnknownJobError(job_id)
        return facts

    def has(self, job: Job) -> bool:
        """Whether a job was started by an operation of this lifecycle, and is not an uploaded file."""
        return job.operation in self._starting

    @cached_property
    def _starting(self) -> frozenset[str]:
        return frozenset((*self.lifecycle.submissions, *self.lifecycle.sync))

    @cached_property
    def played(self) -> ServedLifecycle:
        """The lifecycle as the engine plays it, without settings."""
        return ServedLifecycle.of(self.lifecycle)

    def reached(self, status: Status) -> WordState:
        """Return word and state of a job."""
        return WordState(status.vendor_state or status.state, status.state)

    def _parameter(self, operation: str) -> str:
        """Return the parameter for the id; of an operation without that name, its last one in the path.

        Raises Problem if it has none.
        """
        cached = self._parameters.get(operation)
        if cached is None:
            name = self.lifecycle.ids.parameter
            is_own = name and self.described.api.operations[operation].parameter(name) is not None
            named = name if is_own else next(reversed(self._in_path(operation)), "")
            if not named:
                why = "takes no id in its path or query; `id.parameter` names the parameter"
                raise Problem(Kind.NOT_SERVED, detail=f"{operation} {why}")
            cached = self._parameters[operation] = named
        return cached

    @cached_property
    def _parameters(self) -> dict[str, str]:
        return {}

    def _in_path(self, operation: str) -> list[str]:
        path = self.described.api.operations[operation].paths[0]
        return [piece.partition("}")[0] for piece in path.split("{")[1:]]


def _places(value: object) -> Iterator[Expression]:
    """Yield every place in a value of a lifecycle."""
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, Condition):
        yield from (place for place, _ in value.wanted)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(key)
            yield from _places(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _places(inner)
    elif isinstance(value, Record):
        for name in value._fields:
            yield from _places(getattr(value, name))


def as_text(value: JSON) -> str:
    """Return an id or a name as a text."""
    return "" if value is None else str(value)
