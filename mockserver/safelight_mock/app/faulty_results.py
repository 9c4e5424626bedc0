"""Changes responses about a job whose fault is a missing result, or another file as its result."""

from msgspec.structs import replace

from safelight_mock.app.routes import Route
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.scenario import Role
from safelight_mock.wire.messages import RenderedFile, Response
from safelight_mock.wire.missing_results import without_outputs


def with_job_fault(fault: JobFault, route: Route, response: Response) -> Response:
    """Return a response about a job as its fault has it."""
    content = response.content
    if fault.result and isinstance(content, RenderedFile) and content.recipe is not None:
        name = fault.filename or content.filename
        return replace(response, content=RenderedFile(digest=fault.result, recipe=None, filename=name))
    if fault.without_result and route.role is Role.READ and response.value is not None:
        return Response.json(response.status, without_outputs(response.value), response.headers)
    return response
