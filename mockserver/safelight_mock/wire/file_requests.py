"""Whether a client wants a file that it may have, and which part of it (RFC 9110, sections 13.2.2 and 14)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

NOT_MODIFIED, PRECONDITION_FAILED = 304, 412
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class UnsatisfiableError(Exception):
    """A range that begins past the end of the file."""


def ends_with(fields: Mapping[str, str], etag: str, modified: datetime | None) -> int | None:
    """Return the status with which a GET or HEAD ends instead of sending the file; None when it is sent.

    A condition on a date counts only where there is none on the tag, a date that cannot be read not at all.
    """
    match, none = fields.get("if-match"), fields.get("if-none-match")
    if match is not None:
        if not (match.strip() == "*" or etag in _tags(match)):  # the strong comparison: W/ equals nothing
            return PRECONDITION_FAILED
    elif _is_after(modified, fields.get("if-unmodified-since", "")) is True:
        return PRECONDITION_FAILED
    if none is not None:
        weak = {tag.removeprefix("W/") for tag in _tags(none)}
        return NOT_MODIFIED if none.strip() == "*" or etag in weak else None
    return NOT_MODIFIED if _is_after(modified, fields.get("if-modified-since", "")) is False else None


def date(field: str) -> datetime | None:
    """Read an HTTP date; None for what is none."""
    try:
        read = parsedate_to_datetime(field)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read  # asctime's form has no zone


def _is_after(modified: datetime | None, field: str) -> bool | None:
    """Return whether a file was modified after a date; None when one of the two is not known."""
    since = date(field)
    return None if modified is None or since is None else modified > since


def _tags(field: str) -> set[str]:
    return {tag.strip() for tag in field.split(",")}


def part(wanted: str, size: int) -> range | None:
    """Return the bytes a Range header asks for; None for all, also when it asks for what is not understood.

    Raises UnsatisfiableError.
    """
    match = ONE_RANGE.fullmatch(wanted.replace(" ", ""))
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if first and last and int(last) < int(first):
        return None
    if start >= size:
        raise UnsatisfiableError
    return range(start, end + 1)
