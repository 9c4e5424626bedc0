"""Lists what can be made to happen next to the jobs of a sandbox."""

import msgspec

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.app.next_steps import next_steps
from safelight_mock.wire.messages import Response


def show(request: AdminRequest) -> Response:
    """Handle listNextSteps."""
    sandbox = request.sandbox(request.parameters["sandbox"])
    now, engines = sandbox.now(request.at), request.backend.engines.each(sandbox)
    listed = next_steps(engines, request.parameters["job"], request.parameters["limit"])
    return Response.json(200, {"now": now, "clock": sandbox.clock.mode, "jobs": msgspec.to_builtins(listed)})
