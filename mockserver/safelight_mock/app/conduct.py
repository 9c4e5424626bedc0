"""The rules by which a client did wrong, with evidence from request log, jobs and deliveries of a sandbox.

A rule is a member of `Misconduct` and a method of `Review` that `findings` calls; its name is also in
`admin/openapi.json` and docs/control.md.

Times are by the sandbox's clock. Where that stands still, nothing is said of how fast a client polls.
Requests that have left the log are not seen.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from safelight_lifecycle import ResultKind
from safelight_mock.app.request_log import RequestLogEntry
from safelight_mock.config.services import Service
from safelight_mock.core.job import State, end_of
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Outcome, WebhookFault
from safelight_mock.wire.presigned_links import EXPIRED
from safelight_mock.wire.problem import Problem
from safelight_mock.wire.trace import Verdict

FORGED = (WebhookFault.WRONG_SIGNATURE, WebhookFault.OLD_SECRET)
BUSY = (429, 503)
ERRORS = 400


class Misconduct(StrEnum):
    """What a client can do wrong."""

    POLLED_TOO_SOON = "polled-too-soon"
    IGNORED_RETRY_AFTER = "ignored-retry-after"
    POLLED_AFTER_END = "polled-after-end"
    FOLLOWED_EXPIRED_LINK = "followed-expired-link"
    SUBMITTED_AGAIN = "submitted-again"
    NEVER_DOWNLOADED = "never-downloaded"
    SENT_KEY_TO_FILE_HOST = "sent-key-to-file-host"
    ACCEPTED_FORGED_WEBHOOK = "accepted-forged-webhook"
    ANSWERED_WEBHOOK_LATE = "answered-webhook-late"
    SENT_UNREAD_FIELD = "sent-unread-field"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a client did wrong, when, with which job if any, and how that shows."""

    kind: Misconduct
    at: float
    job: str
    evidence: str


