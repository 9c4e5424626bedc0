"""Lists what can be made to happen next to each job, as requests to the control plane that do it.

A step is offered only if it would be accepted: words that the job can be forced into, the next moments of
its clock, and faults of requests and webhooks that are still to come.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from math import inf, isfinite, nextafter
from urllib.parse import quote

import msgspec

from safelight_lifecycle import ResultKind, Words
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import InspectionKey, Job, NotInspectedError, State, Status, next_move
from safelight_mock.core.overlay_mapping import backwards
from safelight_mock.core.sandbox import jobs_of
from safelight_mock.core.scenario import Role
from safelight_mock.core.webhook import WebhookFault
from safelight_mock.wire.listener import CONTROL
from safelight_mock.wire.messages import JSON

MOST_WORDS = 100  # that a job is offered; documents have about ten
HTML = "<html><body>We are back in a minute.</body></html>"
OF_SECRETS = (WebhookFault.WRONG_SIGNATURE, WebhookFault.OLD_SECRET)
LIMIT = 20  # jobs that are looked at, unless another number is wanted

# What goes wrong with the next request of a role, and the effect of the rule for that.
POLL_FAULTS: Mapping[str, JSON] = {
    "is answered 500": {"respond": {"status": 500}},
    "is answered 429, with 5 seconds to wait": {"respond": {"error": "limited", "retry_after": 5}},
    "is answered by a proxy, with 200 and HTML": {"respond": {"status": 200, "html": HTML}},
    "ends with a reset connection": {"transfer": {"reset": "before"}},
    "gets half of its response": {"transfer": {"truncate": 0.5}},
    "gets no response": {"transfer": {"hang": True}},
}
FILE_FAULTS: Mapping[str, JSON] = {
    "is answered 500": {"respond": {"status": 500}},
    "is answered by a proxy, with 200 and HTML": {"respond": {"status": 200, "html": HTML}},
    "ends with a reset connection in the middle": {"transfer": {"reset": "during"}},
    "gets half of the file": {"transfer": {"truncate": 0.5}},
    "gets a wrong byte": {"transfer": {"corrupt": True}},
}
WEBHOOK_FAULTS: Mapping[WebhookFault, str] = {
    WebhookFault.DUPLICATE: "is sent twice",
    WebhookFault.LATE: "is sent a minute late",
    WebhookFault.OUT_OF_ORDER: "comes after the one that follows it",
    WebhookFault.NEVER: "is never sent",
    WebhookFault.WRONG_SIGNATURE: "has a wrong signature",
    WebhookFault.OLD_SECRET: "is signed with the old secret",
}


class StepKind(StrEnum):
    """What a step does: advance the clock, move the job, let something go wrong, send a webhook again."""

    ADVANCE = "advance"
    MOVE = "move"
    FAULT = "fault"
    RESEND = "resend"


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the control plane, and what it makes happen; `cause` is why a job ends, if it says so."""

    kind: StepKind
    summary: str
    method: str
    path: str
    body: JSON
    cause: str = ""


class JobSteps(msgspec.Struct, frozen=True, kw_only=True):
    """A job as it is, and what can be made to happen next to it."""

    job: str
    operation: str
    state: State
    vendor_state: str
    steps: tuple[NextStep, ...]


def next_steps(engines: Mapping[str, Engine], job: str | None, limit: int = LIMIT) -> list[JobSteps]:
    """Return the steps of the newest jobs of a sandbox, or of one; `engines` are by their lifecycles.

    Raises NotInspectedError with all inspections that are missing.
    """
    sandbox = next(iter(engines.values())).sandbox
    jobs = jobs_of(sandbox).newest_first() if job is None else filter(None, (sandbox.jobs.get(job),))
    listed = list[JobSteps]()
    uninspected = set[InspectionKey]()
    for engine, status in _known(engines, jobs, limit, uninspected):
        listed.append(_steps_of(engine, status))
    if uninspected:
        raise NotInspectedError(frozenset(uninspected))
    return listed


def _known(
    engines: Mapping[str, Engine], jobs: Iterable[Job], limit: int, uninspected: set[InspectionKey]
) -> Iterator[tuple[Engine, Status]]:
    """Yield those jobs that clients can see, at most so many; add what is not inspected yet."""
    left = limit
    for job in jobs:
        if not left:
            return
        engine = engines[job.lifecycle]
        try:
            if not job.is_file:
                yield engine, engine.status(job)
                left -= 1
        except UnknownJobError:
            continue
        except NotInspectedError as error:
            uninspected |= error.keys
            left -= 1


def _steps_of(engine: Engine, status: Status) -> JobSteps:
    job = JobView(engine, status)
    return JobSteps(
        job=status.job.id,
        operation=status.job.operation,
        state=status.state,
        vendor_state=status.vendor_state,
        steps=(*job.advances(), *job.moves(), *job.faults(), *job.resends()),
    )


