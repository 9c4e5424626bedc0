"""The log of the server. Every message is masked and escaped, because it may contain text of requests."""

import logging
import sys
import traceback
from types import TracebackType

from safelight_mock.wire.redaction import masked
from safelight_mock.wire.trace import LONGEST

DEEPEST = 400  # lines of a traceback

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def escaped(text: str) -> str:
    r"""Return a text as one line without control sequences (log injection, terminal escapes).

    Control characters (C0, DEL, C1), line and paragraph separators, bidirectional controls and everything
    else that is not printable become backslash escapes, as in `\n`, `\x1b` and `\u202e`.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def legible(text: str) -> str:
    """Return a text for the log: secrets masked, escaped, at most LONGEST characters before escaping."""
    return escaped(masked(text)[:LONGEST])  # masked first: half of a secret would not be recognised


def clean(record: logging.LogRecord) -> bool:
    """Clean a record before handlers format it; messages in its traceback are text of requests too.

    It is a filter of the logger, so that no call can forget it. Cleaning twice changes nothing.
    """
    record.msg, record.args = legible(record.getMessage()), None
    if isinstance(record.exc_info, tuple) and record.exc_info[0] is not None:
        record.exc_text = _traceback(record.exc_info)  # formatters use it if it is set
    return True


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _traceback(error: ExcInfo) -> str:
    """Format a traceback; its lines are indented, so that no message can forge a line of the log."""
    lines = "".join(traceback.format_exception(*error)).split("\n")
    return "\n".join(f"    {legible(line)}" for line in lines[:DEEPEST] if line)


def log_to_stderr(level: int) -> None:
    """Write the server's log to stderr from a level on, for a command; that of libraries from ERROR on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(clean)  # messages of libraries contain text of requests too
    logging.basicConfig(level=logging.ERROR, format="%(message)s", handlers=[handler])
    log.setLevel(level)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # our own log has the errors of applications


log: logging.Logger = logging.getLogger("safelight_mock")
log.addFilter(clean)
