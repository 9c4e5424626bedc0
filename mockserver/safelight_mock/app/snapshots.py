"""Exports a sandbox as one file, restores it in place, and forks it for another key.

A snapshot is of one moment. A restored sandbox goes on from there by its own clock, as if no time had passed
meanwhile, with the same deliveries owed.
"""

import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from msgspec.structs import replace

from safelight_mock.app.dry_run import ORIGIN, DryRun, UnanswerableError
from safelight_mock.config.arguments import LAST, check_key, check_sandbox, check_type
from safelight_mock.config.base_urls import URL
from safelight_mock.config.services import Service
from safelight_mock.config.settings import FASTEST
from safelight_mock.core.job import Job, Plan
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.script import NEVER
from safelight_mock.core.webhook import COPIES, Delivery
from safelight_mock.storage.archive import Archive, SnapshotError, pack, unfit, unpack
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.sandboxes import inputs_of, name_of
from safelight_mock.storage.transaction import Sandboxes, Transaction
from safelight_mock.storage.upload_spool import UploadSpool
from safelight_mock.webhooks.dispatcher import ADVANCE_TIMEOUT, Dispatcher
from safelight_mock.wire.messages import Presign, Request
from safelight_mock.wire.problem import Kind, Problem

T = TypeVar("T")


class FrozenSandbox(msgspec.Struct, frozen=True, kw_only=True):
    """A sandbox as it was at one moment, as JSON, and the inputs that its jobs and rules refer to."""

    vendor: str
    text: bytes
    inputs: list[str]