class JobView(msgspec.Struct, frozen=True):
    """A job at a moment, and the requests that concern it."""

    engine: Engine
    status: Status

    def advances(self) -> Iterator[NextStep]:
        """Yield steps to the moments at which something happens to the job by itself, the earliest first."""
        moments = dict[float, str]()
        for at, what in self._moments():
            moments.setdefault(at, what)
        for at in sorted(moments):
            path = f"sandboxes/{self.engine.sandbox.name}/clock/advance"
            yield _step(StepKind.ADVANCE, moments[at], path, {"seconds": _seconds_until(at, self.engine.now)})

    def moves(self) -> Iterator[NextStep]:
        """Yield steps into each word that the job can be forced into."""
        engine, job = self.engine, self.status.job
        words = engine.lifecycle.described.words
        path = f"jobs/{quote(job.id, safe='')}/move?sandbox={engine.sandbox.name}"
        for name in islice(_names(words), MOST_WORDS):
            to = words.reference(name)
            if to != self.status.word_state and engine.may_force(self.status, to):
                word = words.by_name.get(to.word)
                cause = "" if word is None else word.cause
                summary = f"The job becomes {name}{f' ({cause})' if cause else ''}."
                yield _step(StepKind.MOVE, summary, path, {"to": name}, cause)

    def faults(self) -> Iterator[NextStep]:
        """Yield faults of requests and webhooks that are still to come; each applies once."""
        number = self.status.job.ordinal
        if not number:  # submitted to a version that did not count jobs
            return
        for role, what, faults in self._requests():
            for summary, effect in faults.items():
                rule = {"match": {"operation": role, "job": number}, **effect}
                yield self._fault(f"The next {what} {summary}.", rule)
        for fault in self._webhook_faults():
            rule = {"match": {"job": number}, "webhook": fault}
            yield self._fault(f"The next webhook of the job {WEBHOOK_FAULTS[fault]}.", rule)

    def resends(self) -> Iterator[NextStep]:
        """Yield a step that sends the newest webhook of the job again."""
        newest = (self.engine.sandbox.deliveries[name] for name in backwards(self.engine.sandbox.deliveries))
        for delivery in newest:
            if delivery.job == self.status.job.id:
                path = f"deliveries/{delivery.id}/resend?sandbox={self.engine.sandbox.name}"
                summary = f"The webhook about {delivery.vendor_state} is sent again."
                yield _step(StepKind.RESEND, summary, path, None)
                return

    def _moments(self) -> Iterator[tuple[float, str]]:
        job, now, sandbox = self.status.job, self.engine.now, self.engine.sandbox
        change = None if self.status.state.is_over else next_move(job, now)
        if change is not None:
            yield change, "The job comes into its next state."
        if job.fault is not None and job.fault.lost_after is not None:
            yield job.submitted + job.fault.lost_after, "The job is lost."
        gone = self.status.since + self.engine.lifecycle.kept_for
        if self.status.state.is_over and isfinite(gone):
            yield gone, "The job expires."
        for delivery, at in sandbox.next_attempt_at.items():
            if at > now and sandbox.deliveries[delivery].job == job.id:
                yield at, "A webhook of the job is sent."

    def _requests(self) -> Iterator[tuple[Role, str, Mapping[str, JSON]]]:
        """Yield the roles of requests that clients may still make about the job, and their faults."""
        described = self.engine.lifecycle.described
        result = described.result
        if described.read is not None:
            yield Role.READ, "poll", POLL_FAULTS
        if result is None or self.status.state in (State.FAILED, State.CANCELLED):
            return
        if result.operation not in ("", self.engine.lifecycle.read_operation):
            is_value = result.kind in (ResultKind.VALUE, ResultKind.URL)
            yield Role.RESULT, "request for the result", POLL_FAULTS if is_value else FILE_FAULTS
        if result.kind is ResultKind.URL:
            yield Role.DOWNLOAD, "download", FILE_FAULTS

    def _webhook_faults(self) -> Sequence[WebhookFault]:
        """Return the faults of a webhook that the job is still to send."""
        job, sandbox, lifecycle = self.status.job, self.engine.sandbox, self.engine.lifecycle
        is_to_come = not self.status.state.is_over or job.id in sandbox.job_due_at
        if not is_to_come or not lifecycle.has_address(job, sandbox.webhook):
            return ()
        is_signed = any(rule.sign is not None for rule in lifecycle.deliveries)
        return [fault for fault in WebhookFault if is_signed or fault not in OF_SECRETS]

    def _fault(self, summary: str, rule: JSON) -> NextStep:
        path = f"sandboxes/{self.engine.sandbox.name}/faults"
        return _step(StepKind.FAULT, summary, path, {"next": [rule]})


def _step(kind: StepKind, summary: str, path: str, body: JSON, cause: str = "") -> NextStep:
    return NextStep(
        kind=kind, summary=summary, method="POST", path=f"{CONTROL}{path}", body=body, cause=cause
    )


def _names(words: Words) -> Iterator[str]:
    """Yield names for all words of an API in their order: that of the state for a word that has several."""
    for word in words.listed:
        for state in word.means:
            name = word.name if len(word.means) == 1 else str(state)
            if words.reference(name).word == word.name:
                yield name
    if not words.listed:
        yield from map(str, State)


def _seconds_until(at: float, now: float) -> float:
    """Return the seconds that lead from `now` to a moment, or a hair beyond: sums of floats are rounded."""
    seconds = max(0.0, at - now)
    while now + seconds < at:
        seconds = nextafter(seconds, inf)
    return seconds
