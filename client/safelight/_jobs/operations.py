"""Sends operations: those that submit by their generated modules, others by the table of requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from inspect import signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

from safelight._errors import ApiError, NetworkError, NotConnectedError, SafelightError, UnknownOutcomeError
from safelight._http.json_body import JsonBody, plain_json
from safelight._http.response import ApiResponse
from safelight_lifecycle import ApiTable, JobIds, RequestParts, ValueReader, find_job_id, url_parameters

if TYPE_CHECKING:
    from safelight._http.session import Session

SEE_OTHER, SERVER_ERRORS = 303, 500
# Server errors that mean that the request was not executed: unknown method or version, a captive portal.
# Not 503, which gateways also return if the service closes the connection after it has read the request.
NOT_EXECUTED = frozenset({501, 505, 511})

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

Request = dict[str, Any]  # the arguments of `httpx.Client.stream`


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationClient:
    """Sends operations of one API by their operationIds."""

    session: "Session" = field(repr=False)
    api: ApiTable = field(repr=False)

    @property
    def is_unencrypted(self) -> bool:
        """Whether requests are sent over plain http, as to a server on this machine."""
        return self.session.base_url.startswith("http:")

    def call(
        self,
        operation: str,
        parameters: Mapping[str, object],
        *,
        url: str = "",
        body: object = None,
        accepted: frozenset[int] = frozenset(),
    ) -> ApiResponse:
        """Send an operation that is safe to repeat, and return a successful response.

        `parameters` have the names that the document gives them; None is left out. `url` takes the place of
        path and parameters. Statuses that are `accepted` are successful. Raises ApiError, NetworkError,
        InvalidResponseError, and ValueError if a parameter of the path is missing.
        """
        response = self.session.send(self._request(operation, parameters, url, body))
        error = self.session.error_of(response)
        if error is None or (response.status in accepted and not isinstance(error, NetworkError)):
            return response
        raise error

    def fetch(
        self, operation: str, parameters: Mapping[str, object], into: BinaryIO, *, url: str = ""
    ) -> None:
        """Write the body of a response to a file; raises what `call` and `Session.download` raise."""
        self.session.fetch(self._request(operation, parameters, url), into)

    def submission(
        self, operation: str, headers: Mapping[str, str] = NO_HEADERS, /, **arguments: object
    ) -> Request:
        """Return the request of an operation with a body; `arguments` are those of the generated function.

        A body can also be a mapping with the names of the document, which is sent as JSON. The request has
        `headers` too, unless an argument is the same header.
        """
        body = arguments.get("body")
        if isinstance(body, Mapping):
            arguments["body"] = JsonBody(plain_json(body))
        function = import_module(self.api.modules[operation])._get_kwargs  # noqa: SLF001 - not public
        # A header can be an argument that is required.
        named = {name.lower().replace("-", "_"): value for name, value in headers.items()}
        known = {name: value for name, value in named.items() if name in signature(function).parameters}
        # The request is that of the generated client; its response is not parsed into models: an unexpected
        # value in the response to a submission must not lose the id of a job that is paid for.
        request: Request = function(**{**known, **arguments})
        return request | {"headers": {**headers, **request.get("headers", {})}}

    def parts(self, operation: str, request: Request) -> RequestParts:
        """Return the parts of a request that lifecycles name."""
        path = url_parameters(request["url"], self.api.requests[operation].path)
        headers = {name.lower(): str(value) for name, value in request.get("headers", {}).items()}
        body = request.get("json", request.get("data"))
        return RequestParts(path=path, query=request.get("params", {}), headers=headers, body=body)

    def call_once(
        self,
        request: Request,
        *,
        ids: JobIds | None = None,
        sent: ValueReader | None = None,
        advice: str,
        more_time: float = 0.0,
    ) -> ApiResponse:
        """Send a request that is charged, and must not be repeated unless it was certainly not executed.

        With `ids` the response must have a job's id, or the request, of which `sent` reads values. With it,
        other errors of a successful response are ignored, because the job exists and is paid for. The
        response may take `more_time` seconds longer than others. Raises UnknownOutcomeError, with `advice`,
        if the request may have been executed, and ApiError or NotConnectedError if it was not.
        """
        response = self._send_once(request, advice, more_time)
        job_id = find_job_id(ids, response.value, sent) if ids else ""
        error = self.session.error_of(response)
        if error is None and ids and not job_id:
            error = response.invalid("the response has no job id")
        if response.is_success and (job_id or error is None):
            return response
        if isinstance(error, ApiError) and not _may_be_executed(error.status):
            raise error
        raise _unknown_outcome(response, error, advice, job_id) from error

    def _send_once(self, request: Request, advice: str, more_time: float) -> ApiResponse:
        try:
            return self.session.send(request, more_time=more_time)
        except NotConnectedError:
            raise
        except NetworkError as error:
            request_line = self.session.request_line(request)
            raise UnknownOutcomeError(request_line, f"got {error}", advice) from error

    def _request(
        self, operation: str, parameters: Mapping[str, object], url: str, body: object = None
    ) -> Request:
        template = self.api.requests[operation]
        present = {name: one for name, one in parameters.items() if one is not None}
        sent = {**template.constants, **present}
        others = {name: one for name, one in sent.items() if not template.in_path(name)}
        headers = {name: str(others.pop(name)) for name in template.headers & others.keys()}
        request: Request = {"method": template.method, "url": url, "headers": headers}
        if not url:
            try:
                request |= {"url": template.filled_path(sent), "params": others}
            except KeyError as error:
                raise ValueError(f"{operation} needs the parameter {error.args[0]!r}") from None
        return request if body is None else request | {"json": plain_json(body)}


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
