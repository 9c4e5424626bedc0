"""Conditional and range requests for files (RFC 9110, sections 13.2.2 and 14)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

NOT_MODIFIED, PRECONDITION_FAILED = 304, 412
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class UnsatisfiableError(Exception):
    """A range that begins past the end of the file."""


def conditional_status(fields: Mapping[str, str], etag: str, modified: datetime | None) -> int | None:
    """Return 304 or 412 if a precondition ends a GET or HEAD; None: send the file.

    A condition on a date counts only without one on the tag, and an invalid date is ignored (RFC 9110).
    """
    match, none = fields.get("if-match"), fields.get("if-none-match")
    if match is not None:
        if not (match.strip() == "*" or etag in _tags(match)):  # strong: a weak tag (W/) never matches
            return PRECONDITION_FAILED
    elif _is_after(modified, fields.get("if-unmodified-since", "")) is True:
        return PRECONDITION_FAILED
    if none is not None:
        weak = {tag.removeprefix("W/") for tag in _tags(none)}
        return NOT_MODIFIED if none.strip() == "*" or etag in weak else None
    return NOT_MODIFIED if _is_after(modified, fields.get("if-modified-since", "")) is False else None


def date(field: str) -> datetime | None:
    """Parse an HTTP date; None for an invalid one."""
    try:
        read = parsedate_to_datetime(field)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read  # the asctime format has no zone


def _is_after(modified: datetime | None, field: str) -> bool | None:
    """Return whether a file was modified after a date; None if one of the two is unknown."""
    since = date(field)
    return None if modified is None or since is None else modified > since


def _tags(field: str) -> set[str]:
    return {tag.strip() for tag in field.split(",")}


def requested_range(field: str, size: int) -> range | None:
    """Return the bytes of a Range header; None for the whole file, as for several or invalid ranges.

    Raises UnsatisfiableError.
    """
    match = ONE_RANGE.fullmatch(field.replace(" ", ""))
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
