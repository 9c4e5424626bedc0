"""The engine: submits, reads and changes the jobs of one sandbox at one moment."""

from collections.abc import Iterator
from itertools import islice, takewhile

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import JobMove, Removal, StateSet, WordState
from safelight_mock.core.changes import Changes
from safelight_mock.core.credit_totals import CREDITS
from safelight_mock.core.engine_errors import (
    InsufficientCreditsError,
    InvalidTransitionError,
    MissingResultError,
    ResultExpiredError,
    UnknownJobError,
)
from safelight_mock.core.job import (
    PATHS,
    TRANSITIONS,
    Event,
    Inspect,
    InspectionKey,
    Job,
    Move,
    NotInspectedError,
    Plan,
    Source,
    State,
    Status,
    end_of,
    is_over,
    next_move,
    status,
)
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.ledger import Ledger
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.overlay_mapping import put
from safelight_mock.core.planned_faults import bring, with_fault
from safelight_mock.core.sandbox import Sandbox, jobs_of
from safelight_mock.core.script import NEVER, Script
from safelight_mock.core.slots import planned_again

NO_CHANGES = Changes()  # for inspections that never change
PURGED = "purged"  # the detail of a job whose results and inputs were deleted
SWEPT = 100  # past jobs that one submit removes at most: with more, other requests would wait for it


