"""The access log: one line for each request, with the reason if it was rejected."""

import asyncio
import sys
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

import msgspec

from safelight_lifecycle import value_at
from safelight_mock.wire.credential_leak import find_leak
from safelight_mock.wire.logs import legible
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.redaction import masked
from safelight_mock.wire.trace import LONGEST
from safelight_mock.wire.vendor import Vendor

PAUSE = 0.05  # seconds lines are buffered before they are written together
ERRORS = 400
OWN = "/message"  # JSON pointer to the message of our own errors and those of the file host
MOST_IGNORED = 5  # fields that a line names
LONGEST_NAME = 50  # characters of each
PATHS = 1_000  # quoted paths cached

Line = Callable[[Request, Response, int, Vendor | None], str]


def as_text(request: Request, response: Response, status: int, vendor: Vendor | None) -> str:
    """Format a request as text; `vendor` is None for a request to no vendor."""
    job, reason = _job(response, vendor), _reason(request, response, status, vendor)
    head = f"{_quoted(request.method)} {_quoted(request.path[:LONGEST])} {status}"
    line = f"{head}{f' job {job}' if job else ''}{f': {reason}' if reason else ''}"
    ignored, leak = _ignored(request), find_leak(request)
    named = f"; ignored: {', '.join(ignored)}" if ignored else ""
    return f"{line}{named}{f'; credential leak: {leak.what}' if leak else ''}"


def as_json(request: Request, response: Response, status: int, vendor: Vendor | None) -> str:
    """Format a request as a JSON object.

    It has the members `job`, `reason`, `ignored_fields` and `credential_leak` if there are any.

    `status` is the one that was sent; `vendor` is None for a request to no vendor.
    """
    line = {"method": _quoted(request.method), "path": _quoted(request.path[:LONGEST]), "status": status}
    optional: dict[str, str | list[str]] = {
        "job": _job(response, vendor),
        "reason": _reason(request, response, status, vendor),
        "ignored_fields": _ignored(request),
    }
    leak = find_leak(request)
    if leak is not None:
        optional["credential_leak"] = leak.what
    line |= {name: value for name, value in optional.items() if value}
    return msgspec.json.encode(line).decode()


@lru_cache(PATHS)
def _quoted(path: str) -> str:
    """Percent-encode a path or a method, so that it cannot begin another line (log injection)."""
    return quote(path)


def _job(response: Response, vendor: Vendor | None) -> str:
    """Return the job id in the vendor's header, or an empty text."""
    return response.headers.get(vendor.job_header, "") if vendor else ""


def _reason(request: Request, response: Response, status: int, vendor: Vendor | None) -> str:
    """Return the message of an error response, and what it does not say, from the request log.

    Both are escaped: they may repeat text of the request.
    """
    if status < ERRORS:
        return ""
    pointers = (*(vendor.errors.message_at if vendor else ()), OWN)
    texts = (value_at(pointer, response.value) for pointer in pointers)
    message = next((text for text in texts if isinstance(text, str)), "")
    why = masked(request.trace.reason)
    if not message or why in message:
        return legible(message or why)
    return legible(f"{message.removesuffix('.')}; {why}")


def _ignored(request: Request) -> list[str]:
    """Return the names of the first fields that had no effect, escaped."""
    return [legible(field.name[:LONGEST_NAME]) for field in request.trace.ignored_fields[:MOST_IGNORED]]


class AccessLog:
    """Writes lines to stderr, many at a time: one write each would take a tenth of the time of a poll."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lines: list[str] = []

    def note(self, request: Request, response: Response, status: int, vendor: Vendor | None) -> None:
        """Buffer the line of a request; `status` may differ from that of the response (206, 304)."""
        if not self._lines:
            asyncio.get_running_loop().call_later(PAUSE, self.flush)
        self._lines.append(self._line(request, response, status, vendor))

    def flush(self) -> None:
        """Write the buffered lines."""
        if self._lines:
            sys.stderr.write("\n".join([*self._lines, ""]))
            sys.stderr.flush()
        self._lines.clear()
