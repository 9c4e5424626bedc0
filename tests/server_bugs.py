"""Fails a test during which a mock server in this process met a bug of its own, whatever the test looked at.

A handler that raises and a response that violates its document are logged, and answered 500. A test that
wants that has the marker `internal_error`, and fails without one.
"""

import logging
from collections.abc import Iterator

import pytest

LOGGERS = ("safelight_mock", "uvicorn.error", "asyncio")
OF_DISKS = ("disk_full", "sqlite_store")  # modules that log errors of the machine
MARKER = "internal_error"


class Bugs(logging.Handler):
    """The errors that were logged and are bugs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.logged: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note an error."""
        if record.module not in OF_DISKS:
            self.logged.append(f"{record.getMessage()}\n{record.exc_text or record.exc_info or ''}")


def listen(name: str) -> logging.Logger:
    """Return a logger as it is at first, whatever commands and libraries of earlier tests made of it."""
    logger = logging.getLogger(name)
    logger.disabled = False
    if logger.level:
        logger.setLevel(logging.NOTSET)
    return logger


@pytest.fixture(autouse=True)
def server_bugs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail after a test in which a bug was logged, unless it is marked to have one."""
    if logging.root.manager.disable:
        logging.disable(logging.NOTSET)
    listen("uvicorn")  # commands set its level, and so that of its children
    bugs, loggers = Bugs(), [listen(name) for name in LOGGERS]
    for logger in loggers:
        logger.addHandler(bugs)
    yield
    for logger in loggers:
        logger.removeHandler(bugs)
    is_meant = request.node.get_closest_marker(MARKER) is not None
    if bugs.logged and not is_meant:
        pytest.fail("the mock server met a bug of its own:\n" + "\n".join(bugs.logged), pytrace=False)
    if is_meant and not bugs.logged:
        pytest.fail(f"no bug of the mock server was logged: remove the marker {MARKER}", pytrace=False)
