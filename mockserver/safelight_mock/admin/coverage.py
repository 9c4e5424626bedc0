"""Reports what clients covered of the APIs."""

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.wire.messages import Response


def show(request: AdminRequest) -> Response:
    """Handle getCoverage."""
    from safelight_mock.coverage.writing import (  # noqa: PLC0415 - it has all formats
        MEDIA_TYPES,
        CoverageFormat,
        rendered,
        whole,
    )

    report, form = request.backend.coverage(), CoverageFormat(request.parameters["format"])
    if form is CoverageFormat.JSON:
        return Response.json(200, whole(report))
    headers = {"content-type": f"{MEDIA_TYPES[form]}; charset=utf-8"}
    return Response(status=200, headers=headers, content=rendered(report, form).encode())
