"""Notes the responses of every mock server in this process, and the schema keywords of the requests."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Final

from safelight_mock.app.request_log import RequestLog
from safelight_mock.app.response_finalizer import ResponseFinalizer
from safelight_mock.app.routes import Route
from safelight_mock.config.services import Service
from safelight_mock.wire.credential_leak import CredentialLeak
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.operation import Operation
from safelight_specs import read_spec
from safelight_testing.coverage.exercise import Exercise
from safelight_testing.coverage.keywords import Keywords
from safelight_testing.coverage.values import sent

SUCCESS: Final = range(200, 300)
INVALID: Final = (400, 422)  # statuses of requests that are not as described; others have other reasons

ResponseKey = tuple[str, str, int]  # vendor, operationId, status
Keyword = tuple[str, str, str]  # vendor, operationId, JSON pointer


@dataclass(frozen=True, slots=True)
class Recorder:
    """Grows with the documents, not with the number of requests. Thread-safe."""

    responses: Counter[ResponseKey] = field(default_factory=Counter)
    satisfied: set[Keyword] = field(default_factory=set)
    violated: set[Keyword] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record all mock servers of the process while the context is open.

        Tests start servers where no recorder could be passed to them, so two methods that every request
        passes are wrapped: the request log, which has every response, and the check of responses, where the
        body of the request is still there.
        """
        note, checked = RequestLog.note, ResponseFinalizer.checked

        def recording_note(
            journal: RequestLog, request: Request, status: int, wrong: CredentialLeak | None
        ) -> None:
            note(journal, request, status, wrong)
            if request.trace.operation:
                self._record(request, status)

        def recording_checked(
            finalizer: ResponseFinalizer,
            request: Request,
            route: Route,
            response: Response,
        ) -> Response:
            checked_reply = checked(finalizer, request, route, response)
            if not route.operation.strict:
                self._exercise(request, route.service, route.operation, checked_reply.status)
            return checked_reply

        RequestLog.note, ResponseFinalizer.checked = recording_note, recording_checked  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            RequestLog.note, ResponseFinalizer.checked = note, checked  # type: ignore[method-assign]

    def _record(self, request: Request, status: int) -> None:
        with self._lock:
            self.responses[request.trace.vendor, request.trace.operation, status] += 1

    def _exercise(self, request: Request, service: Service, operation: Operation, status: int) -> None:
        """Note the keywords a request satisfied if it succeeded, or the one it violated if that was all."""
        if status not in SUCCESS and status not in INVALID:
            return
        vendor, exercise = service.vendor.slug, _exercise(service.vendor.slug)
        roots, counted = exercise.keywords.roots(operation.id), exercise.keywords.of[operation.id]
        values = sent(request, service, operation).items()
        known = [(roots[name], value) for name, value in values if name in roots]
        exercised, keywords = self.satisfied, set[str]()
        if status in SUCCESS:
            keywords.update(*(exercise.satisfied(*one) for one in known))
        else:
            exercised, invalid = self.violated, [one for one in known if not exercise.accepts(*one)]
            keywords.update(*(exercise.violated(*one) for one in invalid if len(invalid) == 1))
        with self._lock:
            exercised.update((vendor, operation.id, keyword) for keyword in keywords & counted)


@cache
def _exercise(vendor: str) -> Exercise:
    return Exercise(Keywords(read_spec(vendor)))
