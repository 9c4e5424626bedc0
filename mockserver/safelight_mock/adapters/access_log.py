"""One line for each call: what it was, how it was answered and, when it was refused, why."""

import asyncio
import sys
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

import msgspec

from safelight_lifecycle import value_at
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.credential_leak import find_leak
from safelight_mock.wire.logs import legible
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.trace import LONGEST

PAUSE = 0.05  # seconds lines are gathered before they are written together
ERRORS = 400
OWN = "/message"  # where the twin's own refusals have their sentence, and those of the file host
PATHS = 1_000  # remembered as they are written

Line = Callable[[Request, Response, int], str]


def as_text(request: Request, response: Response, status: int) -> str:
    """Tell a call in words."""
    job, why, wrong = _job(request, response), _why(request, response, status), find_leak(request)
    head = f"{_quoted(request.method)} {_quoted(request.path[:LONGEST])} {status}"
    line = f"{head}{f' job {job}' if job else ''}{f': {why}' if why else ''}"
    return f"{line}; credential leak: {wrong.what}" if wrong else line


def as_json(request: Request, response: Response, status: int) -> str:
    """Tell a call as a JSON object."""
    told = {"method": _quoted(request.method), "path": _quoted(request.path[:LONGEST]), "status": status}
    asides = {"job": _job(request, response), "reason": _why(request, response, status)}
    wrong = find_leak(request)
    if wrong is not None:
        asides["credential_leak"] = wrong.what
    told |= {name: aside for name, aside in asides.items() if aside}
    return msgspec.json.encode(told).decode()


@lru_cache(PATHS)
def _quoted(path: str) -> str:
    """Write a path, or a method, so that it stays one line."""
    return quote(path)


def _job(request: Request, response: Response) -> str:
    """Return the id of the job that a vendor's header names; empty, if there is none."""
    vendor = VENDORS.get(request.trace.vendor)
    return response.headers.get(vendor.job_header, "") if vendor else ""


def _why(request: Request, response: Response, status: int) -> str:
    """Return what a refusal says, as it may be logged: the words may be the caller's."""
    if status < ERRORS:
        return ""
    vendor = VENDORS.get(request.trace.vendor)
    pointers = (*(vendor.errors.message_at if vendor else ()), OWN)
    said = (value_at(pointer, response.value) for pointer in pointers)
    return legible(next((text for text in said if isinstance(text, str)), ""))


class AccessLog:
    """Writes lines to stderr, many at a time: a write for each would cost a tenth of a busy twin's speed."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lines: list[str] = []

    def note(self, request: Request, response: Response, status: int) -> None:
        """Take a call down, and the status it was answered with in the end."""
        if not self._lines:
            asyncio.get_running_loop().call_later(PAUSE, self.flush)
        self._lines.append(self._line(request, response, status))

    def flush(self) -> None:
        """Write what was taken down."""
        if self._lines:
            sys.stderr.write("\n".join([*self._lines, ""]))
            sys.stderr.flush()
        self._lines.clear()
