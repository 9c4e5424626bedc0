"""Responds with the findings of `app.conduct` about a sandbox."""

from msgspec.structs import asdict

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.conduct import findings_of
from safelight_mock.wire.messages import Response


def show(request: AdminRequest) -> Response:
    """Handle getConduct."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    sandbox.now(request.at)
    found = findings_of(request.backend.request_log, sandbox, request.backend.served[sandbox.vendor])
    return Response.json(200, {"findings": list(map(asdict, found))})
