"""ISO 8601 durations, the subset that lifecycles use: days, hours, minutes and seconds."""

import re

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_SECONDS = (86400, 3600, 60, 1)


def parse_duration(text: str) -> float:
    """Return a duration such as `PT1H` or `P7D` in seconds.

    Years, months, weeks and fractions are not supported. Raises ValueError for these and for any other text.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()) or text.endswith("T"):
        raise ValueError(
            f"{text!r} is not a duration of days, hours, minutes and seconds, such as PT1H or P7D"
        )
    return float(
        sum(int(count) * unit for count, unit in zip(match.groups(), _SECONDS, strict=True) if count)
    )
