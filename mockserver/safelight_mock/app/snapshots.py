"""Takes a sandbox out of a twin as one file, puts one back in its place, and gives one to another key.

A sandbox in a file stands at the moment at which it was taken; restored, it goes on from there by its own
clock, as if no time had passed meanwhile. It owes what it owed then.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from safelight_mock.app.dry_run import ORIGIN, Rehearsal, UnanswerableError
from safelight_mock.config.base_urls import URL
from safelight_mock.config.services import Service
from safelight_mock.config.settings import FASTEST, LAST
from safelight_mock.core.job import Job
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import COPIES, Delivery
from safelight_mock.storage.archive import Archive, SnapshotError, pack, unfit, unpack
from safelight_mock.storage.sandboxes import inputs_of, name_of
from safelight_mock.webhooks.dispatcher import PATIENCE
from safelight_mock.wire.messages import Call
from safelight_mock.wire.problem import Kind, Problem

if TYPE_CHECKING:
    from safelight_mock.app.twin import Twin


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A sandbox as it was at one moment, as JSON, and the inputs its jobs refer to."""

    vendor: str
    text: bytes
    inputs: list[str]


def sandbox_of(twin: "Twin", vendor: str, key: str) -> str:
    """Return the name of a key's sandbox, made if it is not there; raises ValueError for no vendor."""
    if vendor not in twin.served:
        raise ValueError(f"no vendor is called {vendor}; there are {', '.join(twin.served)}")
    with twin.lock:
        name = name_of(vendor, key)
        if twin.crowd.named(name) is None:
            desk = twin.desk()
            desk.use(name, vendor)
            desk.commit()
        return name


def take(twin: "Twin", name: str) -> BinaryIO:
    """Write a sandbox to a file without a name, and open that; may block.

    Raises SnapshotError, and Problem when there is no room.
    """
    with _still(twin, name) as still:
        size = sum(twin.store.input(digest).stat().st_size for digest in still.inputs)
        taken = twin.store.spare(len(still.text) + size)
        with twin.store.writing.attempt(), ExitStack() as unfinished:  # to close writes what is left, too
            unfinished.callback(taken.close)
            _pack(twin, still, taken)
            taken.seek(0)
            unfinished.pop_all()
    return taken


def write(twin: "Twin", name: str, to: Path) -> None:
    """Write a sandbox to a file that its owner alone can read, for there are secrets in it; may block.

    Raises FileExistsError where something other than a regular file is, as a device: it is not replaced.
    """
    if os.path.lexists(to) and not stat.S_ISREG(to.lstat().st_mode):
        raise FileExistsError(f"{to} is not a regular file, and is not replaced: name another")
    descriptor, draft = tempfile.mkstemp(dir=to.parent, prefix=".safelight-")
    try:
        with os.fdopen(descriptor, "wb") as file, _still(twin, name) as still:
            _pack(twin, still, file)
        Path(draft).replace(to)
    finally:
        Path(draft).unlink(missing_ok=True)


def restore(twin: "Twin", snapshot: bytes | Path, name: str, vendor: str) -> None:
    """Put the sandbox of a file in the place of that name's; may block.

    All of it is checked before anything is changed. Raises SnapshotError for a file that cannot be used, and
    Problem when there is no room.
    """
    file = snapshot if isinstance(snapshot, Path) else BytesIO(snapshot)
    with unpack(file, twin.store.bound) as archive:
        if archive.sandbox.vendor != vendor:
            raise SnapshotError(409, f"A sandbox of {archive.sandbox.vendor} cannot become one of {vendor}.")
        _check(archive.sandbox, twin.served[vendor])
        _rehearse(twin, archive.sandbox)
        with _brought(twin, archive):
            _put(twin, archive.sandbox, name)


def fork(twin: "Twin", name: str, key: str) -> str:
    """Give a key that has used its sandbox for nothing one that is like another; return its name.

    May block. Raises SnapshotError when there is something in the key's sandbox, and Problem when there is no
    room.
    """
    with _still(twin, name) as still:
        forked = name_of(still.vendor, key)
        _put(twin, Sandbox.from_json(still.text), forked, is_fork=True)
    return forked


@contextmanager
def at_rest(twin: "Twin", name: str, patience: float = PATIENCE) -> Iterator[None]:
    """Have a sandbox to oneself, under the twin's lock; raises SnapshotError when it does not come free.

    What others made due meanwhile they left to whoever has it, so that is delivered afterwards; may block.
    """
    try:
        with twin.courier.turns.turn(name, patience) as is_mine:
            if not is_mine:
                raise SnapshotError(409, f"Somebody else moves the time of sandbox {name}. Try again.")
            with twin.lock:
                yield
    finally:
        twin.courier.catch_up(name)


