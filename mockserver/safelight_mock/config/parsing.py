"""Reading what people write for lengths of time and addresses."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec

SHORT = re.compile(r"(\d+)([smhd])", re.ASCII)
ODD = frozenset(' "#<>?@\\^`{|}')  # neither in an address, nor where one ends and a query or a user begins


def duration(text: str) -> timedelta:
    """Read `24h`, `7d`, `90s`, `5m` or an ISO 8601 duration; raises ValueError."""
    short = SHORT.fullmatch(text)
    number, unit = short.groups() if short else ("", "")
    written = f"P{number}D" if unit == "d" else f"PT{number}{unit.upper()}" if unit else text
    try:
        return msgspec.convert(written, timedelta)
    except msgspec.ValidationError as error:
        raise ValueError(f"{text!r} is no length of time; write it as 24h, 7d or PT24H") from error


def check_address(url: str) -> None:
    """Raise ValueError unless paths can be put behind this http address."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or not url.isascii() or not url.isprintable() or ODD & set(url):
        raise ValueError(
            f"{url!r} is no address that links can begin with; write https://host or https://host/path"
        )
