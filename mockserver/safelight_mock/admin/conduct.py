"""Responds with the findings of `app.conduct` about a sandbox."""

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.conduct import findings
from safelight_mock.wire.messages import Response


def show(request: AdminRequest) -> Response:
    """Handle getConduct."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    sandbox.now(request.at)
    newest_first = (e for e in request.backend.request_log.entries() if e.sandbox == sandbox.name)
    found = findings(reversed([*newest_first]), sandbox, request.backend.served[sandbox.vendor])
    bodies = [{"kind": one.kind, "at": one.at, "job": one.job, "evidence": one.evidence} for one in found]
    return Response.json(200, {"findings": bodies})
