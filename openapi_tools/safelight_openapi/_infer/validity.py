"""How long an address works, as descriptions say it."""

import re
from collections.abc import Iterable

from safelight_openapi._infer.facts import Draft, doubtful, sure

_UNITS = {"second": "PT{}S", "minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "week": "P{}W"}
_NUMBER = r"\**(\d+|an|one)\**(?:\s*(?:-|to)\s*\d+)?[\s-]+(second|minute|hour|day)s?"
_EXPIRES = (
    re.compile(rf"(?:expire|valid|available|accessible|works?|ttl|lifetime)[^.\n]{{0,60}}?{_NUMBER}"),
    re.compile(rf"deleted\s+(?:after\s+)?{_NUMBER}"),
)
_RENEWS = re.compile(r"(?:new|fresh)[^.\n]{0,40}?\b(?:url|link|address)s?")
_AGAIN = re.compile(r"again|generated|calling|fetch|request|refresh|read")
_TEMPORARY = re.compile(r"\btempora(?:l|ry|rily)\b|presigned|pre-signed|signed url")
_HOURS_OF_A_DAY = 24


def validity(texts: Iterable[str], operation_text: str) -> dict[str, Draft]:
    """Return `expires` and `renew` as far as these descriptions say them."""
    listed = [*texts, operation_text]
    match = next(
        (one for text in listed for pattern in _EXPIRES for one in [pattern.search(text)] if one), None
    )
    draft: dict[str, Draft] = {}
    if match:
        draft["expires"] = sure(
            _duration(match[1], match[2]), f"a description says: {' '.join(match[0].split())}"
        )
    elif any(_TEMPORARY.search(text) for text in listed[:-1]):
        draft["expires"] = doubtful("P1D", "the address is temporary, and a day is usual")
    if any(_RENEWS.search(text) and _AGAIN.search(text) for text in listed):
        draft["renew"] = sure(value=True, reason="a description says that another read gives a new address")
    return draft


def _duration(number: str, unit: str) -> str:
    count = int(number) if number.isdigit() else 1
    if unit == "hour" and count % _HOURS_OF_A_DAY == 0:
        return f"P{count // _HOURS_OF_A_DAY}D"
    return _UNITS[unit].format(count)