def findings(entries: Iterable[RequestLogEntry], sandbox: Sandbox, service: Service) -> list[Finding]:
    """Return what is wrong with the requests of a sandbox and its webhooks, in the order of time.

    `entries` are its requests in the order in which they came.
    """
    requests = [request for request in entries if request.now is not None]
    review = Review(requests=requests, sandbox=sandbox, service=service)
    rules = (
        review.pauses(),
        review.polls(),
        review.submissions(),
        review.single_requests(),
        review.unfetched_results(),
        review.webhooks(),
    )
    found = [finding for rule in rules for finding in rule]
    return sorted(found, key=lambda finding: finding.at)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """The requests, jobs and deliveries of one sandbox."""

    requests: Sequence[RequestLogEntry]
    sandbox: Sandbox
    service: Service

    def pauses(self) -> Iterator[Finding]:
        """Yield requests that came before the Retry-After of the one before was over."""
        if self.sandbox.clock.is_stopped:
            return
        earliest: dict[tuple[str, str], tuple[float, RequestLogEntry]] = {}
        for request in self.requests:
            about = request.operation, self._job(request)
            due, before = earliest.pop(about, (0.0, request))
            if _at(request) < due:
                kind = Misconduct.IGNORED_RETRY_AFTER if before.status in BUSY else Misconduct.POLLED_TOO_SOON
                early = f"{due - _at(request):.1f} s before the Retry-After of a {before.status} was over"
                yield self._finding(kind, request, f"{request.method} {request.path} came {early}")
            if request.retry_after is not None:
                earliest[about] = _at(request) + request.retry_after, request

    def polls(self) -> Iterator[Finding]:
        """Yield polls of jobs whose end an earlier poll has shown."""
        reads = {lifecycle.read_operation for lifecycle in self.service.lifecycles.values()}
        over = set[str]()
        for request in self.requests:
            job = self.sandbox.jobs.get(self._job(request))
            if job is None or request.operation not in reads or request.status >= ERRORS:
                continue
            state = end_of(job, _at(request)).state
            if job.id in over:
                evidence = f"an earlier poll had shown that job {job.id} is {state}"
                yield self._finding(Misconduct.POLLED_AFTER_END, request, evidence)
            elif state.is_over:
                over.add(job.id)

    def submissions(self) -> Iterator[Finding]:
        """Yield submissions after one that was carried out, and not answered, without a look at the jobs."""
        submits = frozenset[str]().union(*(one.submits for one in self.service.lifecycles.values()))
        unknown: RequestLogEntry | None = None
        for request in self.requests:
            if request.operation in submits:
                if unknown is not None and unknown.operation == request.operation:
                    how = (
                        "without a response"
                        if unknown.is_lost
                        else f"although its response was {unknown.status}"
                    )
                    yield self._finding(
                        Misconduct.SUBMITTED_AGAIN, request, f"the submission before was carried out, {how}"
                    )
                is_unknown = request.is_accepted and (request.is_lost or request.status >= ERRORS)
                unknown = request if is_unknown else None
            elif request.operation and request.status < ERRORS:
                unknown = None

    def single_requests(self) -> Iterator[Finding]:
        """Yield what one request shows by itself."""
        for request in self.requests:
            if request.verdict is Verdict.CREDENTIAL_LEAK:
                yield self._finding(Misconduct.SENT_KEY_TO_FILE_HOST, request, request.reason)
            if not request.operation and request.reason == EXPIRED:
                yield self._finding(Misconduct.FOLLOWED_EXPIRED_LINK, request, request.reason)
            for field in request.ignored_fields:
                evidence = f"{request.operation} does not read {field.name} in the {field.location}"
                yield self._finding(Misconduct.SENT_UNREAD_FIELD, request, evidence)

    def unfetched_results(self) -> Iterator[Finding]:
        """Yield jobs that have succeeded, and whose result was never fetched."""
        fetched = {self._job(one) for one in self.requests if self._fetches(one)}
        oldest = _at(self.requests[0]) if self.requests else 0.0
        for job in self.sandbox.jobs.values():
            result = self.service.lifecycles[job.lifecycle].described.result
            is_to_fetch = result is not None and result.kind is not ResultKind.VALUE and not job.is_file
            if not is_to_fetch or job.id in fetched or job.submitted < oldest:
                continue
            end = end_of(job, self.sandbox.latest)
            if end.state is State.SUCCEEDED:
                evidence = f"job {job.id} has succeeded, and no request for its result came"
                yield Finding(kind=Misconduct.NEVER_DOWNLOADED, at=end.since, job=job.id, evidence=evidence)

    def webhooks(self) -> Iterator[Finding]:
        """Yield forged deliveries that were accepted, and those that were answered too late."""
        for delivery in self.sandbox.deliveries.values():
            for attempt in delivery.attempts:
                kind = None
                if delivery.fault in FORGED and attempt.outcome is Outcome.DELIVERED:
                    kind = Misconduct.ACCEPTED_FORGED_WEBHOOK
                elif attempt.outcome is Outcome.TIMEOUT:
                    kind = Misconduct.ANSWERED_WEBHOOK_LATE
                if kind is not None:
                    how = f"with a {delivery.fault}, " if delivery.fault else ""
                    evidence = f"delivery {delivery.id}, {how}ended with {attempt.outcome}"
                    yield Finding(kind=kind, at=attempt.at, job=delivery.job, evidence=evidence)

    def _fetches(self, request: RequestLogEntry) -> bool:
        """Return whether a request fetches a result: a file, or the bytes that an operation responds with."""
        if request.status >= ERRORS:
            return False
        if not request.operation:
            return "/input" not in request.path
        results = (lifecycle.described.result for lifecycle in self.service.lifecycles.values())
        return request.operation in {
            operation
            for result in results
            if result is not None and result.kind is not ResultKind.URL
            for operation in (result.operation, "" if result.content is None else result.content.operation)
        }

    def _job(self, request: RequestLogEntry) -> str:
        return request.job or job_in_path(request, self.service)

    def _finding(self, kind: Misconduct, request: RequestLogEntry, evidence: str) -> Finding:
        return Finding(kind=kind, at=_at(request), job=self._job(request), evidence=evidence)


def job_in_path(request: RequestLogEntry, service: Service) -> str:
    """Return the id of the job in the path of a request; empty without one."""
    if not request.operation:
        return ""
    try:
        _, in_path = service.api.route(request.method, request.path.removeprefix(f"/{request.vendor}"))
    except Problem:
        return ""
    lifecycle = service.lifecycles[service.api.lifecycle_of[request.operation]]
    return str(in_path.get(lifecycle.described.ids.parameter, ""))


def _at(request: RequestLogEntry) -> float:
    return request.now or 0.0