class Engine(msgspec.Struct, frozen=True, kw_only=True):
    """One sandbox under one lifecycle at `now`; `job_speedup` divides the planned durations of jobs.

    `origin` is the base URL by which the client addressed the service; a job keeps that of its submission.
    `changes` has the digests of inputs whose inspection has changed. Jobs that are submitted get
    this `fault`, and remember the `scenario` by its name.

    A method that raises has changed nothing.
    """

    sandbox: Sandbox
    name: str
    lifecycle: ServedLifecycle
    now: float
    inspect: Inspect
    changes: Changes = NO_CHANGES
    origin: str = ""
    job_speedup: float = 1.0
    fault: JobFault | None = None
    scenario: str = ""

    def submit(self, job: Job, *parts: Job) -> Job:
        """Store a job with the parts it consists of, as submitted now; remove jobs past their retention.

        Raises InsufficientCreditsError unless the credits suffice for all, and then stores none.
        """
        coming = (job, *parts)
        price = sum(one.price for one in coming)
        if not self.affords(price):
            raise InsufficientCreditsError(price)
        self._sweep()
        self.sandbox.submitted += 1
        if self.scenario or self.fault is not None:
            self.sandbox.has_scenarios = True
        begun = [self._begun(one) for one in coming]
        for taken in begun:
            self._schedule(taken)
            self.sandbox.jobs[taken.id] = taken
        if self.lifecycle.described.concurrency is not None and self._plan_places():
            return self.sandbox.jobs[job.id]
        return begun[0]

    def keep_file(self, file: Job) -> Job:
        """Store an uploaded file, which waits for no place, has no price, and is notified to no client."""
        self._sweep()
        number = self.sandbox.ids_drawn
        kept = replace(
            file, lifecycle=self.name, origin=self.origin, number=number, submitted=self.now, is_file=True
        )
        self.sandbox.jobs[kept.id] = kept
        return kept

    def source(self, source_id: str) -> Source | None:
        """Return the input of an earlier job by its id."""
        jobs = jobs_of(self.sandbox).of_source(source_id)
        return next((job.source for job in jobs if self._is_mine(job)), None)

    def find(self, job_id: str) -> Status:
        """Return the status of a job; raises UnknownJobError."""
        job = self.sandbox.jobs.get(job_id)
        if job is None or job.lifecycle != self.name:
            raise UnknownJobError(job_id)
        return self.status(job)

    def status(self, job: Job) -> Status:
        """Return the status of this job; raises UnknownJobError if its retention is over."""
        current = status(job, self.now, self.inspect, self.lifecycle.words)
        if current.state.is_over and self.now >= current.since + self.lifecycle.kept_for:
            raise UnknownJobError(job.id)
        if job.fault is not None and job.fault.is_lost(self.now - job.submitted):
            raise UnknownJobError(job.id)
        return current

    def as_submitted(self, job: Job) -> Status:
        """Return the status of a job for the response to its submission, also if it is lost from then on."""
        return self._status(job)

    def _is_gone(self, status: Status) -> bool:
        """Return whether a job's retention is over, or its fault is that it is lost."""
        if status.state.is_over and self.now >= status.since + self.lifecycle.kept_for:
            return True
        job = status.job
        return job.fault is not None and job.fault.is_lost(self.now - job.submitted)

    def all(self) -> list[Status]:
        """Return the status of every job of this lifecycle, oldest first."""
        statuses: list[Status] = []
        uninspected: set[InspectionKey] = set()
        for job in self._mine():
            try:
                statuses.append(self._status(job))
            except NotInspectedError as error:
                uninspected |= error.keys
        if uninspected:
            raise NotInspectedError(frozenset(uninspected))
        return [one for one in statuses if not self._is_gone(one)]

    def is_past(self, job: Job) -> bool:
        """Return whether a job's retention is over; it may exist until the next submission removes it."""
        if job.plan.script is not None:
            end = end_of(job, self.now)
            return end.state.is_over and self.now >= end.since + self.lifecycle.kept_for
        if self.now < job.ends + self.lifecycle.kept_for:
            return False
        return not job.events or is_over(job, self.now)

    def result(self, job_id: str) -> Status:
        """Return the status of a job whose result may be fetched; raises InvalidTransitionError."""
        result = self.lifecycle.described.result
        found = self._allowed(None if result is None else result.allowed, "download", job_id)
        if found.job.fault is not None and found.job.fault.without_result:
            raise MissingResultError(job_id)
        return found

    def linkable(self, job_id: str) -> Status:
        """Return the status of a job to whose result new links may be made; raises ResultExpiredError.

        Links made in time are valid until they expire, so following one does not check this.
        """
        status = self.result(job_id)
        within = self.lifecycle.linked_for
        if within is not None and self.now >= status.since + within:
            raise ResultExpiredError(job_id)
        return status

    def forget_all(self) -> int:
        """Remove every job whose state allows it; return how many."""
        rule = self.lifecycle.forget
        forgotten = [one for one in self.all() if rule is not None and one.word_state in rule.allowed]
        for one in forgotten:
            self.sandbox.remove(one)
        return len(forgotten)

    def cancel(self, job_id: str) -> Status:
        """Record that a job was cancelled."""
        self._allowed(_states_of(self.lifecycle.cancel), Move.CANCEL, job_id)
        return self.move(job_id, Move.CANCEL)

    def forget(self, job_id: str) -> None:
        """Remove a job; raises InvalidTransitionError if its state does not allow that."""
        self.sandbox.remove(self._allowed(_states_of(self.lifecycle.forget), "forget", job_id))

    def apply(self, operation: str, job_id: str) -> Status:
        """Apply the first move of an operation that the job's state allows; return the job as it is then.

        A job that is deleted is returned as it was; so is one that does not allow the move, if that is
        ignored. Raises InvalidTransitionError otherwise.
        """
        status, moves = self.find(job_id), self.lifecycle.moves.get(operation, ())
        move = next((one for one in moves if status.word_state in one.allowed), None)
        if move is not None:
            return self._applied(move, status)
        if any(one.is_ignored for one in moves):
            return status
        raise InvalidTransitionError(operation, status.state)

    def apply_all(self, operation: str) -> list[Status]:
        """Apply an operation to every job that allows it; return these jobs, deleted ones as they were."""
        moves = self.lifecycle.moves.get(operation, ())
        allowed = [
            (move, status)
            for status in self.all()
            for move in [next((one for one in moves if status.word_state in one.allowed), None)]
            if move is not None
        ]
        return [self._applied(move, status) for move, status in allowed]

    def become(self, job_id: str, to: WordState) -> Status:
        """Change a job to a vendor state; raises InvalidTransitionError if no path leads there."""
        return self._brought_to(self.find(job_id), to)

    def move(self, job_id: str, move: Move) -> Status:
        """Record a move, if the table allows it."""
        status = self.find(job_id)
        if move not in TRANSITIONS[status.state]:
            raise InvalidTransitionError(move, status.state)
        return self._record(replace(status.job, events=(*status.job.events, Event(move=move, at=self.now))))

    def force_state(self, job_id: str, word: str) -> Status:
        """Force a job into the state of that name, or of that word of the vendor's.

        With a second word of the vendor's for a state, the job stays there until it is forced elsewhere.
        Its parts follow it. Raises InvalidTransitionError if no path leads there, and ValueError.
        """
        status, state = self.find(job_id), self.lifecycle.meaning(word)
        if self.lifecycle.script is not None:
            return self._forced(status, self.lifecycle.described.words.reference(word))
        return self._put(status, state, word)

    def may_force(self, status: Status, to: WordState) -> bool:
        """Return whether a job may be forced into a word; back into a state only if no job comes there."""
        word = self.lifecycle.described.words.by_name.get(to.word)
        is_aside = self.lifecycle.script is not None and word is not None and word.only
        return to.state in PATHS[status.state] or (is_aside and not status.state.is_over)

    def at(self, now: float) -> "Engine":
        """Return an engine of the same sandbox at another moment."""
        return msgspec.structs.replace(self, now=now)

    def advance_target(self, job_id: str) -> float:
        """Return the time to which polling a job advances an auto clock: its next transition.

        Without one, later by the last `Retry-After`; now, for an unknown job.
        """
        job = self.sandbox.jobs.get(job_id)
        if job is None or job.lifecycle != self.name:
            return self.now
        due = next_move(job, self.now)
        return self.now + self.sandbox.pause if due is None else due

    def affords(self, price: int) -> bool:
        """Return whether the credits suffice for a job of that price."""
        return self.sandbox.granted is None or self.ledger().affords(price)

    def ledger(self) -> Ledger:
        """Sum up the credits of the sandbox, over all its lifecycles."""
        paid, reserved = jobs_of(self.sandbox).sum(CREDITS, self.now, self.inspect, self.changes)
        return Ledger(granted=self.sandbox.granted, paid=self.sandbox.paid + paid, reserved=reserved)

    def _applied(self, move: JobMove, status: Status) -> Status:
        if move.to is Removal.DELETED:
            self.sandbox.remove(status)
            self._plan_places()
            return status
        if isinstance(move.to, WordState):
            return self._brought_to(status, move.to)
        job = status.job
        return self._record(replace(job, details={**job.details, PURGED: True}))

    def _forced(self, status: Status, to: WordState) -> Status:
        """Force a job with a script into a word."""
        if not self.may_force(status, to):
            raise InvalidTransitionError("change", status.state, to=to.word)
        return self._brought_to(status, to)

    def _brought_to(self, status: Status, to: WordState) -> Status:
        """Record that a job, and its parts, got a word and state."""
        if self.lifecycle.script is None:
            return self._put(status, to.state, to.word)
        if status.state.is_over:
            raise InvalidTransitionError("change", status.state, to=to.word)
        event = Event(move=Move.BECOME, at=self.now, vendor_state=to.word, state=to.state)
        parts = [self.sandbox.jobs[part] for part in status.job.parts if part in self.sandbox.jobs]
        moved = (status.job, *parts)
        return self._record(*(replace(one, events=(*one.events, event)) for one in moved))

    def _put(self, status: Status, state: State, word: str) -> Status:
        """Record the moves that lead a job without a script to a state, which has that word there."""
        if state not in PATHS[status.state]:
            raise InvalidTransitionError("change", status.state, to=word)
        parts = [self.find(part) for part in status.job.parts if part in self.sandbox.jobs]
        going = [part for part in parts if state in PATHS[part.state]]
        return self._record(*(bring(one, state, word, self.now, self.lifecycle) for one in (status, *going)))

    def _plan_places(self) -> bool:
        """Plan again which jobs wait, if concurrency is limited; return whether a plan has changed."""
        concurrency = self.lifecycle.described.concurrency
        changed = [] if concurrency is None else [*planned_again(self._mine(), concurrency.running, self.now)]
        for job in changed:
            self._schedule(job)
            self.sandbox.jobs[job.id] = job
        return bool(changed)

    def _sweep(self) -> None:
        """Remove the oldest jobs whose retention is over."""
        oldest = islice(self.sandbox.jobs.values(), SWEPT)
        for gone in [self._last(past) for past in takewhile(self.is_past, oldest)]:
            self.sandbox.remove(gone)

    def _begun(self, job: Job) -> Job:
        """Return a job as submitted now."""
        plan = Plan(queued=job.plan.queued / self.job_speedup, running=job.plan.running / self.job_speedup)
        if self.lifecycle.script is not None:
            plan = self._scripted(plan, self.lifecycle.script, job.plan.deadline)
        begun = replace(
            job,
            lifecycle=self.name,
            origin=self.origin,
            number=self.sandbox.ids_drawn,
            submitted=self.now,
            plan=plan,
            ordinal=self.sandbox.submitted,
            scenario=self.scenario,
        )
        return begun if self.fault is None else with_fault(begun, self.fault, self.lifecycle)

    def _scripted(self, plan: Plan, script: Script, deadline: float | None) -> Plan:
        """Return a plan with a script, a deadline and, if concurrency is limited, a place in the queue."""
        described = self.lifecycle.described
        declared = described.deadline.default if described.deadline else None
        return replace(
            plan,
            script=script.faster(self.job_speedup),
            deadline=declared if deadline is None else deadline,
            held=0.0 if described.concurrency is None else NEVER,
        )

    def _record(self, *moved: Job) -> Status:
        """Store jobs, once the status of all could be computed; return that of the first."""
        statuses = [self._status(job) for job in moved]
        for job in moved:
            self.sandbox.jobs[job.id] = job
            self._schedule(job)
        self._plan_places()
        return statuses[0]

    def _schedule(self, job: Job) -> None:
        """Set when a job with a webhook next owes a delivery: now, or when its work begins."""
        rules = self.lifecycle.deliveries
        if self.lifecycle.has_address(job, self.sandbox.webhook):
            is_due = job.events or any(State.QUEUED in self.lifecycle.states_of(rule) for rule in rules)
            due = self.now if is_due else job.starts if job.plan.script is None else next_move(job, self.now)
            put(self.sandbox.job_due_at, job.id, due)  # a job that waits for its client owes nothing

    def _allowed(self, states: StateSet | None, action: str, job_id: str) -> Status:
        status = self.find(job_id)
        if states is None or status.word_state not in states:
            raise InvalidTransitionError(action, status.state)
        return status

    def _mine(self) -> Iterator[Job]:
        return filter(self._is_mine, self.sandbox.jobs.values())

    def _is_mine(self, job: Job) -> bool:
        return job.lifecycle == self.name and not job.is_file and not self.is_past(job)

    def _status(self, job: Job) -> Status:
        return status(job, self.now, self.inspect, self.lifecycle.words)

    def _last(self, job: Job) -> Status:
        """Return the last status of a job that is removed; its price matters if credits are counted."""
        return end_of(job, self.now) if self.sandbox.granted is None else self._status(job)


def _states_of(move: JobMove | None) -> StateSet | None:
    return None if move is None else move.allowed
