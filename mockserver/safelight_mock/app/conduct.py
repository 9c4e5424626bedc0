"""Finds mistakes of a client in the request log, the jobs and the webhook deliveries of its sandbox.

A rule is a member of `Misconduct` and a method of `Review` that `findings` calls; its name is also in
`admin/openapi.json` and docs/control.md.

Times are those of the sandbox's clock. While that is stopped, intervals between requests are checked if the
client sleeps by it, or if it was advanced between them.
Requests that were dropped from the log are not considered.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from safelight_lifecycle import ResultKind
from safelight_mock.app.ignored_fields import ERRORS
from safelight_mock.app.request_log import RequestLog, RequestLogEntry
from safelight_mock.config.services import Service
from safelight_mock.core.clock import ClockMode
from safelight_mock.core.job import State, end_of
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Outcome, WebhookFault
from safelight_mock.wire.presigned_links import EXPIRED
from safelight_mock.wire.problem import Problem
from safelight_mock.wire.trace import Verdict

EXACT = 0.001  # seconds by which a client may be early: sums of floating-point numbers
INVALID_SIGNATURES = (WebhookFault.WRONG_SIGNATURE, WebhookFault.OLD_SECRET)
BUSY = (429, 503)


class Misconduct(StrEnum):
    """Kinds of mistakes that a client can make."""

    POLLED_TOO_SOON = "polled-too-soon"
    IGNORED_RETRY_AFTER = "ignored-retry-after"
    POLLED_AFTER_END = "polled-after-end"
    FOLLOWED_EXPIRED_LINK = "followed-expired-link"
    SUBMITTED_AGAIN = "submitted-again"
    NEVER_DOWNLOADED = "never-downloaded"
    SENT_KEY_TO_FILE_HOST = "sent-key-to-file-host"
    ACCEPTED_FORGED_WEBHOOK = "accepted-forged-webhook"
    WEBHOOK_TIMED_OUT = "webhook-timed-out"
    SENT_IGNORED_FIELD = "sent-ignored-field"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A mistake of a client: its kind, its time, the job concerned ("" for none) and the evidence."""

    kind: Misconduct
    at: float
    job: str
    evidence: str


def findings(
    entries: Iterable[RequestLogEntry], sandbox: Sandbox, service: Service, *, is_paced: bool = False
) -> list[Finding]:
    """Return the client's mistakes in a sandbox, oldest first.

    `entries`: the sandbox's requests from the log, oldest first. `is_paced`: its client sleeps by the clock.
    """
    requests = [request for request in entries if request.now is not None]
    review = Review(requests=requests, sandbox=sandbox, service=service, is_paced=is_paced)
    rules = (
        review.early_requests(),
        review.polls_after_end(),
        review.resubmissions(),
        review.single_requests(),
        review.undownloaded_jobs(),
        review.webhooks(),
    )
    found = [finding for rule in rules for finding in rule]
    return sorted(found, key=lambda finding: finding.at)