class Snapshots(msgspec.Struct, frozen=True, kw_only=True):
    """Takes and restores sandboxes of one server, of at most `max_jobs` jobs. Every method may block."""

    served: Mapping[str, Service]
    sandboxes: Sandboxes
    blobs: BlobStore
    dispatcher: Dispatcher
    presign: Callable[[Request, Sandbox], Presign]
    max_jobs: int
    now: Callable[[], float]

    def sandbox_of(self, vendor: str, key: str) -> str:
        """Return the name of a key's sandbox, created if needed; raises ValueError for an unknown vendor."""
        check_sandbox(vendor, key, self.served)
        name = name_of(vendor, key)

        def create(transaction: Transaction) -> None:
            if transaction.before(name) is None:
                transaction.use(name, vendor)
                transaction.commit()

        self.sandboxes.write(create)
        return name

    def take(self, name: str) -> BinaryIO:
        """Write a sandbox to an unnamed file, and return that at its beginning.

        Raises SnapshotError, and Problem when storage is full.
        """
        with self._frozen(name) as frozen:
            size = sum(self.blobs.input(digest).stat().st_size for digest in frozen.inputs)
            taken = self.blobs.spare(len(frozen.text) + size)
            with self.blobs.writing.attempt(), ExitStack() as unfinished:  # to close writes what is left, too
                unfinished.callback(taken.close)
                self._pack(frozen, taken)
                taken.seek(0)
                unfinished.pop_all()
        return taken

    def write(self, name: str, to: Path) -> None:
        """Write a sandbox to a file that its owner alone can read, for there are secrets in it.

        Raises FileExistsError where something other than a regular file is, as a device: it is not replaced.
        Raises OSError for a folder that does not exist or is not writable.
        """
        check_type("to", to, Path, "a pathlib.Path")
        if not to.parent.is_dir():
            raise FileNotFoundError(f"cannot write {to}: the folder {to.parent} does not exist; create it")
        if os.path.lexists(to) and not stat.S_ISREG(to.lstat().st_mode):
            raise FileExistsError(f"{to} is not a regular file, and is not replaced: name another")
        descriptor, draft = tempfile.mkstemp(dir=to.parent, prefix=".safelight-")
        try:
            with os.fdopen(descriptor, "wb") as file, self._frozen(name) as frozen:
                self._pack(frozen, file)
            Path(draft).replace(to)
        finally:
            Path(draft).unlink(missing_ok=True)

    def restore(self, snapshot: bytes | Path, name: str, vendor: str) -> None:
        """Put the sandbox of a file in the place of the one of that name.

        All of it is checked before anything is changed. Raises SnapshotError for a file that cannot be used,
        and Problem when storage is full.
        """
        check_type("snapshot", snapshot, (bytes, Path), "bytes, or the pathlib.Path of a file")
        file = snapshot if isinstance(snapshot, Path) else BytesIO(snapshot)
        with unpack(file, self.blobs.bound) as archive:
            if archive.sandbox.vendor != vendor:
                raise SnapshotError(
                    409, f"A sandbox of {archive.sandbox.vendor} cannot become one of {vendor}."
                )
            _check(archive.sandbox, self.served[vendor])
            self._rehearse(archive.sandbox)
            with self._brought(archive):
                self._put(archive.sandbox, name)

    def fork(self, name: str, key: str) -> str:
        """Give a key with an unused sandbox a copy of another one; return its name.

        Raises SnapshotError when the key's sandbox is in use, and Problem when storage is full.
        """
        check_key("to", key)
        with self._frozen(name) as frozen:
            forked = name_of(frozen.vendor, key)
            if forked == name:
                raise SnapshotError(409, "A sandbox cannot be forked to its own key: use another key.")
            self._put(Sandbox.from_json(frozen.text), forked, is_fork=True)
        return forked

    def at_rest(self, name: str, work: Callable[[Transaction], T], timeout: float = ADVANCE_TIMEOUT) -> T:
        """Do some work while nothing moves a sandbox's clock; raises SnapshotError if something always does.

        What became due meanwhile was left to the holder of the lease, so that is delivered afterwards.
        """
        try:
            lease = self.sandboxes.store.lease(name, timeout)
            if lease is None:
                raise SnapshotError(409, f"Somebody else moves the time of sandbox {name}. Try again.")
            try:
                return self.sandboxes.write(work)
            finally:
                lease.release()
        finally:
            self.dispatcher.catch_up(name)

    @contextmanager
    def _frozen(self, name: str) -> Iterator[FrozenSandbox]:
        """Freeze a sandbox, and keep its inputs for the length of a `with` block."""

        def freeze(transaction: Transaction) -> Sandbox:
            sandbox = transaction.before(name)
            if sandbox is None:
                raise SnapshotError(404, f"No sandbox is called {name}.")
            sandbox.now(self.now())
            return sandbox.frozen()

        frozen = _written(self.at_rest(name, freeze))
        with self.blobs.holding(frozen.inputs) as here:  # outside the transaction, which may need the store
            missing = set(frozen.inputs).difference(here)
            if missing:
                raise SnapshotError(409, f"Sandbox {name} had an input that is not there: {min(missing)}.")
            yield frozen

    def _pack(self, frozen: FrozenSandbox, file: BinaryIO) -> None:
        pack(frozen.vendor, frozen.text, frozen.inputs, self.blobs.input, file)

    @contextmanager
    def _brought(self, archive: Archive) -> Iterator[None]:
        """Store the inputs of an archive that are not here yet; hold all of them for a `with` block."""
        with self.blobs.holding(archive.digests) as here, ExitStack() as held:
            for digest in archive.digests:
                if digest not in here:
                    held.callback(self.blobs.discard, self._store(archive, digest))
            yield

    def _store(self, archive: Archive, digest: str) -> str:
        with closing(UploadSpool(self.blobs)) as spool:
            for piece in archive.input(digest):
                spool.write(piece)
            return spool.commit("").digest

    def _put(self, sandbox: Sandbox, name: str, *, is_fork: bool = False) -> None:
        """Let a sandbox go on under a name, from now on; its label stays that of the name."""

        def put(transaction: Transaction) -> None:
            real, there = self.now(), transaction.before(name)
            if is_fork and there is not None and _is_used(there):
                raise SnapshotError(
                    409,
                    "The sandbox of the other key has been used, and a fork does not replace it: "
                    "use an unused key.",
                )
            clock = sandbox.clock if sandbox.clock.is_stopped else replace(sandbox.clock, real=real)
            label = "" if there is None else there.label  # which is one sandbox's alone
            never_evicted = sandbox.never_evicted or bool(label)  # a named one is expected to remain
            fresh = replace(sandbox, name=name, label=label, clock=clock, never_evicted=never_evicted)
            transaction.put(fresh)
            transaction.commit()

        self.at_rest(name, put)

    def _rehearse(self, sandbox: Sandbox) -> None:
        """Raise SnapshotError for a sandbox with an entry that this server could not answer for."""
        if len(sandbox.jobs) > self.max_jobs:
            why = f"{len(sandbox.jobs)} jobs are too many: --max-jobs is {self.max_jobs}"
            raise Problem(Kind.NO_ROOM, detail=why)
        request = Request(method="GET", path="", at=self.now(), origin=ORIGIN)
        presign = self.presign(request, sandbox)
        try:
            DryRun(service=self.served[sandbox.vendor], sandbox=sandbox, presign=presign).run()
        except UnanswerableError as error:
            raise unfit(str(error)) from error


