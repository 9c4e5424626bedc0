"""The file host: links to the inputs and results of jobs, and what is at them."""

from hashlib import blake2b
from typing import TYPE_CHECKING

from safelight_mock.app.response_finalizer import note
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import Call, Presign, Reply
from safelight_mock.wire.presigned_links import FileName, LinkError, Presigner

if TYPE_CHECKING:
    from safelight_mock.app.twin import Twin


class FileHost:
    """The files of one twin; links follow from its seed."""

    def __init__(self, twin: "Twin", seed: str) -> None:
        self._twin = twin
        self._presigner = Presigner(blake2b(seed.encode(), person=b"links").digest())

    def presign(self, call: Call, sandbox: Sandbox) -> Presign:
        """Return what makes links to the files of a sandbox's jobs."""

        def presign(job: str, purpose: str, expires: int, /, *, method: str = "") -> str:
            known, twin = sandbox.jobs.get(job), self._twin
            base = twin.base_urls.files(sandbox.vendor, known.origin if known else "", call, twin.entrance)
            name = FileName(sandbox.vendor, sandbox.name, job, purpose)
            return self._presigner.url(base, name, expires, method)

        return presign

    def answer(self, call: Call) -> Reply:
        """Answer a call with a file, if its link is good; raises UnjudgedError."""
        if call.method not in ("GET", "HEAD"):
            return object_store.wrong_method()
        try:
            name = FileName.from_path(call.path)
            sandbox = self._twin.crowd.named(name.sandbox)
            _trace(call, name, sandbox)
            now = sandbox.now(call.at) if sandbox else call.at
            self._presigner.verify(name, call.query, now, call.method)
        except LinkError as error:
            note(call.trace, error)
            return object_store.denied(str(error))
        job = sandbox.jobs.get(name.job) if sandbox else None
        if sandbox is None or job is None:
            return object_store.missing()
        engine = self._twin.engine(sandbox, job.lifecycle, call.at)
        return object_store.find(engine, job.id, name.purpose, self._twin.served[name.vendor].vendor.recipe)

    def looks_made_here(self, path: str, query: str) -> bool:
        """Tell whether a link has the form of those made here, good or not."""
        try:
            return FileName.from_path(path).vendor in self._twin.served and "signature=" in query
        except LinkError:
            return False


def _trace(call: Call, name: FileName, sandbox: Sandbox | None) -> None:
    """Note whose file a call is for, if there is somebody of that name."""
    if sandbox is not None and sandbox.vendor == name.vendor:
        call.trace.vendor, call.trace.sandbox, call.trace.job = name.vendor, name.sandbox, name.job
        call.trace.now = sandbox.now(call.at)
