"""Durations of ISO 8601, as far as lifecycles use them: days, hours, minutes and seconds."""

import re

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_SECONDS = (86400, 3600, 60, 1)


def parse_duration(text: str) -> float:
    """Return the seconds of a duration; raises ValueError for text of another form."""
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()) or text.endswith("T"):
        raise ValueError(f"{text!r} is not a duration such as PT1H or P7D")
    return float(
        sum(int(count) * unit for count, unit in zip(match.groups(), _SECONDS, strict=True) if count)
    )
