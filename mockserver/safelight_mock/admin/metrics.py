"""Telling figures to Prometheus, whose library is loaded by the first who asks for them."""

from safelight_mock.admin.admin_request import Asked
from safelight_mock.wire.messages import Reply


def show(asked: Asked) -> Reply:
    """Answer showMetrics."""
    from safelight_mock.admin.prometheus import MEDIA_TYPE, Figures  # noqa: PLC0415 - it is large

    text = Figures(asked.backend, asked.at).text()
    return Reply(status=200, headers={"content-type": MEDIA_TYPE}, content=text)
