"""Assembles a mock server without sockets: every vendor, every sandbox, and what adapters need."""

import asyncio
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from hashlib import blake2b
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from safelight_mock.app.deletion import Deletion
from safelight_mock.app.dispatch import RequestRouter
from safelight_mock.app.driver import run_until_response
from safelight_mock.app.effects import InputLoader, ServerEffects
from safelight_mock.app.fault_injection import FaultInjection
from safelight_mock.app.file_host import FileHost, Links
from safelight_mock.app.handling import RequestHandling
from safelight_mock.app.outgoing_response import OutgoingResponse, ResponseWriter
from safelight_mock.app.request_log import RequestLog
from safelight_mock.app.response_finalizer import ResponseFinalizer
from safelight_mock.app.routes import Routes
from safelight_mock.app.scenario_names import check_scenarios
from safelight_mock.app.steps import Exchange
from safelight_mock.app.surfaces import RequestSurface, Surfaces
from safelight_mock.config.arguments import check_sandbox
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.engines import Engines, inspect_functions
from safelight_mock.config.services import Service, services
from safelight_mock.config.settings import Durability, Settings
from safelight_mock.config.twin_arguments import check_twin
from safelight_mock.config.vendors import choose_vendors
from safelight_mock.core.clock import StartTimes, SteadyClock, real_time
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.coverage.recorder import CoverageRecorder
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.inspector import Inspector
from safelight_mock.storage.integrity import Sync
from safelight_mock.storage.opening import open_persistence
from safelight_mock.storage.sandboxes import AssumedInspections, SandboxRegistry, name_of
from safelight_mock.storage.transaction import Sandboxes, Transaction
from safelight_mock.storage.unserved import sort_out
from safelight_mock.webhooks.attempts import Sender
from safelight_mock.webhooks.dispatcher import Dispatcher
from safelight_mock.webhooks.messages import WebhookMessages
from safelight_mock.webhooks.outbox import Outbox
from safelight_mock.wire.cors import Cors
from safelight_mock.wire.credential_leak import MOST, CredentialLeak
from safelight_mock.wire.listener import SINGLE_PORT, Listener, ServerAddress
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.presigned_links import Presigner
from safelight_mock.wire.served_vendor import ServedVendor

if TYPE_CHECKING:
    from os import PathLike

    from safelight_mock.app.conduct import Finding
    from safelight_mock.app.next_steps import JobSteps
    from safelight_mock.app.snapshots import Snapshots
    from safelight_mock.config.specs import Spec
    from safelight_mock.coverage.report import Coverage

T = TypeVar("T")


