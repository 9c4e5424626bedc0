"""Serves the inputs and results of jobs by presigned links, and makes those links."""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from safelight_mock.app.driver import run_until_response
from safelight_mock.app.fault_injection import HEADER, UNCHANGED, Decision, FaultInjection
from safelight_mock.app.file_uploads import FileUploads, trace_file
from safelight_mock.app.fixed_responses import fixed_response
from safelight_mock.app.response_finalizer import note
from safelight_mock.app.steps import Effects, Exchange, Inspect, at_once_or_in_a_thread
from safelight_mock.config.base_urls import BaseUrls
from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.core.job import Job, NotInspectedError
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.integrity import LostInputError
from safelight_mock.storage.transaction import Sandboxes, Transaction
from safelight_mock.wire import object_store
from safelight_mock.wire.listener import ServerAddress
from safelight_mock.wire.messages import RenderedFile, Request, Response
from safelight_mock.wire.presigned_links import PREFIX, FileName, LinkError, Presigner
from safelight_mock.wire.problem import Kind, Problem, VendorError
from safelight_mock.wire.recorded_files import content_of, file_of


class Links(msgspec.Struct, frozen=True):
    """Makes links to the files of a sandbox's jobs, for the client that made a request.

    `bases` are their base URLs, by how jobs store those of their submitters.
    """

    base_urls: BaseUrls
    address: ServerAddress
    presigner: Presigner
    request: Request
    sandbox: Sandbox
    bases: dict[str, str] = msgspec.field(default_factory=dict)

    def __call__(self, job: str, purpose: str, expires: int, /, *, method: str = "") -> str:
        """Return a link, as `Presign` has it."""
        known = self.sandbox.jobs.get(job)
        kept = known.origin if known else ""
        if kept not in self.bases:
            listener = self.address.listener
            self.bases[kept] = self.base_urls.files(self.sandbox.vendor, kept, self.request, listener)
        name = FileName(self.sandbox.vendor, self.sandbox.name, job, purpose)
        if known is not None and known.fault is not None:
            expires = known.fault.expiry(expires, self.sandbox.latest)
        return self.presigner.url(self.bases[kept], name, expires, method)


