"""Takes the bytes that are sent to presigned links: as they are, or as the file of a form."""

from collections.abc import Mapping
from functools import partial

import msgspec

from safelight_mock.app.steps import Exchange, ReadBody, at_once_or_in_a_thread
from safelight_mock.config.engines import Engines
from safelight_mock.config.services import Service
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.body_readers import Reader, upload_reader
from safelight_mock.storage.transaction import Sandboxes, Transaction
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import Form, ReceivedFile, Request, Response
from safelight_mock.wire.presigned_links import FileName, LinkError, Presigner

METHODS = ("PUT", "POST")


def trace_file(request: Request, name: FileName, sandbox: Sandbox) -> float:
    """Record in the trace whose file is requested; return the time of that sandbox."""
    now = sandbox.now(request.at)
    if sandbox.vendor == name.vendor:
        trace = request.trace
        trace.vendor, trace.sandbox, trace.job, trace.now = name.vendor, name.sandbox, name.job, now
    return now


class FileUploads(msgspec.Struct, frozen=True, kw_only=True):
    """Stores files for the vendors that take them this way; `presigner` verifies links."""

    served: Mapping[str, Service]
    sandboxes: Sandboxes
    engines: Engines
    presigner: Presigner
    blobs: BlobStore

    def takes(self, request: Request) -> bool:
        """Whether a request may be one that sends a file, and its vendor takes files."""
        if request.method not in METHODS:
            return False
        try:
            service = self.served.get(FileName.from_path(request.path).vendor)
        except LinkError:
            return False
        return service is not None and service.vendor.receive is not None

    def exchange(self, request: Request) -> Exchange[Response]:
        """Take a file; raises Problem."""
        refused = yield from at_once_or_in_a_thread(partial(self._refusal, request))
        if refused is not None:
            return refused
        reader: Reader | None = None
        try:
            body = request.body
            if not body:
                reader = upload_reader(request, self.blobs)
                yield ReadBody(reader)
                body = reader.finish()
            file = next(iter(body.files.values()), None) if isinstance(body, Form) else None
            if file is None:
                return object_store.no_file()
            return (yield from at_once_or_in_a_thread(partial(self._stored, request, file)))
        finally:
            if reader is not None:
                reader.close()

    def _refusal(self, request: Request, timeout: float) -> Response | None:
        return self.sandboxes.read(
            lambda transaction: self._checked(request, self._sandbox(request, transaction)),
            request.at,
            timeout=timeout,
        )

    def _stored(self, request: Request, file: ReceivedFile, timeout: float) -> Response:
        def store(transaction: Transaction) -> Response:
            name = FileName.from_path(request.path)
            sandbox = transaction.named(name.sandbox)
            receive = self.served[name.vendor].vendor.receive
            if sandbox is None or receive is None or name.job not in sandbox.jobs:
                return object_store.missing()
            lifecycle = sandbox.jobs[name.job].lifecycle
            engine = self.engines.open(sandbox, lifecycle, sandbox.now(request.at))
            receive(engine, name.job, name.purpose, file)
            transaction.commit()
            return object_store.received(file.digest, is_form=request.method == "POST")

        return self.sandboxes.write(store, request.at, timeout=timeout)

    def _sandbox(self, request: Request, transaction: Transaction) -> Sandbox | None:
        try:
            return transaction.before(FileName.from_path(request.path).sandbox)
        except LinkError:
            return None

    def _checked(self, request: Request, sandbox: Sandbox | None) -> Response | None:
        """Return why a file is not taken; None for a valid link."""
        try:
            name = FileName.from_path(request.path)
            now = request.at if sandbox is None else trace_file(request, name, sandbox)
            self.presigner.verify(name, request.query, now, request.method, is_bound=True)
        except LinkError as error:
            return object_store.denied(str(error))
        return None if sandbox is not None and name.job in sandbox.jobs else object_store.missing()
