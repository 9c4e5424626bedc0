"""The log of the server, in which every text is masked and escaped, for much of it comes from outside."""

import logging
import traceback
from types import TracebackType

from safelight_mock.wire.redaction import masked
from safelight_mock.wire.trace import LONGEST

DEEPEST = 400  # lines of a traceback

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def escaped(text: str) -> str:
    r"""Return a text as one line without anything that a terminal or a reader of lines obeys.

    Control characters (C0, DEL, C1), line and paragraph separators, bidirectional controls and everything
    else that is not printable become backslash escapes, as in `\n`, `\x1b` and `\u202e`.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def legible(text: str) -> str:
    """Return a text as it may be logged: without what opens something, escaped, and not longer than that."""
    return escaped(masked(text)[:LONGEST])  # masked first: half of a password is not recognised as one


def clean(record: logging.LogRecord) -> bool:
    """Clean a record before any handler formats it; the messages in its traceback are text from outside too.

    It is a filter, so that a call of the log cannot forget it. Cleaning twice changes nothing.
    """
    record.msg, record.args = legible(record.getMessage()), None
    if isinstance(record.exc_info, tuple) and record.exc_info[0] is not None:
        record.exc_text = _traceback(record.exc_info)  # which formatters take for the one they would make
    return True


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def _traceback(error: ExcInfo) -> str:
    """Format a traceback; its lines are indented, so that no message in it can begin a line of the log."""
    lines = "".join(traceback.format_exception(*error)).split("\n")
    return "\n".join(f"    {legible(line)}" for line in lines[:DEEPEST] if line)


log: logging.Logger = logging.getLogger("safelight_mock")
log.addFilter(clean)
