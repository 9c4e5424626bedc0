"""Telling whether the twin is well, and since when."""

from importlib.metadata import version

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.wire.messages import Response


def show(asked: AdminRequest) -> Response:
    """Answer showHealth: degraded is a twin that answers reads alone, for it can keep nothing."""
    backend = asked.backend
    told = {"version": version("safelight"), "uptime": max(0.0, asked.at - backend.request_log.since)}
    why = backend.sandboxes.store.fault() or backend.blobs.writing.fault()
    return Response.json(200, {"status": "degraded", "why": why, **told} if why else {"status": "ok", **told})
