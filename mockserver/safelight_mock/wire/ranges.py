"""Which part of a file a caller wants (RFC 9110, section 14): one range of bytes, or all of it."""

import re

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class UnsatisfiableError(Exception):
    """A range that begins past the end of the file."""


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
