"""A whole twin without a socket: calls in, replies out, and apart from that the work that may block."""

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import cached_property, partial
from math import inf
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from msgspec.structs import replace

from safelight_mock.app import snapshots
from safelight_mock.app.dispatch import Reception
from safelight_mock.app.file_host import FileHost
from safelight_mock.app.request_log import Journal
from safelight_mock.app.response_finalizer import Speaker
from safelight_mock.app.steps import Errand, Passage, Wait
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.services import service_of, services
from safelight_mock.config.settings import Durability, Settings
from safelight_mock.core.clock import SteadyClock
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Eye, InspectionKey, Inspections, UnjudgedError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Happening
from safelight_mock.imaging import render
from safelight_mock.outgoing.allowed_hosts import Reach
from safelight_mock.storage.blobs import Store
from safelight_mock.storage.body_readers import Reader
from safelight_mock.storage.inspector import Judge
from safelight_mock.storage.integrity import LostInputError, Sync
from safelight_mock.storage.port import Memory, NotKeptError, Storage
from safelight_mock.storage.sandboxes import Crowd
from safelight_mock.storage.transaction import Desk
from safelight_mock.storage.unserved import sort_out
from safelight_mock.webhooks.dispatcher import Courier
from safelight_mock.wire import object_store
from safelight_mock.wire.cors import Cors
from safelight_mock.wire.credential_leak import MOST, Misconduct
from safelight_mock.wire.listener import CONTROL, ONE_DOOR, Entrance
from safelight_mock.wire.loopback import is_here
from safelight_mock.wire.messages import BODIED, Artifact, Call, Parcel, Reply, UnloadedError
from safelight_mock.wire.presigned_links import PREFIX
from safelight_mock.wire.problem import Kind, Problem, Refusal

if TYPE_CHECKING:
    from safelight_mock.admin import Plane
    from safelight_mock.inputs import Loader