class Twin:
    """A mock server without sockets.

    `specs` are OpenAPI documents that are served beside the vendors of the settings; `vendors` are served
    instead of both. Raises InvalidSpecError and InvalidScenarioError, which are ValueErrors.

    `real` returns Unix seconds, by default of the wall clock. With a `monotonic` clock, as by default, time
    goes on when `real` is set back.

    Adapters run an `exchange` for each request, whose steps are performed with `effects`; those may block, as
    may `advance` and what concerns snapshots. The exchange itself never does.
    """

    def __init__(  # noqa: PLR0913 - what is served, and what stands for the outside world in tests
        self,
        settings: Settings | None = None,
        *,
        specs: Iterable["Spec | str | PathLike[str]"] = (),
        vendors: Mapping[str, ServedVendor] | None = None,
        real: Callable[[], float] | None = None,
        monotonic: Callable[[], float] | None = None,
        sync: Sync = os.fsync,
        listener: Listener = SINGLE_PORT,
    ) -> None:
        check_twin(settings, real=real, monotonic=monotonic, sync=sync, listener=listener)
        self.settings: Settings = settings or Settings()
        chosen = self.settings
        self._is_closed = False
        self.real: Callable[[], float] = real_time(
            real or time.time, monotonic or (None if real else time.monotonic)
        )
        if vendors is None:
            vendors = choose_vendors(chosen.vendors, specs, use_cache=chosen.cache, infers=chosen.infer)
        self.served: dict[str, Service] = services(chosen, vendors)
        check_scenarios(chosen, self.served)  # now: no file is open yet that an error would leave open
        self.base_urls: BaseUrls = BaseUrls.of(chosen, self.served)
        self.address: ServerAddress = ServerAddress(listener)
        self.credential_leaks: deque[CredentialLeak] = deque(maxlen=MOST)
        synced = sync if chosen.durability is Durability.FULL else None
        storage = self._persistence = open_persistence(chosen, synced)
        seed = storage.seed(chosen.seed)
        kept = sort_out(storage.load(), self.served)
        storage.spare(kept.names)
        inputs = Counter(kept.inputs)  # of jobs; no change takes what is not served out of it
        if isinstance(self.real, SteadyClock):
            self.real.resume(max((sandbox.latest_shown_at for sandbox in kept.sandboxes), default=-inf))
        self.blobs: BlobStore = BlobStore(
            chosen.max_storage, inputs.keys(), storage.files, sync=synced if storage.files else None
        )
        self._inspector = Inspector(self.blobs.intact, self.blobs.lost, self.blobs.changes)
        self._engines = Engines(
            self.served, self._inspector.inspection, self._inspector.changes, chosen.job_speedup
        )
        self._start_times = StartTimes(self.real, chosen.start, chosen.clock)
        self.sandboxes: Sandboxes = Sandboxes(self._new_registry(seed, inputs, kept.sandboxes), self.real)
        presigner = Presigner(blake2b(seed.encode(), person=b"links").digest())
        self._presign = partial(Links, self.base_urls, self.address, presigner)
        finalizer = ResponseFinalizer(
            served=self.served, base_urls=self.base_urls, validates=chosen.validate_responses, seed=seed
        )
        self._coverage = CoverageRecorder(self.served)
        self.faults: FaultInjection = FaultInjection.of(chosen, self.blobs, finalizer, self._coverage)
        self._files = FileHost(
            served=self.served,
            sandboxes=self.sandboxes,
            engines=self._engines,
            presigner=presigner,
            blobs=self.blobs,
            base_urls=self.base_urls,
            address=self.address,
            faults=self.faults,
        )
        self.dispatcher: Dispatcher = self._new_dispatcher()
        self.effects: ServerEffects = self._new_effects()
        self.request_log: RequestLog = RequestLog(chosen.request_log_size, self.real())
        self._surfaces = self._new_surfaces()
        self.blobs.remove_unneeded()  # of sandboxes whose deletion a killed process did not finish
        self.dispatcher.start()

    def exchange(self, request: Request) -> Exchange[OutgoingResponse]:
        """Answer a request: yield what has to happen first, return what is sent.

        Raises RuntimeError once the twin is closed, and nothing else.
        """
        self._check_open()
        return self._surfaces.exchange(request)

    def run_until_response(self, request: Request) -> Response:
        """Respond to a request whose body was read; may block, and is not logged."""
        self._check_open()
        return run_until_response(self._surfaces.answer(request), self.effects)

    def advance(self, seconds: float, *, vendor: str, key: str) -> tuple[TimelineEvent, ...]:
        """Advance a sandbox's clock by `seconds`, and return the transitions and deliveries on the way.

        A clock that runs (real, scaled) becomes manual. May block. Raises ValueError for negative `seconds`
        and an unknown vendor.
        """
        return self.dispatcher.advance(self._name_of(vendor, key), vendor, seconds)

    async def advance_async(self, seconds: float, *, vendor: str, key: str) -> tuple[TimelineEvent, ...]:
        """Advance a clock in a thread: receivers on this event loop can answer meanwhile."""
        return await asyncio.to_thread(self.advance, seconds, vendor=vendor, key=key)

    def snapshot(self, *, vendor: str, key: str) -> bytes:
        """Return a key's sandbox as one file, with the secrets of its webhook in it; may block."""
        with self._snapshots.take(self._sandbox_of(vendor, key)) as file:
            return file.read()

    def save_snapshot(self, to: Path, *, vendor: str, key: str) -> None:
        """Write a key's sandbox to a file that its owner alone can read; may block."""
        self._snapshots.write(self._sandbox_of(vendor, key), to)

    def restore(self, snapshot: bytes | Path, *, vendor: str, key: str) -> None:
        """Put the sandbox of a snapshot in the place of a key's; may block, and raises SnapshotError."""
        self._snapshots.restore(snapshot, self._sandbox_of(vendor, key), vendor)

    def fork(self, *, vendor: str, key: str, to: str) -> None:
        """Give another key a sandbox that is like a key's; may block, and raises SnapshotError."""
        self._snapshots.fork(self._sandbox_of(vendor, key), to)

    def reset(self) -> None:
        """Return to the state in which the server was started; may block, and raises Problem.

        Sandboxes, jobs, files, inboxes and logged requests are deleted; metrics keep their counts.
        """
        self._check_open()
        self._deletion.reset()

    def delete_sandbox(self, *, vendor: str, key: str) -> None:
        """Delete a key's sandbox with its jobs, files and deliveries, if there is one; may block.

        The key's next request opens a new one. Raises ValueError for an unknown vendor.
        """
        self._deletion.delete(self._name_of(vendor, key))

    def conduct(self, *, vendor: str, key: str) -> list["Finding"]:
        """Return what a key's client did wrong, as far as the request log shows it, oldest first."""
        from safelight_mock.app.conduct import findings_of  # noqa: PLC0415 - most tests do not ask

        return self._read(vendor, key, lambda box: findings_of(self.request_log, box, self.served[vendor]))

    def next_steps(self, *, vendor: str, key: str, job: str | None = None) -> list["JobSteps"]:
        """Return requests that make something happen to a key's newest jobs, or to one; may block."""
        from safelight_mock.app.next_steps import next_steps  # noqa: PLC0415 - most tests do not ask

        return self._read(vendor, key, lambda box: next_steps(self._engines.each(box), job))

    def coverage(self) -> "Coverage":
        """Return which parts of documents, lifecycles and scenarios clients have covered so far."""
        return self._coverage.report(self.faults.registry)

    def close(self) -> None:
        """Deliver nothing more, and remove the files, unless they are kept; no request is served any more."""
        self._is_closed = True
        self.dispatcher.close()
        self.blobs.close()
        self.sandboxes.store.close()

    def _check_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("this Twin is closed; make another one")

    def _name_of(self, vendor: str, key: str) -> str:
        """Return the name of a key's sandbox, which need not exist; raises ValueError and TypeError."""
        self._check_open()
        check_sandbox(vendor, key, self.served)
        return name_of(vendor, key)

    def _read(self, vendor: str, key: str, look: Callable[[Sandbox], list[T]]) -> list[T]:
        """Return what a function returns for a key's sandbox; nothing if the key was never used."""
        name = self._name_of(vendor, key)

        def work(transaction: Transaction) -> list[T]:
            sandbox = transaction.named(name)
            return [] if sandbox is None else look(sandbox)

        return self.dispatcher.inspecting(partial(self.sandboxes.read, work))

    def _sandbox_of(self, vendor: str, key: str) -> str:
        self._check_open()
        return self._snapshots.sandbox_of(vendor, key)

    def _new_registry(self, seed: str, inputs: Counter[str], kept: Iterable[Sandbox]) -> SandboxRegistry:
        assumed = inspect_functions(self.served, self._inspector.assumed)
        registry = SandboxRegistry(
            seed,
            self.settings,
            self._persistence,
            inputs=inputs,
            assumed=AssumedInspections(inspect_for=assumed, changes=self._inspector.changes),
            wall_at=self._start_times,
        )
        registry.load(kept)
        return registry

    def _new_dispatcher(self) -> Dispatcher:
        messages = WebhookMessages(
            served=self.served,
            base_urls=self.base_urls,
            address=self.address,
            presign=self._presign,
            fault_of=self.faults.webhook_fault,
            is_always_faulty=self.faults.is_always_on,
            on_fault=self._coverage.injected,
        )
        outbox = Outbox(served=self.served, engines=self._engines, messages=messages)
        return Dispatcher(
            served=self.served,
            sandboxes=self.sandboxes,
            engines=self._engines,
            outbox=outbox,
            inspect=self._inspector.inspect,
            make_sender=self._sender,
            on_attempts=self._coverage.attempted,
            grace=self.settings.shutdown_timeout,
            now=self.real,
        )

    @cached_property
    def _snapshots(self) -> "Snapshots":
        from safelight_mock.app.snapshots import Snapshots  # noqa: PLC0415 - the first one pays, not start-up

        return Snapshots(
            served=self.served,
            sandboxes=self.sandboxes,
            blobs=self.blobs,
            dispatcher=self.dispatcher,
            presign=self._presign,
            max_jobs=self.settings.max_jobs,
            now=self.real,
        )

    @cached_property
    def _deletion(self) -> Deletion:
        return Deletion(
            sandboxes=self.sandboxes,
            blobs=self.blobs,
            inboxes=self.dispatcher.inboxes,
            request_log=self.request_log,
            leaks=self.credential_leaks,
            restarts=(self._start_times.restart, self.faults.finalizer.restart),
        )

    def _new_effects(self) -> ServerEffects:
        return ServerEffects(
            now=self.real,
            inspect=self._inspector.inspect,
            advance=self.dispatcher.advance_until,
            loader=lambda: self._loader,
            blobs=self.blobs,
            take_snapshot=lambda sandbox: self._snapshots.take(sandbox),  # noqa: PLW0108 - it imports
        )

    def _new_router(self) -> RequestRouter:
        handling = RequestHandling(
            sandboxes=self.sandboxes,
            webhooks=self.dispatcher,
            base_urls=self.base_urls,
            presign=self._presign,
            finalizer=self.faults.finalizer,
            faults=self.faults,
            coverage=self._coverage,
        )
        return RequestRouter(
            routes=Routes(self.served, self._engines, self.settings.api_keys),
            sandboxes=self.sandboxes,
            blobs=self.blobs,
            handling=handling,
            finalizer=self.faults.finalizer,
            release=self.effects.release,
            now=self.real,
        )

    def _new_surfaces(self) -> Surfaces:
        cors = Cors.of(self.settings.cors_origins)
        writer = ResponseWriter(
            request_log=self.request_log,
            coverage=self._coverage,
            leaks=self.credential_leaks,
            cors=cors,
            now=self.real,
        )
        return Surfaces(
            vendors=self._new_router(),
            files=self._files,
            control=lambda: self._plane,
            cors=cors,
            writer=writer,
        )

    @cached_property
    def _plane(self) -> RequestSurface:
        from safelight_mock.admin import AdminRouter, Backend  # noqa: PLC0415 - the first request pays, not start-up

        backend = Backend(
            settings=self.settings,
            served=self.served,
            sandboxes=self.sandboxes,
            engines=self._engines,
            blobs=self.blobs,
            request_log=self.request_log,
            dispatcher=self.dispatcher,
            snapshots=self._snapshots,
            deletion=self._deletion,
            base_urls=self.base_urls,
            presign=self._presign,
            scenarios=self.faults.registry,
            coverage=self.coverage,
        )
        return AdminRouter(backend, release=self.effects.release, now=self.real)

    @cached_property
    def _loader(self) -> InputLoader:
        from safelight_mock.inputs import UrlInputLoader  # noqa: PLC0415 - the first address pays, not start-up

        open_own = partial(self._files.open_link, effects=self.effects)
        return UrlInputLoader.of(self.settings, self.blobs, open_own, self.address.is_local)

    def _sender(self) -> Sender:
        from safelight_mock.webhooks.http_sender import HttpSender  # noqa: PLC0415 - the first delivery pays, not start-up

        return HttpSender(AllowedHosts(self.settings.allowed_webhook_hosts, self.address.is_local))