@contextmanager
def _still(twin: "Twin", name: str) -> Iterator[Still]:
    """Look at a sandbox, and keep its inputs for the length of a `with` block."""
    with at_rest(twin, name):
        sandbox = twin.crowd.named(name)
        if sandbox is None:
            raise SnapshotError(404, f"No sandbox is called {name}.")
        still = _seen(sandbox, twin.real())
    with twin.store.holding(still.inputs) as here:  # not under the twin's lock, which a store may ask for
        missing = set(still.inputs).difference(here)
        if missing:
            raise SnapshotError(409, f"Sandbox {name} had an input that is not there: {min(missing)}.")
        yield still


def _seen(sandbox: Sandbox, real: float) -> Still:
    """Return a sandbox at this moment, whatever the real time was at which it had it."""
    now = sandbox.now(real)
    clock = sandbox.clock if sandbox.clock.stands else replace(sandbox.clock, real=0.0, told=now)
    text = replace(sandbox, clock=clock).to_json()
    return Still(vendor=sandbox.vendor, text=text, inputs=sorted(inputs_of(sandbox)))


def _pack(twin: "Twin", still: Still, file: BinaryIO) -> None:
    pack(still.vendor, still.text, still.inputs, twin.store.input, file)


@contextmanager
def _brought(twin: "Twin", archive: Archive) -> Iterator[None]:
    """Store the inputs of an archive that are not here yet; hold all of them for a `with` block."""
    with twin.store.holding(archive.digests) as here, ExitStack() as held:
        for digest in archive.digests:
            if digest not in here:
                held.callback(twin.store.discard, _store(twin, archive, digest))
        yield


def _store(twin: "Twin", archive: Archive, digest: str) -> str:
    with closing(twin.store.receive()) as incoming:
        for piece in archive.input(digest):
            incoming.write(piece)
        return incoming.commit("").digest


def _put(twin: "Twin", sandbox: Sandbox, name: str, *, is_fork: bool = False) -> None:
    """Let a sandbox go on under a name, from now on; what people call that stays as it is."""
    with at_rest(twin, name):
        real, there = twin.real(), twin.crowd.named(name)
        if is_fork and there is not None and _is_used(there):
            raise SnapshotError(
                409, "The other key has a sandbox that is in use: a fork does not replace it."
            )
        clock = sandbox.clock if sandbox.clock.stands else replace(sandbox.clock, real=real)
        label = "" if there is None else there.label  # which is one sandbox's alone
        is_kept = sandbox.is_kept or bool(label)  # whose name somebody gave is missed, whatever it was
        fresh = replace(sandbox, name=name, label=label, clock=clock, is_kept=is_kept)
        twin.crowd.admit(fresh)
        desk = twin.desk(real)
        desk.put(fresh)
        desk.commit()
        twin.courier.expect(fresh)


def _is_used(sandbox: Sandbox) -> bool:
    return bool(sandbox.is_kept or sandbox.drawn or sandbox.jobs)


def _check(sandbox: Sandbox, service: Service) -> None:
    """Raise SnapshotError for a sandbox that no twin has had."""
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
    moments = (sandbox.latest, sandbox.clock.told, sandbox.pause, *sandbox.calls, *times)
    if not all(0 <= time <= LAST for time in moments):
        raise unfit("it has a time that no clock tells")
    if sandbox.drawn < max((job.number for job in sandbox.jobs.values()), default=0):
        raise unfit(f"{sandbox.drawn} drawn ids are fewer than its jobs have: new jobs would replace them")
    if not 0 < sandbox.clock.pace <= FASTEST:
        raise unfit(f"its clock has a pace of {sandbox.clock.pace:g}")


def _rehearse(twin: "Twin", sandbox: Sandbox) -> None:
    """Raise SnapshotError for a sandbox with an entry that this server could not answer for."""
    if len(sandbox.jobs) > twin.settings.capacity:
        why = f"{len(sandbox.jobs)} jobs do not fit in this twin, which takes {twin.settings.capacity}"
        raise Problem(Kind.NO_ROOM, why=why)
    call = Call(method="GET", path="", at=twin.real(), origin=ORIGIN)
    presign = twin.files.presign(call, sandbox)
    try:
        Rehearsal(service=twin.served[sandbox.vendor], sandbox=sandbox, presign=presign).run()
    except UnanswerableError as error:
        raise unfit(str(error)) from error


def _times(job: Job, service: Service) -> tuple[float, ...]:
    if job.operation not in service.api.operations:
        raise unfit(f"{job.operation[:80]!r} is no operation of {service.vendor.slug}")
    return job.submitted, job.plan.queued, job.plan.running, job.ends, *(event.at for event in job.events)
