"""Telling whether the twin is well, and since when."""

from importlib.metadata import version

from safelight_mock.admin.admin_request import Asked
from safelight_mock.wire.messages import Reply


def show(asked: Asked) -> Reply:
    """Answer showHealth: degraded is a twin that answers reads alone, for it can keep nothing."""
    backend = asked.backend
    told = {"version": version("safelight"), "uptime": max(0.0, asked.at - backend.request_log.since)}
    why = backend.sandboxes.store.fault() or backend.blobs.writing.fault()
    return Reply.json(200, {"status": "degraded", "why": why, **told} if why else {"status": "ok", **told})
