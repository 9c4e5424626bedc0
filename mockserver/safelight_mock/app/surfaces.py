"""The three things that a server answers for: vendors' APIs, files, the control plane."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from safelight_mock.app.outgoing_response import OutgoingResponse, ResponseWriter, SurfaceKind
from safelight_mock.app.response_finalizer import BROKEN
from safelight_mock.app.steps import Exchange
from safelight_mock.wire.cors import Cors
from safelight_mock.wire.listener import CONTROL
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.presigned_links import PREFIX
from safelight_mock.wire.problem import Problem, VendorError


class RequestSurface(Protocol):
    """What answers requests of one kind."""

    def exchange(self, request: Request) -> Exchange[Response]:
        """Answer a request; a refusal is a response."""

    def refuse(self, request: Request, refusal: Problem | VendorError) -> Response:
        """Render a refusal that no exchange has rendered."""


class Surfaces(msgspec.Struct, frozen=True, kw_only=True):
    """All that a server answers for; `control` is called when a request to the control plane comes.

    `writer` makes what is sent.
    """

    vendors: RequestSurface
    files: RequestSurface
    control: Callable[[], RequestSurface]
    cors: Cors
    writer: ResponseWriter

    def exchange(self, request: Request) -> Exchange[OutgoingResponse]:
        """Answer a request; return what is sent."""
        kind = _kind_of(request)
        response = yield from self.answer(request, kind)
        return (yield from self.writer.write(request, response, kind, self))

    def answer(self, request: Request, kind: SurfaceKind | None = None) -> Exchange[Response]:
        """Answer a request; a bug of this server is logged, and answered 500."""
        surface = self._surface(kind or _kind_of(request))
        try:
            preflight = self.cors.preflight(request) if request.method == "OPTIONS" else None
            return (yield from surface.exchange(request)) if preflight is None else preflight
        except Exception:
            log.exception("%s %s cannot be answered", request.method, request.path)
            return surface.refuse(request, BROKEN)

    def refuse(self, request: Request, refusal: Problem | VendorError) -> Response:
        """Render a refusal as what the request was for does."""
        return self._surface(_kind_of(request)).refuse(request, refusal)

    def _surface(self, kind: SurfaceKind) -> RequestSurface:
        if kind is SurfaceKind.FILE:
            return self.files
        return self.vendors if kind is SurfaceKind.VENDOR else self.control()


def _kind_of(request: Request) -> SurfaceKind:
    """Return what a request is for, by its path and the listener that it came to."""
    may_be_file = request.path.startswith(PREFIX) or not request.listener.api
    if may_be_file and request.listener.serves_files_at(request.path):
        return SurfaceKind.FILE
    return SurfaceKind.CONTROL if request.path.startswith(CONTROL) else SurfaceKind.VENDOR
