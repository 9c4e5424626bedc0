"""Metrics for Prometheus, whose library is imported on first use."""

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.wire.messages import Response


def show(request: AdminRequest) -> Response:
    """Handle getMetrics."""
    from safelight_mock.admin.prometheus import MEDIA_TYPE, PrometheusCollector  # noqa: PLC0415 - it is large

    text = PrometheusCollector(request.backend, request.at).text()
    return Response(status=200, headers={"content-type": MEDIA_TYPE}, content=text)
