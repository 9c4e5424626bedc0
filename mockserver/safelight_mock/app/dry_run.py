"""Answers every read of a sandbox before it is taken in, to find entries that no server has made.

A file may hold anything of the right types: a setting that the vendor never takes, or a job that no answer
can describe. Rather than list what can be wrong, this asks the vendor's own functions, on a copy, at each
moment at which an answer changes. Inputs are not decoded: each answer is made for damaged and for whole ones.
A job costs about a millisecond, so this runs in a thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product

import msgspec
from msgspec.structs import fields, replace

from safelight_mock.config.services import Service
from safelight_mock.core.aspect_fit import Box
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import Inspection, Job, planned_times
from safelight_mock.core.picture import LONGEST_SIDES
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.imaging import ImageStatistics
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import PendingResponse, Presign, Request, Response
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem, VendorError

ORIGIN = "http://127.0.0.1"
STAMP = "00000000-0000-4000-8000-000000000000"  # in place of the id that a response gets as it leaves
ERRORS = 400
LONGEST_SIDE = 65_535  # pixels, of a result whose format has no bound of its own
PIXELS = 1 << 30  # of a result; twice the most that a vendor makes
MEASURES = [field.name for field in fields(ImageStatistics)]
SUBJECT = Box(left=0, top=0, width=1, height=1)
INSPECTIONS = (
    Inspection(is_whole=False),
    Inspection(is_whole=True, measures=dict.fromkeys(MEASURES, 0.0), subject=SUBJECT),
    Inspection(is_whole=True, measures=dict.fromkeys(MEASURES, 1.0), subject=SUBJECT),
)
"""What may be seen of an input: damage, or measures at either end of their ranges."""


class UnanswerableError(ValueError):
    """An entry of a sandbox that an operation has no answer for; the sentence names both."""


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """The reads of one sandbox, as its vendor answers them. `presign` makes links."""

    service: Service
    sandbox: Sandbox
    presign: Presign

    def run(self) -> None:
        """Answer every read; raises UnanswerableError for the first entry that has none under the spec."""
        now, jobs = self.sandbox.latest, self.sandbox.jobs.values()
        parts = {part for job in jobs for part in job.parts}
        for job in jobs:
            _check_size(job)
            for moment in _moments(job, now):
                self._read(job, moment, is_part=job.id in parts or not self._is_submitted(job))
        last = max((end for job in self.sandbox.jobs.values() for end in planned_times(job)), default=now)
        for moment in sorted({now, max(now, last)}):
            self._list(moment)

    def _read(self, job: Job, now: float, *, is_part: bool) -> None:
        """Make every response about one job and its files. A part has no id of its own in a request."""
        entry = f"job {job.id[:80]!r}"
        for inspection in INSPECTIONS:
            engine = self._engine(self._open, job.lifecycle, now, inspection)
            for operation in () if is_part else self._reads_of(job):
                path = operation.paths[0].replace(f"{{{engine.lifecycle.described.ids.parameter}}}", job.id)
                with _answerable(entry, operation.id):
                    reply = self._answer(operation, path, engine)
                    if operation.id == engine.lifecycle.read_operation and not _is_shown(reply, engine, job):
                        raise UnanswerableError("it is not found by its id")
            for purpose in ("output", "input"):
                with _answerable(entry, f"what its {purpose} is"):
                    object_store.find(engine, job.id, purpose, self.service.vendor.recipe)

    def _is_submitted(self, job: Job) -> bool:
        """Whether a job was submitted; an uploaded file is kept like a job, and not read like one."""
        return job.operation in self.service.lifecycles[job.lifecycle].submits

    def _list(self, now: float) -> None:
        """Make every response about all jobs and the account."""
        lists = [operation for operation in self._gets() if "{" not in operation.paths[0]]
        for operation, inspection in product(lists, INSPECTIONS):
            engine = self._engine(
                self._limitless, self.service.api.lifecycle_of[operation.id], now, inspection
            )
            with _answerable("the sandbox", operation.id):
                self._answer(operation, operation.paths[0], engine)

    def _gets(self) -> Iterator[Operation]:
        handlers, operations = self.service.vendor.handlers, self.service.api.operations
        return (operations[name] for name in handlers if operations[name].method == "GET")

    def _reads_of(self, job: Job) -> Iterator[Operation]:
        """Yield the operations that take the id of a job."""
        place = f"{{{self.service.lifecycles[job.lifecycle].described.ids.parameter}}}"
        lifecycle_of = self.service.api.lifecycle_of
        for operation in self._gets():
            if lifecycle_of[operation.id] == job.lifecycle and place in operation.paths[0]:
                yield operation

    @property
    def _limitless(self) -> Sandbox:
        """A copy that shares the jobs, but not the calls that are counted for a limit."""
        return replace(self.sandbox, calls=())

    @property
    def _open(self) -> Sandbox:
        """A copy whose account was set up for nothing: without a scope no job would be answered for."""
        return replace(self._limitless, account={})

    def _engine(self, sandbox: Sandbox, lifecycle: str, now: float, inspection: Inspection) -> Engine:
        return Engine(
            sandbox=sandbox,
            name=lifecycle,
            lifecycle=self.service.lifecycles[lifecycle],
            now=now,
            inspect=partial(self.service.vendor.inspect, inspections=lambda _: inspection),
            origin=ORIGIN,
        )

    def _answer(self, operation: Operation, path: str, engine: Engine) -> Response:
        """Answer a call as it would be answered; raises whatever is wrong with that."""
        service = self.service
        routed, in_path = service.api.route("GET", path)
        if routed is not operation:
            raise UnanswerableError(f"{path} is that of {routed.id}")
        call = Request(
            method="GET",
            path=path,
            at=engine.now,
            parameters=operation.parameters(in_path, ""),
            options=service.options,
            origin=ORIGIN,
            presign=self.presign,
        )
        try:
            reply = service.vendor.handlers[operation.id](engine, call)
        except (VendorError, InvalidTransitionError, UnknownJobError) as refused:
            reply = service.vendor.errors.render(refused)
        except Problem as problem:
            if problem.kind is not Kind.NOT_SERVED:
                raise
            return service.vendor.errors.render(problem)  # whatever the sandbox holds
        if isinstance(reply, PendingResponse):
            raise UnanswerableError("it would be held")
        operation.check(
            reply.also({service.vendor.request_id_header: STAMP})
            if service.vendor.request_id_header
            else reply
        )
        return reply


def _check_size(job: Job) -> None:
    """Refuse a result that no vendor makes: it would be rendered for ever, or not at all."""
    sides = job.output.width, job.output.height
    longest = LONGEST_SIDES.get(job.output.format, LONGEST_SIDE)
    if not all(0 <= side <= longest for side in sides) or sides[0] * sides[1] > PIXELS:
        raise UnanswerableError(f"job {job.id[:80]!r} has a result of {sides[0]} x {sides[1]} pixels")


@contextmanager
def _answerable(entry: str, subject: str) -> Iterator[None]:
    """Add the entry and what was read to the exception of a vendor's function about foreign data."""
    try:
        yield
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise UnanswerableError(f"{entry} has no answer to {subject} ({why})") from error


def _is_shown(reply: Response, engine: Engine, job: Job) -> bool:
    """Return whether a job is answered for by its id, or was forgotten in time."""
    try:
        engine.find(job.id)
    except UnknownJobError:
        return True
    return reply.status < ERRORS


def _moments(job: Job, now: float) -> list[float]:
    """Return now and when the job changes later, by plan or by what was recorded."""
    changes = (*planned_times(job), *(event.at for event in job.events))
    return sorted({now, *(moment for moment in changes if moment > now)})