class FileHost(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The files of all jobs; `presigner` verifies links, `faults` are what goes wrong with requests."""

    served: Mapping[str, Service]
    sandboxes: Sandboxes
    engines: Engines
    presigner: Presigner
    blobs: BlobStore
    base_urls: BaseUrls
    address: ServerAddress
    faults: FaultInjection

    def exchange(self, request: Request) -> Exchange[Response]:
        """Send the file of a valid link, or receive one, unless a scenario injects a fault."""
        try:
            decision = yield from at_once_or_in_a_thread(partial(self._decide, request))
        except VendorError as refusal:
            note(request.trace, refusal)
            return object_store.failed(refusal)
        if decision.is_answered:
            return self.faults.sent(decision, request.trace, _fixed(decision, request))
        response = yield from self._carry_out(request)
        if decision.rule is not None and decision.rule.response is not None:
            response = _fixed(decision, request)
        return self.faults.sent(decision, request.trace, response)

    def _decide(self, request: Request, timeout: float) -> Decision:
        """Return the fault of a request for a file, stored if it counts; may raise VendorError."""
        store, real = self.sandboxes.store, request.at
        if request.is_continued:  # the fault was chosen when the response began
            return UNCHANGED
        try:
            name = FileName.from_path(request.path)
        except LinkError:
            return UNCHANGED
        about, is_on = store.about(name.sandbox), self.faults.is_always_on or HEADER in request.headers
        if about is None or not (is_on or about.has_scenarios):
            return UNCHANGED
        with Transaction(store, real, timeout=timeout) as transaction:
            copy = transaction.named(name.sandbox)
            job = None if copy is None else copy.jobs.get(name.job)
            if copy is None or job is None:
                return UNCHANGED
            trace_file(request, name, copy)
            decision = self.faults.decide_file(copy, job, name, request)
            if decision is not UNCHANGED and decision.matched != copy.matched:
                self.faults.note(decision, copy)
                transaction.commit()
            return decision

    def _carry_out(self, request: Request) -> Exchange[Response]:
        if self._uploads.takes(request):
            try:
                return (yield from self._uploads.exchange(request))
            except Problem as problem:
                return self.refuse(request, problem)
        if request.method not in ("GET", "HEAD"):
            return object_store.wrong_method()
        try:
            while True:
                try:
                    return (yield from at_once_or_in_a_thread(partial(self._looked_up, request)))
                except NotInspectedError as missing:
                    keys = missing.keys
                yield Inspect(keys)
        except Problem as problem:
            return self.refuse(request, problem)

    @cached_property
    def _uploads(self) -> FileUploads:
        return FileUploads(
            served=self.served,
            sandboxes=self.sandboxes,
            engines=self.engines,
            presigner=self.presigner,
            blobs=self.blobs,
        )

    def refuse(self, _: Request, refusal: Problem | VendorError) -> Response:
        """Return the error response of an object store."""
        if isinstance(refusal, Problem) and refusal.kind is Kind.BROKEN:
            return object_store.broken()
        return object_store.unavailable(str(refusal))

    def _looks_made_here(self, path: str, query: str) -> bool:
        """Return whether a URL has the form of our links, valid or not."""
        try:
            return FileName.from_path(path).vendor in self.served and "signature=" in query
        except LinkError:
            return False

    def open_link(self, path: str, query: str, effects: Effects) -> BinaryIO | int | None:
        """Open the file that a link of this server leads to, under whatever name the server is known.

        Of one that opens nothing any more, return the status it is answered with; of any other link, None.
        """
        below = PREFIX + path.partition(PREFIX)[2]
        request = Request(method="GET", path=below, query=query, at=effects.now())
        response = run_until_response(self.exchange(request), effects)
        if isinstance(response.content, RenderedFile):
            try:
                return effects.open(response.content)
            except LostInputError:
                return object_store.missing().status
        return response.status if self._looks_made_here(below, query) else None

    def _looked_up(self, request: Request, timeout: float) -> Response:
        """Return the response to a request; waits at most `timeout` seconds for its sandbox."""
        store, real = self.sandboxes.store, request.at
        try:
            name = FileName.from_path(request.path)
            with Transaction(store, real, is_reader=True, timeout=timeout) as transaction:
                return self._find(request, name, transaction.before(name.sandbox))
        except LinkError as error:
            note(request.trace, error)
            return object_store.denied(str(error))

    def _find(self, request: Request, name: FileName, sandbox: Sandbox | None) -> Response:
        now = request.at if sandbox is None else trace_file(request, name, sandbox)
        self.presigner.verify(name, request.query, now, request.method)
        job = sandbox.jobs.get(name.job) if sandbox else None
        if sandbox is None or job is None:
            return object_store.missing()
        engine = self.engines.open(sandbox, job.lifecycle, sandbox.latest)
        recorded = file_of(job, name.purpose)
        if recorded is not None:
            return object_store.stored(content_of(recorded), job.submitted)
        if job.fault is not None and job.fault.result and name.purpose.startswith("output"):
            return object_store.replaced(engine, job.id, job.fault)
        vendor = self.served[name.vendor].vendor
        if vendor.file is not None:
            return vendor.file(engine, self._prepared(request, sandbox, job), job.id, name.purpose)
        return object_store.find(engine, job.id, name.purpose, vendor.recipe)

    def _prepared(self, request: Request, sandbox: Sandbox, job: Job) -> Request:
        """Return a request as vendors' functions need one; its links are those of the job's submitter."""
        origin = self.base_urls.public_url or self.base_urls.of_job(job.origin, self.address.listener)
        links = Links(self.base_urls, self.address, self.presigner, request, sandbox)
        options = self.served[sandbox.vendor].options
        return replace(request, path="", origin=origin, options=options, presign=links)


def _fixed(decision: Decision, request: Request) -> Response:
    """Return the response of a rule instead of a file, in the format of an object store."""
    return fixed_response(decision.rule, object_store.failed, request.trace.now or request.at)
