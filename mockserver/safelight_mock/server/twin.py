"""A whole twin without a socket: calls in, replies out, and apart from that the work that may block."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from threading import RLock

from safelight_mock.core.engine import Engine, FullError, RefusedError, UnknownJobError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.pixels.render import render
from safelight_mock.pixels.verdict import is_whole
from safelight_mock.server.forms import Reader, reader_for
from safelight_mock.server.service import Service, service_of, services
from safelight_mock.server.settings import Settings
from safelight_mock.server.store import Store
from safelight_mock.wire import objects
from safelight_mock.wire.api import Api
from safelight_mock.wire.call import Artifact, Call, Presign, Reply
from safelight_mock.wire.links import PREFIX, FileName, LinkError, Presigner
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import OURS, Kind, Problem, Refusal

VERDICTS = 100_000  # remembered at most; a forgotten one is made again

log = logging.getLogger("safelight_mock")


class UnjudgedError(Exception):
    """An answer needs to know whether an input is whole: `judge` it and ask again."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"input {digest} has not been judged")
        self.digest = digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A call that found an operation that is served."""

    service: Service
    operation: Operation
    in_path: Mapping[str, str]


class Twin:
    """All vendors and all sandboxes. `answer` never blocks; `judge` and `fetch` may, off any event loop."""

    def __init__(self, settings: Settings | None = None, *, real: Callable[[], float] = time.time) -> None:
        self.settings = settings or Settings()
        self.real = real
        self.served = services(self.settings)
        self.sandboxes: dict[str, Sandbox] = {}
        self.store = Store(self.settings.storage, self._needed)
        self._seed = self.settings.seed or secrets.token_hex(16)
        self._presigner = Presigner(blake2b(self._seed.encode(), person=b"links").digest())
        self._verdicts: dict[str, bool] = {}
        self._lock = RLock()

    def reader(self, call: Call) -> Reader:
        """Choose how to read a call's body; raises Problem when its head is reason enough to refuse it."""
        admission = self._admit(call)
        self._sandbox(admission.service, call)
        length = call.headers.get("content-length", "")
        if length.isdigit() and int(length) > admission.service.vendor.body_limit:
            raise Problem(Kind.TOO_LARGE)
        return reader_for(call, admission.operation, self.store, admission.service.vendor.body_limit)

    def answer(self, call: Call) -> Reply:
        """Answer a call. Raises UnjudgedError, and nothing else."""
        with self._lock:
            try:
                return self._file(call) if call.path.startswith(PREFIX) else self._operate(call)
            except Problem as problem:
                return self.refuse(call, problem)

    def refuse(self, call: Call, problem: Problem) -> Reply:
        """Say a problem in the dialect of the vendor the call is for."""
        try:
            service, _ = service_of(call, self.served)
        except Problem:
            bases = [f"/{slug}{service.api.base}" for slug, service in self.served.items()]
            return Reply.json(404, {"message": f"Nothing is served here. Try {' or '.join(bases)}."})
        return service.vendor.refuse(problem)

    def settle(self, call: Call) -> Reply:
        """Answer a call, judging inputs as needed; may block."""
        while True:
            try:
                return self.answer(call)
            except UnjudgedError as unjudged:
                self.judge(unjudged.digest)

    def judge(self, digest: str) -> None:
        """Look at every pixel of an input; may block. Raises Problem when that fails."""
        try:
            verdict = is_whole(self.store.input(digest))
        except Exception as bug:
            log.exception("input %s cannot be judged", digest)
            raise Problem(Kind.BROKEN) from bug
        with self._lock:
            self._verdicts[digest] = verdict
            if len(self._verdicts) > VERDICTS:
                del self._verdicts[next(iter(self._verdicts))]

    def fetch(self, artifact: Artifact) -> Path:
        """Return where a file lies, rendered now if need be; may block."""
        if artifact.recipe is None:
            return self.store.input(artifact.digest)
        return self.store.result(artifact.digest, artifact.recipe, render)

    def sandbox(self, vendor: str, key: str) -> Sandbox:
        """Return the sandbox a key names, made on first use; raises Problem when there are too many."""
        name = blake2b(f"{vendor}/{key}".encode(), digest_size=8).hexdigest()
        with self._lock:
            if name not in self.sandboxes and len(self.sandboxes) >= self.settings.sandboxes:
                raise Problem(Kind.NO_ROOM, why=f"all {self.settings.sandboxes} sandboxes are in use")
            return self.sandboxes.setdefault(name, Sandbox(name=name, seed=self._seed))

    def advance(self, seconds: float, *, vendor: str, key: str) -> float:
        """Stop a sandbox's clock and set it forward; return its time."""
        with self._lock:
            return self.sandbox(vendor, key).advance(seconds, self.real())

    def close(self) -> None:
        """Remove the files."""
        self.store.close()

    def _admit(self, call: Call) -> Admission:
        service, path = service_of(call, self.served)
        operation, in_path = service.api.route(call.method, path)
        if operation.id not in service.vendor.handlers:
            raise Problem(
                Kind.NOT_SERVED, why=f"{operation.id} is described but not served by this twin yet."
            )
        return Admission(service=service, operation=operation, in_path=in_path)

    def _sandbox(self, service: Service, call: Call) -> Sandbox:
        key = service.vendor.key(call.headers)
        if self.settings.api_keys and key not in self.settings.api_keys:
            raise Problem(Kind.UNAUTHORIZED)
        return self.sandbox(service.vendor.slug, key)

    def _operate(self, call: Call) -> Reply:
        admission = self._admit(call)
        try:
            reply = self._reply(admission, call)
            if self.settings.check_replies:
                admission.operation.check(reply)
        except (Problem, UnjudgedError):
            raise
        except Exception as bug:
            log.exception("%s is broken", admission.operation.id)
            raise Problem(Kind.BROKEN) from bug
        return reply

    def _reply(self, admission: Admission, call: Call) -> Reply:
        refuse = admission.service.vendor.refuse
        try:
            return self._handle(admission, call)
        except FullError as full:
            raise Problem(Kind.NO_ROOM, why=str(full)) from full
        except (Refusal, RefusedError, UnknownJobError) as refused:
            return refuse(refused)
        except Problem as problem:
            if problem.kind in OURS:
                raise
            return refuse(problem)

    def _handle(self, admission: Admission, call: Call) -> Reply:
        service, operation = admission.service, admission.operation
        sandbox = self._sandbox(service, call)
        engine = self._engine(service.api, service.api.lifecycle_of[operation.id], sandbox, call.at)
        told = replace(
            call,
            parameters=operation.read_parameters(admission.in_path, call.query),
            values=operation.read_body(call),
            options=service.options,
            presign=self._presign(call.origin, service.vendor.slug, sandbox.name),
        )
        return service.vendor.handlers[operation.id](engine, told)

    def _engine(self, api: Api, lifecycle: str, sandbox: Sandbox, real: float) -> Engine:
        return Engine(
            sandbox=sandbox,
            name=lifecycle,
            lifecycle=api.lifecycles[lifecycle],
            now=sandbox.now(real),
            is_whole=self._is_whole,
            capacity=self.settings.capacity,
            speed=self.settings.speed,
        )

    def _presign(self, origin: str, vendor: str, sandbox: str) -> Presign:
        def presign(job: str, purpose: str, expires: int) -> str:
            return self._presigner.url(origin, FileName(vendor, sandbox, job, purpose), expires)

        return presign

    def _file(self, call: Call) -> Reply:
        try:
            name = FileName.from_path(call.path)
            sandbox = self.sandboxes.get(name.sandbox)
            self._presigner.verify(name, call.query, sandbox.now(call.at) if sandbox else call.at)
        except LinkError as error:
            return objects.denied(str(error))
        job = sandbox.jobs.get(name.job) if sandbox else None
        if sandbox is None or job is None:
            return objects.missing()
        engine = self._engine(self.served[name.vendor].api, job.lifecycle, sandbox, call.at)
        return objects.find(engine, job.id, name.purpose)

    def _is_whole(self, digest: str) -> bool:
        if digest not in self._verdicts:
            raise UnjudgedError(digest)
        return self._verdicts[digest]

    def _needed(self) -> set[str]:
        with self._lock:
            return {job.source.digest for box in self.sandboxes.values() for job in box.jobs.values()}
