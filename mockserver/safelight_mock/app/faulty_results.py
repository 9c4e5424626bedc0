"""Changes responses about a job whose fault is a missing result, or another file as its result."""

from collections.abc import Mapping

from msgspec.structs import replace

from safelight_lifecycle import ExpressionSource
from safelight_mock.app.routes import Route
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.scenario import Role
from safelight_mock.wire.messages import JSON, RenderedFile, Response


def with_job_fault(fault: JobFault, route: Route, response: Response) -> Response:
    """Return a response about a job as its fault has it."""
    content = response.content
    if fault.result and isinstance(content, RenderedFile) and content.recipe is not None:
        name = fault.filename or content.filename
        return replace(response, content=RenderedFile(digest=fault.result, recipe=None, filename=name))
    if fault.without_result and route.role is Role.READ and response.value is not None:
        return _without_result(route, response)
    return response


def _without_result(route: Route, response: Response) -> Response:
    """Return the response of a read operation with null at each place of its result."""
    result = route.lifecycle.described.result
    value = response.value
    for place in () if result is None or result.operation else result.places:
        if place.part is ExpressionSource.BODY:
            value = without(value, place.pointer)
    return Response.json(response.status, value, response.headers)


def without(value: JSON, pointer: tuple[str, ...]) -> JSON:
    """Return a value with null at a place of it, if there is anything."""
    if not pointer:
        return None
    first, rest = pointer[0], pointer[1:]
    if isinstance(value, Mapping) and first in value:
        return {**value, first: without(value[first], rest)}
    if isinstance(value, list) and first.isdigit() and int(first) < len(value):
        return [without(item, rest) if n == int(first) else item for n, item in enumerate(value)]
    return value
