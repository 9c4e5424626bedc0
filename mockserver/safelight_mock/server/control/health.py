"""Telling that the twin is well, and since when."""

from importlib.metadata import version

from safelight_mock.server.control.asked import Asked
from safelight_mock.wire.call import Reply


def show(asked: Asked) -> Reply:
    """Answer showHealth: whoever is answered at all knows the most important of it."""
    up = max(0.0, asked.at - asked.twin.journal.since)
    return Reply.json(200, {"status": "ok", "version": version("safelight"), "uptime": up})
