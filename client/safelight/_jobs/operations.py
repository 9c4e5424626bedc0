"""Sends requests by operationId, built by the generated modules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from safelight._errors import ApiError, NetworkError, NotConnectedError, SafelightError, UnknownOutcomeError
from safelight._http.response import ApiResponse
from safelight_lifecycle import JobIds, find_job_id

if TYPE_CHECKING:
    from safelight._http.session import Session

SEE_OTHER, SERVER_ERRORS = 303, 500
# Server errors that mean that the request was not executed: unknown method or version, a captive portal.
# Not 503, which gateways also return if the service closes the connection after it has read the request.
NOT_EXECUTED = frozenset({501, 505, 511})


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationClient:
    """Sends operations of one API; `modules` has the generated module of each operationId."""

    session: "Session" = field(repr=False)
    modules: Mapping[str, str] = field(repr=False)

    def call(self, operation: str, *path: str, **arguments: object) -> ApiResponse:
        """Send an operation that is safe to repeat, and return a successful response.

        `path` are its path parameters in order, `arguments` its query and body. Raises ApiError, NetworkError
        or InvalidResponseError.
        """
        response = self.session.send(self._request(operation, *path, **arguments))
        error = self.session.error_of(response)
        if error is not None:
            raise error
        return response

    def call_once(
        self, operation: str, *, ids: JobIds | None = None, advice: str, **arguments: object
    ) -> ApiResponse:
        """Send an operation that is charged, and must not be repeated unless it was certainly not executed.

        With `ids` the response must have a job's id; with it, other errors of a successful response are
        ignored, because the job exists and is paid for. Raises UnknownOutcomeError, with `advice`, if the
        operation may have been executed, and ApiError or NotConnectedError if it was not.
        """
        response = self._send_once(self._request(operation, **arguments), advice)
        job_id = find_job_id(ids, response.value) if ids else ""
        error = self.session.error_of(response)
        if error is None and ids and not job_id:
            error = response.invalid("the response has no job id")
        if response.is_success and (job_id or error is None):
            return response
        if isinstance(error, ApiError) and not _may_be_executed(error.status):
            raise error
        raise _unknown_outcome(response, error, advice, job_id) from error

    def _send_once(self, request: dict[str, Any], advice: str) -> ApiResponse:
        try:
            return self.session.send(request)
        except NotConnectedError:
            raise
        except NetworkError as error:
            request_line = self.session.request_line(request)
            raise UnknownOutcomeError(request_line, f"got {error}", advice) from error

    def _request(self, operation: str, *path: str, **arguments: object) -> dict[str, Any]:
        module = import_module(self.modules[operation])
        # The request is that of the generated client; its response is not parsed into models: an unexpected
        # value in the response to a submission must not lose the id of a job that is paid for.
        request: dict[str, Any] = module._get_kwargs(*path, **arguments)  # noqa: SLF001 - not public
        return request


def _may_be_executed(status: int) -> bool:
    """Whether the service may have executed a request to which it returned this error status."""
    return status == SEE_OTHER or (status >= SERVER_ERRORS and status not in NOT_EXECUTED)


def _unknown_outcome(
    response: ApiResponse, error: SafelightError | None, advice: str, job_id: str
) -> UnknownOutcomeError:
    message = getattr(error, "message", str(error))
    return UnknownOutcomeError(
        response.request,
        f"returned {response.status}{', but' if response.is_success else ':'} {message}",
        f"check the status of job {job_id}" if job_id else advice,
        job_id,
        response.status,
        response.redacted_headers,
        response.excerpt,
    )
