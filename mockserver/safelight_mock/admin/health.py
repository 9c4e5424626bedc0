"""Health of the server, for probes."""

from importlib.metadata import version

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.wire.messages import Response


def show(request: AdminRequest) -> Response:
    """Handle getHealth: degraded means that only reads are served, because changes cannot be stored."""
    backend = request.backend
    known = {"version": version("safelight"), "uptime": max(0.0, request.at - backend.request_log.since)}
    reason = backend.sandboxes.store.write_error() or backend.blobs.writing.write_error()
    state = {"status": "degraded", "reason": reason} if reason else {"status": "ok"}
    return Response.json(200, {**state, **known})