class Twin:
    """All vendors and all sandboxes.

    `real` tells Unix seconds, by default the wall clock. With a `monotonic` clock, as by default, time goes
    on when `real` is set back.

    `answer` never blocks; `judge`, `load`, `let_pass`, `advance` and `open` may, and are done off any event
    loop.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        real: Callable[[], float] | None = None,
        monotonic: Callable[[], float] | None = None,
        sync: Sync = os.fsync,
        entrance: Entrance = ONE_DOOR,
    ) -> None:
        self.settings = settings or Settings()
        synced = sync if self.settings.durability is Durability.FULL else None
        self.real = _real_time(real, monotonic)
        self.served = services(self.settings)
        self.base_urls = BaseUrls.of(self.settings, self.served)
        self.cors = Cors.of(self.settings.cors_origins)
        self.entrance = entrance  # where it is served, for links that no request asks for
        self.is_exposed = False  # a request came from another machine
        self.storage = _storage(self.settings, synced)
        seed = self.storage.seed(self.settings.seed)
        kept = sort_out(self.storage.load(), self.served)
        self.storage.spare(kept.names)
        self._unserved = kept.inputs
        if isinstance(self.real, SteadyClock):
            self.real.resume(max((sandbox.seen for sandbox in kept.sandboxes), default=-inf))
        files = self.storage.files
        self.store = Store(self.settings.storage, self._needed, files, sync=synced if files else None)
        self._judge = Judge(self.store.intact, self.store.lost, self.store.changes)
        self._look = self._eyes(self._judge.seen)
        self.crowd = Crowd(
            seed,
            self.settings,
            seen=self._eyes(self._judge.supposed).__getitem__,
            wall_at=self.real.wall_at if isinstance(self.real, SteadyClock) else float,
        )
        for sandbox in kept.sandboxes:
            self.crowd.add(sandbox)
        self.files = FileHost(self, seed)
        self.misconduct: deque[Misconduct] = deque(maxlen=MOST)
        self.journal = Journal(self.settings.journal, self.real())
        self.speaker = Speaker(self, seed)
        self._reception = Reception(self)
        self.lock = RLock()
        self._begin()

    def is_alone(self) -> bool:
        """Return whether this machine alone reaches the twin, as far as can be known."""
        own = self.entrance.own
        return not self.is_exposed and (not own or is_here(urlsplit(own).hostname or ""))

    def takes_body(self, call: Call) -> bool:
        """Tell whether a call's body has to be read with a `reader` before it is answered."""
        return call.method in BODIED and not call.is_for_files

    def reader(self, call: Call) -> Reader:
        """Choose how to read a call's body; raises Problem or Refusal when its head is reason enough."""
        if call.path.startswith(CONTROL):
            return self._plane.reader(call)
        return self._reception.reader(call)

    def answer(self, call: Call) -> Reply | Wait | Passage | Errand:
        """Answer a call, or say how long to wait or what has to be done before, and what to ask then.

        Raises only UnjudgedError and UnloadedError.
        """
        if call.made is not None:
            return call.made
        with self.lock:
            try:
                preflight = self.cors.preflight(call)
                if preflight is not None:
                    return preflight
                if call.entrance.leads_to_files(call.path):
                    return self.files.answer(call)
                if call.path.startswith(CONTROL):
                    return self._plane.answer(call)
                return self._reception.answer(call)
            except Problem as problem:
                return self.refuse(call, problem)

    def refuse(self, call: Call, refusal: Problem | Refusal) -> Reply:
        """Say a refusal in the dialect of the vendor the call is for."""
        if call.is_for_files:
            is_ours = isinstance(refusal, Problem) and refusal.kind in (Kind.STOPPING, Kind.NO_ROOM)
            return object_store.unavailable(str(refusal)) if is_ours else object_store.broken()
        if call.path.startswith(CONTROL):
            return self._plane.refuse(refusal)
        return self.speaker.refuse(call, refusal)

    def settle(self, call: Call) -> Reply:
        """Answer a call, loading and judging inputs and waiting as needed; may block."""
        try:
            while True:
                try:
                    outcome = self.answer(call)
                except UnjudgedError as unjudged:
                    self.judge(unjudged.keys)
                except UnloadedError as unloaded:
                    call = self.load(call, unloaded.addresses)
                else:
                    if isinstance(outcome, Reply):
                        return outcome
                    if isinstance(outcome, Passage | Errand):
                        call = self.let_pass(outcome)
                        if outcome.reply is not None:
                            return outcome.reply
                        continue
                    time.sleep(outcome.seconds)
                    call = replace(outcome.call, at=self.real())
        finally:
            self.release(call)

    def judge(self, keys: Iterable[InspectionKey]) -> None:
        """Look at every pixel of inputs nobody has looked at; may block. Raises Problem when that fails."""
        self._judge.judge(keys)

    def load(self, call: Call, addresses: Iterable[str]) -> Call:
        """Load what a call names by address; may block. Raises Problem when there is no room for it.

        The call that comes back holds it until it is released.
        """
        service, _ = service_of(call, self.served)
        brought = self._loader.load(addresses, service.vendor.body_limit)
        return replace(call, loaded={**call.loaded, **brought}, at=self.real())

    def let_pass(self, passage: Passage | Errand) -> Call:
        """Let a sandbox's time pass, with every delivery that is due, or run an errand; may block.

        The call that comes back knows what happened.
        """
        if isinstance(passage, Errand):
            made = passage.run()
            reply = made if isinstance(made, Reply) else None
            return replace(passage.call, passed=(), at=self.real(), made=reply)
        passed: tuple[Happening, ...] = ()
        try:
            passed = self.courier.carry(passage.sandbox, passage.to, passage.patience)
        except NotKeptError:
            if not passage.may_fail:
                raise
        except Problem:
            if passage.reply is None:
                raise  # it is stopped: what is due is still due after a restart
        return replace(passage.call, passed=passed, at=self.real())

    def release(self, call: Call) -> None:
        """Hold what was loaded for a call no longer: from now on only jobs keep it."""
        if call.loaded:
            self._loader.release(call.loaded.values())

    def open(self, artifact: Artifact | Parcel) -> BinaryIO:
        """Open a file, made now if need be; may block. Raises Problem when there is no room for it."""
        if isinstance(artifact, Parcel):
            return snapshots.take(self, artifact.sandbox)
        if artifact.recipe is None:
            return self.store.open_input(artifact.digest)
        recipe, find = artifact.recipe, self.store.intact
        return self.store.open_result(artifact, lambda source, target: render(source, recipe, target, find))

    def advance(self, seconds: float, *, vendor: str, key: str) -> tuple[Happening, ...]:
        """Set a sandbox's clock forward, and stop it if it runs; may block.

        Returns what happened meanwhile, moves and deliveries, in the order of time, after it has happened.
        """
        with self.lock:
            desk = self.desk()
            sandbox = desk.sandbox(vendor, key)
            sandbox.is_kept = True
            to = sandbox.advance(0, self.real()) + seconds
            desk.commit()
        return self.courier.carry(sandbox.name, to)

    async def advance_async(self, seconds: float, *, vendor: str, key: str) -> tuple[Happening, ...]:
        """Advance a clock in a thread: receivers on this event loop can answer meanwhile."""
        return await asyncio.to_thread(self.advance, seconds, vendor=vendor, key=key)

    def snapshot(self, *, vendor: str, key: str) -> bytes:
        """Return a key's sandbox as one file, with the secrets of its webhook in it; may block."""
        with snapshots.take(self, snapshots.sandbox_of(self, vendor, key)) as file:
            return file.read()

    def save_snapshot(self, to: Path, *, vendor: str, key: str) -> None:
        """Write a key's sandbox to a file that its owner alone can read; may block."""
        snapshots.write(self, snapshots.sandbox_of(self, vendor, key), to)

    def restore(self, snapshot: bytes | Path, *, vendor: str, key: str) -> None:
        """Put the sandbox of a snapshot in the place of a key's; may block, and raises SnapshotError."""
        snapshots.restore(self, snapshot, snapshots.sandbox_of(self, vendor, key), vendor)

    def fork(self, *, vendor: str, key: str, to: str) -> None:
        """Give another key a sandbox that is like a key's; may block, and raises SnapshotError."""
        snapshots.fork(self, snapshots.sandbox_of(self, vendor, key), to)

    def close(self) -> None:
        """Deliver nothing more, and remove the files, unless they are kept."""
        self.courier.close()
        self.store.close()
        with self.lock:
            self.storage.save_times(self.crowd)
            self.storage.close()
            self.storage = Memory()  # for who comes late

    def desk(self, real: float | None = None) -> Desk:
        """Return a place for the working copies of a call, now or at a real moment; asked under the lock."""
        moment = self.real() if real is None else real
        return Desk(self.crowd, self.storage, moment, self.courier.turns.is_taken)

    def see_to(self, sandbox: Sandbox, call: Call, outcome: Reply | Wait | Passage) -> Reply | Wait | Passage:
        """See to what a call made due: at once where time stands, and otherwise when it is time."""
        self.courier.expect(sandbox)
        if not isinstance(outcome, Reply) or not sandbox.clock.stands or self.courier.is_moving(sandbox):
            return outcome
        now = sandbox.now(call.at)
        if sandbox.next_due > now:
            return outcome
        return Passage(sandbox=sandbox.name, to=now, call=call, reply=outcome)

    def engine(
        self, sandbox: Sandbox, lifecycle: str, real: float, origin: str = "", *, desk: Desk | None = None
    ) -> Engine:
        """Look at a sandbox under one of its vendor's lifecycles; to take jobs in, at a copy on a desk."""
        return Engine(
            sandbox=sandbox,
            name=lifecycle,
            lifecycle=self.served[sandbox.vendor].lifecycles[lifecycle],
            now=sandbox.now(real),
            origin=origin,
            look=self._look[sandbox.vendor],
            changes=self._judge.changes,
            make_room=_refuse if desk is None else desk.make_room,
            speed=self.settings.speed,
        )

    def _eyes(self, inspections: Inspections) -> Mapping[str, Eye]:
        """Return what looks at a vendor's jobs, by its slug."""
        return {
            slug: partial(service.vendor.look, inspections=inspections)
            for slug, service in self.served.items()
        }

    @cached_property
    def courier(self) -> Courier:
        """The one who delivers to webhooks."""
        return Courier(self)

    @cached_property
    def _plane(self) -> "Plane":
        from safelight_mock.admin import Plane  # noqa: PLC0415 - the first call pays, not start-up

        return Plane(self)

    @cached_property
    def _loader(self) -> "Loader":
        from safelight_mock.inputs import Loader  # noqa: PLC0415 - the first address pays, not start-up

        chosen = self.settings
        return Loader(
            self.store,
            self._own,
            Reach(chosen.input_hosts, self.is_alone),
            strict=chosen.strict_inputs,
            patience=chosen.input_timeout,
        )

    def _own(self, path: str, query: str) -> BinaryIO | int | None:
        """Open what a link of this twin leads to, under whatever name the twin is known.

        Of one that opens nothing any more, return the status it is answered with; of any other link, None.
        """
        below = PREFIX + path.partition(PREFIX)[2]
        reply = self.settle(Call(method="GET", path=below, query=query, at=self.real()))
        if isinstance(reply.content, Artifact):
            try:
                return self.open(reply.content)
            except LostInputError:
                return object_store.missing().status
        return reply.status if self.files.looks_made_here(below, query) else None

    def _needed(self) -> AbstractSet[str]:
        return self.crowd.inputs() | self._unserved if self._unserved else self.crowd.inputs()

    def _begin(self) -> None:
        """Let clocks go on that were held when the twin was killed, and see to what is due."""
        with self.lock, suppress(NotKeptError):  # who comes to one that cannot be let go tries again
            desk = self.desk()
            for sandbox in self.crowd:
                if sandbox.clock.held:
                    desk.named(sandbox.name)
            desk.commit()
        for sandbox in self.crowd:
            self.courier.expect(sandbox)


def _real_time(
    real: Callable[[], float] | None, monotonic: Callable[[], float] | None
) -> Callable[[], float]:
    """Return what tells real time: a `real` that is given alone is taken as it is, even if it goes back."""
    if real is not None and monotonic is None:
        return real
    return SteadyClock(real or time.time, monotonic or time.monotonic)


def _refuse(_: int) -> None:
    raise RuntimeError("jobs are taken in on a desk only")  # outside a desk they would not be kept


def _storage(settings: Settings, sync: Sync | None) -> Storage:
    if settings.data_dir is None:
        return Memory()
    from safelight_mock.storage.sqlite_store import Keep  # noqa: PLC0415 - by default nothing is kept

    return Keep(settings.data_dir, sync)
