"""How long a service asks to wait: `Retry-After` (RFC 9110, 10.2.3), as seconds or as a date."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite


def retry_after_seconds(status: int, headers: Mapping[str, str]) -> float:
    """Return the seconds to wait; 0 if the headers, by lower-case name, do not say.

    Only a 429 may have them in `RateLimit-Reset`.
    """
    text = headers.get("retry-after", "")
    if not text and status == HTTPStatus.TOO_MANY_REQUESTS:
        text = headers.get("ratelimit-reset", "")
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text, headers.get("date", ""))
    return max(seconds, 0.0) if isfinite(seconds) else 0.0


def _until(date: str, now: str) -> float:
    """Return the seconds until a date, on the service's own clock if its response has the time."""
    later = _parse(date)
    if later is None:
        return 0.0
    return (later - (_parse(now) or datetime.now(UTC))).total_seconds()


def _parse(date: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(date)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
