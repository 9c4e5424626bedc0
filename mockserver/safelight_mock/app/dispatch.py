"""Routes a vendor's request to its handler; what has to happen before the answer is yielded, not done."""

from collections.abc import Callable, Generator, Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from safelight_mock.app.fault_injection import UNCHANGED
from safelight_mock.app.handling import RequestHandling
from safelight_mock.app.request_progress import RequestProgress
from safelight_mock.app.response_finalizer import ResponseFinalizer
from safelight_mock.app.routes import Routes
from safelight_mock.app.steps import (
    AdvanceClock,
    BlockingTask,
    Exchange,
    ExchangeStep,
    Inspect,
    Load,
    ReadBody,
)
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.storage.body_readers import Reader, reader_for
from safelight_mock.storage.port import NotStoredError
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import Sandboxes
from safelight_mock.wire.messages import BODIED, ReceivedFile, Request, Response
from safelight_mock.wire.problem import Problem, VendorError


class RequestRouter(msgspec.Struct, frozen=True, kw_only=True):
    """Brings requests to the handlers of vendors; `release` lets go of inputs loaded for one."""

    routes: Routes
    sandboxes: Sandboxes
    blobs: BlobStore
    handling: RequestHandling
    finalizer: ResponseFinalizer
    release: Callable[[Iterable[ReceivedFile]], None]
    now: Callable[[], float]

    def exchange(self, request: Request) -> Exchange[Response]:
        """Answer a request, routed, authenticated and parsed once.

        Uploaded and loaded files are kept meanwhile, and afterwards if jobs use them.
        """
        try:
            match = self.routes.match(request)
        except Problem as problem:
            return self.refuse(request, problem)
        route = match.route
        progress = RequestProgress(match=match, route=route, request=request)
        reader: Reader | None = None
        try:
            progress.key = route.authenticator.key_of(request)
            if request.method in BODIED and not request.body:
                operation, limit = route.operation, route.service.vendor.body_limit
                reader = reader_for(request, operation.media_type(request), operation, self.blobs, limit)
                yield ReadBody(reader)
                progress.request = replace(request, body=reader.finish(), at=self.now())
            outcome = self.handling.attempt(progress)
            while not isinstance(outcome, Response):
                outcome = yield from self._go_on(progress, outcome)
        except (Problem, VendorError) as refusal:
            self._locate(progress)
            outcome = self.finalizer.refuse(progress.request, refusal, route)
        finally:
            if reader is not None:
                reader.close()
            if progress.request.loaded:
                self.release(progress.request.loaded.values())
        if progress.decision is None or progress.decision is UNCHANGED:
            return outcome
        return self.handling.faults.sent(progress.decision, request.trace, outcome)

    def refuse(self, request: Request, problem: Problem | VendorError) -> Response:
        """Render a refusal of a request whose operation is not known."""
        return self.finalizer.refuse_unrouted(request, problem)

    def _locate(self, progress: RequestProgress) -> None:
        """Note the sandbox of a request that was refused with its body, and the time there."""
        trace = progress.request.trace
        if progress.key and not trace.sandbox:
            trace.sandbox = name_of(trace.vendor, progress.key)
            trace.now = self.sandboxes.time_of(trace.sandbox, progress.request.at)

    def _go_on(
        self, progress: RequestProgress, step: ExchangeStep
    ) -> Generator[ExchangeStep, Any, Response | ExchangeStep]:
        """Perform a step; return the response, or the next step."""
        try:
            result = yield step
        except NotStoredError:
            if not progress.may_go_on:
                raise
            result = ()
        except Problem:
            if progress.response is None:
                raise  # the server is being stopped: what is due is still due after a restart
            result = ()
        if progress.response is not None:
            return progress.response
        if isinstance(step, BlockingTask):
            finished: Response | ExchangeStep = result
            return finished
        if not isinstance(step, Inspect):  # which takes no time that a client may see
            progress.request = replace(progress.request, at=self.now())
        if isinstance(step, Load):
            progress.request = replace(progress.request, loaded={**progress.request.loaded, **result})
            failed = (file.error for file in result.values() if file.error)
            progress.request.trace.input_error = next(failed, "")
        if isinstance(step, AdvanceClock):
            progress.events = result
        return self.handling.attempt(progress)
