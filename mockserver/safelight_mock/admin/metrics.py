"""Telling figures to Prometheus, whose library is loaded by the first who asks for them."""

from safelight_mock.admin.admin_request import AdminRequest
from safelight_mock.wire.messages import Response


def show(asked: AdminRequest) -> Response:
    """Answer showMetrics."""
    from safelight_mock.admin.prometheus import MEDIA_TYPE, PrometheusCollector  # noqa: PLC0415 - it is large

    text = PrometheusCollector(asked.backend, asked.at).text()
    return Response(status=200, headers={"content-type": MEDIA_TYPE}, content=text)