def findings_of(log: RequestLog, sandbox: Sandbox, service: Service) -> list[Finding]:
    """Return the client's mistakes in a sandbox by what the request log has of it, oldest first."""
    newest_first = [entry for entry in log.entries() if entry.sandbox == sandbox.name]
    return findings(reversed(newest_first), sandbox, service, is_paced=log.is_paced)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """The requests, jobs and deliveries of one sandbox."""

    requests: Sequence[RequestLogEntry]
    sandbox: Sandbox
    service: Service
    is_paced: bool = False

    def early_requests(self) -> Iterator[Finding]:
        """Yield requests sent before the Retry-After of the previous response had passed."""
        earliest: dict[tuple[str, str], tuple[float, RequestLogEntry]] = {}
        for request in self.requests:
            subject = request.operation, self._job(request)
            due, before = earliest.pop(subject, (0.0, request))
            if _at(request) < due - EXACT and self._is_timed(before, request):
                kind = Misconduct.IGNORED_RETRY_AFTER if before.status in BUSY else Misconduct.POLLED_TOO_SOON
                early = f"came {due - _at(request):.1f} s before the Retry-After of the previous"
                evidence = f"{request.method} {request.path} {early} {before.status} response had passed"
                yield self._finding(kind, request, evidence)
            if request.retry_after is not None:
                earliest[subject] = _at(request) + request.retry_after, request

    def _is_timed(self, before: RequestLogEntry, after: RequestLogEntry) -> bool:
        """Return whether the client has chosen the time between two requests."""
        if self.is_paced or not self.sandbox.clock.is_stopped:
            return True
        return self.sandbox.clock.mode is ClockMode.MANUAL and _at(before) < _at(after)

    def polls_after_end(self) -> Iterator[Finding]:
        """Yield polls of a job after a poll that already reported its final state."""
        reads = {lifecycle.read_operation for lifecycle in self.service.lifecycles.values()}
        over = set[str]()
        for request in self.requests:
            job = self.sandbox.jobs.get(self._job(request))
            if job is None or request.operation not in reads or request.status >= ERRORS:
                continue
            state = end_of(job, _at(request)).state
            if job.id in over:
                evidence = f"an earlier poll already reported job {job.id} as {state}"
                yield self._finding(Misconduct.POLLED_AFTER_END, request, evidence)
            elif state.is_over:
                over.add(job.id)

    def resubmissions(self) -> Iterator[Finding]:
        """Yield resubmissions: the previous one was carried out, but its response was lost or an error."""
        submits = frozenset[str]().union(*(one.submits for one in self.service.lifecycles.values()))
        unconfirmed: RequestLogEntry | None = None
        for request in self.requests:
            if request.operation in submits:
                if unconfirmed is not None and unconfirmed.operation == request.operation:
                    outcome = "lost" if unconfirmed.is_lost else unconfirmed.status
                    evidence = f"the previous submission had been carried out, but its response was {outcome}"
                    advice = "look for its job before submitting again"
                    yield self._finding(Misconduct.SUBMITTED_AGAIN, request, f"{evidence}; {advice}")
                is_unconfirmed = request.is_accepted and (request.is_lost or request.status >= ERRORS)
                unconfirmed = request if is_unconfirmed else None
            elif request.operation and request.status < ERRORS:
                unconfirmed = None

    def single_requests(self) -> Iterator[Finding]:
        """Yield mistakes that a single request shows: a leaked key, an expired link, ignored fields."""
        for request in self.requests:
            if request.verdict is Verdict.CREDENTIAL_LEAK:
                yield self._finding(Misconduct.SENT_KEY_TO_FILE_HOST, request, request.reason)
            if not request.operation and request.reason == EXPIRED:
                yield self._finding(Misconduct.FOLLOWED_EXPIRED_LINK, request, request.reason)
            for field in request.ignored_fields:
                evidence = (
                    f"{request.operation} ignores {field.name!r} in the {field.location}; check its name"
                )
                yield self._finding(Misconduct.SENT_IGNORED_FIELD, request, evidence)

    def undownloaded_jobs(self) -> Iterator[Finding]:
        """Yield succeeded jobs whose result was never downloaded."""
        fetched = {self._job(one) for one in self.requests if self._fetches(one)}
        oldest = _at(self.requests[0]) if self.requests else 0.0
        for job in self.sandbox.jobs.values():
            result = self.service.lifecycles[job.lifecycle].described.result
            has_download = result is not None and result.kind is not ResultKind.VALUE and not job.is_file
            if not has_download or job.id in fetched or job.submitted < oldest:
                continue
            end = end_of(job, self.sandbox.latest)
            if end.state is State.SUCCEEDED:
                evidence = f"job {job.id} has succeeded, but its result was never requested"
                yield Finding(kind=Misconduct.NEVER_DOWNLOADED, at=end.since, job=job.id, evidence=evidence)

    def webhooks(self) -> Iterator[Finding]:
        """Yield accepted deliveries with an invalid signature, and deliveries whose receiver timed out."""
        for delivery in self.sandbox.deliveries.values():
            for attempt in delivery.attempts:
                if delivery.fault in INVALID_SIGNATURES and attempt.outcome is Outcome.DELIVERED:
                    kind = Misconduct.ACCEPTED_FORGED_WEBHOOK
                    evidence = f"the receiver accepted delivery {delivery.id} with the fault {delivery.fault}"
                elif attempt.outcome is Outcome.TIMEOUT:
                    kind, seconds = Misconduct.WEBHOOK_TIMED_OUT, f"{attempt.duration:g} s"
                    evidence = f"the receiver of delivery {delivery.id} did not respond within {seconds}"
                else:
                    continue
                yield Finding(kind=kind, at=attempt.at, job=delivery.job, evidence=evidence)

    def _fetches(self, request: RequestLogEntry) -> bool:
        """Return whether a request downloads a result: by a link, or as the response body of an operation."""
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
    """Return the job id in the path of a request; "" if there is none."""
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
