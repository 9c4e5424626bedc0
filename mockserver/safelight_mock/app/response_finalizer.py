"""Validates every vendor response against its spec, and renders refusals in the vendor's dialect."""

from collections.abc import Mapping
from random import Random
from urllib.parse import quote
from uuid import UUID

from safelight_mock.app.routes import Route
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.services import Service, service_of
from safelight_mock.wire.listener import CONTROL
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.problem import TWIN_ONLY, Kind, Problem, VendorError
from safelight_mock.wire.trace import LONGEST, Trace, Verdict

BROKEN = Problem(Kind.BROKEN)


class ErrorResponseReturnedError(Exception):
    """A handler has returned an error; its changes are discarded with the transaction."""

    def __init__(self, reply: Response) -> None:
        super().__init__(f"status {reply.status}")
        self.reply = reply


def note(trace: Trace, refusal: Exception) -> None:
    """Record that a request is rejected, or fails because of a bug of the mock server."""
    is_bug = isinstance(refusal, Problem) and refusal.kind is Kind.BROKEN
    trace.verdict = Verdict.INTERNAL_ERROR if is_bug else Verdict.REJECTED
    reason = refusal.reason if isinstance(refusal, Problem) else str(refusal)
    if trace.input_error not in reason:
        reason = f"{reason} ({trace.input_error})"
    trace.reason = reason[:LONGEST]


class ResponseFinalizer:
    """The last to see every vendor's response; the ids that it adds to some follow from the seed."""

    def __init__(
        self, *, served: Mapping[str, Service], base_urls: BaseUrls, validates: bool, seed: str
    ) -> None:
        self._served = served
        self._base_urls = base_urls
        self._validates = validates
        self._seed = seed
        self.restart()

    def restart(self) -> None:
        """Draw the ids of the first requests again."""
        self._ids = Random(self._seed)  # noqa: S311 - request ids need not be unguessable

    def refuse(self, request: Request, refusal: Problem | VendorError, route: Route) -> Response:
        """Render a refusal of an operation's request; one the spec has no status for becomes a bad body."""
        note(request.trace, refusal)
        service, operation = route.service, route.operation
        reply = service.vendor.errors.render(refusal, operation.id)
        if isinstance(refusal, Problem) and refusal.kind in TWIN_ONLY:
            return self._identified(service, _naming_job(request, service, reply))
        is_described = operation.describes(reply) or not operation.framework.describes_errors
        if isinstance(refusal, Problem) and not is_described:
            reply = service.vendor.errors.render(Problem(Kind.BAD_BODY, detail=str(refusal)))
        return self.checked(request, route, _naming_job(request, service, reply))

    def refuse_unrouted(self, request: Request, refusal: Problem | VendorError) -> Response:
        """Render a refusal of which no document speaks, in the dialect of the vendor if there is one."""
        note(request.trace, refusal)
        try:
            service, _ = service_of(request.path, request.headers.get("host", ""), self._served)
        except Problem:
            bases = [f"/{slug}{service.facts.base}" for slug, service in self._served.items()]
            return Response.json(
                404, {"message": f"Nothing is served here. Try {', '.join(bases)} or {CONTROL}."}
            )
        if isinstance(refusal, Problem) and refusal.kind is Kind.MOVED:
            return self._identified(service, self._redirect(request))
        return self._identified(service, _naming_job(request, service, service.vendor.errors.render(refusal)))

    def checked(self, request: Request, route: Route, reply: Response) -> Response:
        """Return a response that is as the spec describes it; in place of another, a 500."""
        service, operation = route.service, route.operation
        reply = self._identified(service, reply)
        is_checked = self._validates and not reply.is_wrong
        fault = operation.responses.violation(reply) if is_checked else ""
        if not fault:
            return reply
        log.error("what %s answers may not leave: %s", operation.id, fault)
        note(request.trace, BROKEN)
        return self._identified(service, service.vendor.errors.render(BROKEN, operation.id))

    def identified(self, route: Route, reply: Response) -> Response:
        """Return a response that is not validated, because a scenario wants it as it is."""
        return self._identified(route.service, reply)

    def _redirect(self, request: Request) -> Response:
        """Redirect to the path without the slashes at its end; such a response has no body."""
        urls = self._base_urls
        base = urls.public_url or urls.of_request(request).url
        query = f"?{request.query}" if request.query else ""
        return Response(status=307, headers={"location": f"{base}{quote(request.path.rstrip('/'))}{query}"})

    def _identified(self, service: Service, reply: Response) -> Response:
        """Add the request id, for a vendor whose responses have one: the same for the same requests."""
        name = service.vendor.request_id_header
        if not name:
            return reply
        return reply.also({name: str(UUID(int=self._ids.getrandbits(128), version=4))})


def _naming_job(request: Request, service: Service, reply: Response) -> Response:
    """Name the job of a held request that fails: the job goes on, and the client may look for it.

    Not `trace.job`: of a submission that could not be kept it names a job that does not exist.
    """
    name, job = service.vendor.job_header, request.trace.awaits
    return reply.also({name: job}) if name and job else reply