def _written(sandbox: Sandbox) -> FrozenSandbox:
    """Write down a sandbox as it is at the latest time it has shown, whenever that was by real time."""
    clock = (
        sandbox.clock
        if sandbox.clock.is_stopped
        else replace(sandbox.clock, real=0.0, reading=sandbox.latest)
    )
    text = replace(sandbox, clock=clock).to_json()
    return FrozenSandbox(vendor=sandbox.vendor, text=text, inputs=sorted(inputs_of(sandbox)))


def _is_used(sandbox: Sandbox) -> bool:
    return bool(sandbox.never_evicted or sandbox.ids_drawn or sandbox.jobs)


def _check(sandbox: Sandbox, service: Service) -> None:
    """Raise SnapshotError for a sandbox that no mock server can have had."""
    parts: list[tuple[str, Job | Delivery]] = [*sandbox.jobs.items(), *sandbox.deliveries.items()]
    for name, part in parts:
        if part.id != name or part.lifecycle not in service.lifecycles:
            raise unfit(f"{name[:80]!r} is nothing that {sandbox.vendor} has")
    for delivery in sandbox.deliveries.values():
        if not 1 <= delivery.copies <= COPIES:  # each is sent as soon as the one before was taken
            raise unfit(
                f"delivery {delivery.id[:80]!r} has {delivery.copies} copies; it may have 1 to {COPIES}"
            )
    for job in sandbox.jobs.values():
        if job.origin and not URL.fullmatch(job.origin):
            raise unfit(f"job {job.id[:80]!r} has links that begin with no base URL")
    times = [time for job in sandbox.jobs.values() for time in _times(job, service)]
    moments = (sandbox.latest, sandbox.clock.reading, sandbox.pause, *sandbox.calls, *times)
    if not all(0 <= time <= LAST for time in moments):
        raise unfit("it has a time that no clock tells")
    if sandbox.ids_drawn < max((job.number for job in sandbox.jobs.values()), default=0):
        raise unfit(f"it drew {sandbox.ids_drawn} ids, fewer than its jobs have: new jobs would replace them")
    if not 0 < sandbox.clock.rate <= FASTEST:
        raise unfit(f"its clock has a rate of {sandbox.clock.rate:g}")


def _times(job: Job, service: Service) -> tuple[float, ...]:
    if job.operation not in service.api.operations:
        raise unfit(f"{job.operation[:80]!r} is no operation of {service.vendor.slug}")
    plan, events = job.plan, (event.at for event in job.events)
    return job.submitted, plan.queued, plan.running, job.ends, *events, *_scripted_times(plan)


def _scripted_times(plan: Plan) -> Iterator[float]:
    """Yield the times and shares of a plan with a script."""
    yield from () if plan.deadline is None else (plan.deadline,)
    yield 0.0 if plan.held == NEVER else plan.held
    if plan.script is not None:
        yield from (step.share for step in plan.script.steps)
        yield from (follow.after for follow in plan.script.follows.values())
