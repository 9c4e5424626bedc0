"""ISO 8601 durations, the subset that lifecycles use: days, hours, minutes and seconds."""

import re

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_SPOKEN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_SECONDS = (86400, 3600, 60, 1)


def parse_duration(text: str) -> float:
    """Return a duration such as `PT1H`, `P7D` or `PT0.1S` in seconds.

    Years, months, weeks and fractions of other units than seconds are not supported. Raises ValueError for
    these and for any other text.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()) or text.endswith("T"):
        raise ValueError(
            f"{text!r} is not a duration of days, hours, minutes and seconds, such as PT1H or P7D"
        )
    return _seconds(match)


def parse_seconds(value: object) -> float | None:
    """Return the seconds of a value in a request: a number, `30`, `1h30m` or a duration; None for others."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    match = _DURATION.fullmatch(text) or _SPOKEN.fullmatch(text)
    if match is not None and any(match.groups()):
        return _seconds(match)
    is_number = re.fullmatch(r"\d{1,12}(?:\.\d{1,12})?", text)  # neither `inf` nor `1e999`
    return float(text) if is_number else None


def _seconds(match: re.Match[str]) -> float:
    return sum(float(count) * unit for count, unit in zip(match.groups(), _SECONDS, strict=True) if count)
