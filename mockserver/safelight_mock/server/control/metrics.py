"""Telling figures to Prometheus, whose library is loaded by the first who asks for them."""

from safelight_mock.server.control.asked import Asked
from safelight_mock.wire.call import Reply


def show(asked: Asked) -> Reply:
    """Answer showMetrics."""
    from safelight_mock.server.control.figures import MEDIA_TYPE, Figures  # noqa: PLC0415 - it is large

    text = Figures(asked.twin, asked.at).text()
    return Reply(status=200, headers={"content-type": MEDIA_TYPE}, content=text)
