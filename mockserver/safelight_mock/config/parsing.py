"""Parses durations and base URLs, and names unknown settings."""

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec

from safelight_mock.wire.redaction import masked

SHORT = re.compile(r"(\d+)([smhd])", re.ASCII)
ODD = frozenset(
    ' "#<>?@\\^`{|}'
)  # not allowed in a URL (RFC 3986), or delimiters of user, query and fragment


def duration(text: str) -> timedelta:
    """Read `24h`, `7d`, `90s`, `5m` or an ISO 8601 duration; raises ValueError."""
    short = SHORT.fullmatch(text)
    number, unit = short.groups() if short else ("", "")
    written = f"P{number}D" if unit == "d" else f"PT{number}{unit.upper()}" if unit else text
    try:
        return msgspec.convert(written, timedelta)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"{text!r} is not a duration; use a number and a unit, such as 90s, 24h or 7d"
        ) from error


def check_address(url: str) -> None:
    """Raise ValueError for a URL that paths cannot be appended to."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or not url.isascii() or not url.isprintable() or ODD & set(url):
        raise ValueError(
            f"{masked(url)!r} is not a base URL; use https://host or https://host/path, with no user or query"
        )


def check_target(url: str) -> None:
    """Raise ValueError for a URL that webhooks cannot be sent to; it may have a query."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or "@" in parts.netloc or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"{masked(url)!r} is not the URL of a webhook; use https://host/path, with no user")


def unknown_setting(name: str, known: Iterable[str]) -> str:
    """Return the error for an unknown vendor's setting, with the most similar name if there is one."""
    from difflib import get_close_matches  # noqa: PLC0415 - the first error pays, not start-up

    similar = get_close_matches(name, known, n=1)
    hint = f"did you mean {similar[0]!r}? " if similar else ""
    return f"unknown setting {name!r}; {hint}`safelight-mock settings` lists all"
