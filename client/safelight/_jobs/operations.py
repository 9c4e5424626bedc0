"""Operations by operationId, carried out by the generated modules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from safelight._errors import ApiError, NetworkError, NotConnectedError, SafelightError, UnknownOutcomeError
from safelight._http.response import Answer
from safelight._http.session import Line
from safelight._jobs.job_ids import job_id
from safelight_lifecycle import JobId

SEE_OTHER, SERVER_ERRORS = 303, 500
# The server's errors which say that nothing was done: unknown method or version, a captive portal. Not 503:
# gateways answer it too when the service hangs up on a request that it has read.
NOT_DONE = frozenset({501, 505, 511})


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What sends requests, and the generated module of each operation."""

    line: Line = field(repr=False)
    operations: Mapping[str, str] = field(repr=False)

    def call(self, operation: str, *path: str, **arguments: object) -> Answer:
        """Carry out an operation; raises ApiError, NetworkError or UnexpectedAnswerError."""
        answer = self.line.send(self._request(operation, *path, **arguments))
        fault = self.line.fault(answer)
        if fault is not None:
            raise fault
        return answer

    def call_once(
        self, operation: str, *, ids: JobId | None = None, advice: str, **arguments: object
    ) -> Answer:
        """Carry out an operation that is paid for, of which a second call would be paid for again.

        With `ids` the answer has to name a job, and is good whatever else is wrong with it. Raises
        UnknownOutcomeError, with `advice`, when the operation may have been carried out; ApiError or
        NotConnectedError when it was not.
        """
        answer = self._sent_once(self._request(operation, **arguments), advice)
        found = job_id(ids, answer) if ids else ""
        fault = self.line.fault(answer)
        if fault is None and ids and not found:
            fault = answer.unexpected("it names no job")
        if answer.is_success and (found or fault is None):
            return answer
        if isinstance(fault, ApiError) and not _leaves_open(fault.status):
            raise fault
        raise _unknown(answer, fault, advice, found) from fault

    def _sent_once(self, request: dict[str, Any], advice: str) -> Answer:
        try:
            return self.line.send(request)
        except NotConnectedError:
            raise
        except NetworkError as error:
            raise UnknownOutcomeError(self.line.shown(request), f"got {error}", advice) from error

    def _request(self, operation: str, *path: str, **arguments: object) -> dict[str, Any]:
        module = import_module(self.operations[operation])
        # Sent as the generated client sends it, but not parsed into its models: a surprise in the answer to a
        # submission must not lose the id of a job that is paid for.
        request: dict[str, Any] = module._get_kwargs(*path, **arguments)  # noqa: SLF001 - the only way to it
        return request


def _leaves_open(status: int) -> bool:
    """Whether a status of failure leaves it open if the service carried the call out."""
    return status == SEE_OTHER or (status >= SERVER_ERRORS and status not in NOT_DONE)


def _unknown(answer: Answer, fault: SafelightError | None, advice: str, found: str) -> UnknownOutcomeError:
    said = getattr(fault, "message", str(fault))
    return UnknownOutcomeError(
        answer.request,
        f"answered {answer.status}{', but' if answer.is_success else ':'} {said}",
        f"ask how job {found} is doing" if found else advice,
        found,
        answer.status,
        answer.shown_headers,
        answer.excerpt,
    )
