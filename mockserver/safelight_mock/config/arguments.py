"""Checks of arguments from Python: each error names the argument, its value and what is allowed."""

import math
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

# The latest time of a clock, in Unix seconds: the year 5138. Jobs may end later, in a year of four digits.
LAST = 1e11
LAST_PORT = 65_535


def shown(value: object) -> str:
    """Return a value for an error: short ones as written in Python, others by their type."""
    return repr(value) if isinstance(value, str | int | float | Path | None) else f"a {type(value).__name__}"


def check_start(value: datetime) -> None:
    """Raise TypeError unless it is a datetime, ValueError without a time zone, before 1970 or after 5138."""
    check_type("start", value, datetime, "a time such as datetime(2026, 1, 1, tzinfo=UTC)")
    if value.tzinfo is None:
        raise ValueError(
            f"start must have a time zone, as 2026-01-01T00:00:00Z has, not {value.isoformat()!r}"
        )
    if not 0 <= value.timestamp() <= LAST:
        raise ValueError(f"start must lie between 1970 and 5138, not at {value.isoformat()!r}")


def check_type(name: str, value: object, kind: type | tuple[type, ...], allowed: str) -> None:
    """Raise TypeError unless a value is of a type, which `allowed` describes."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {allowed}, not {shown(value)}")


def check_list(name: str, value: object, of: str) -> None:
    """Raise TypeError for one text or path instead of a collection: it would be taken for its letters."""
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        raise TypeError(f"{name} must be a set or list of {of}, not {shown(value)}")


def check_number(name: str, value: object, *, is_whole: bool = False, may_be_zero: bool = False) -> None:
    """Raise TypeError for what is not a number, and ValueError for one that is infinite or too small."""
    allowed = f"a {'whole ' if is_whole else ''}number {'from' if may_be_zero else 'above'} zero"
    check_type(name, value, int if is_whole else (int, float), allowed)
    assert isinstance(value, int | float)  # noqa: S101 - for mypy
    if isinstance(value, bool) or not math.isfinite(value) or value < 0 or (value == 0 and not may_be_zero):
        raise ValueError(f"{name} must be {allowed}, not {value}")


def check_port(name: str, value: object) -> None:
    """Raise TypeError or ValueError for what is not the number of a port; 0 is any free one."""
    allowed = f"a port from 0 (any free one) to {LAST_PORT}"
    check_type(name, value, int, allowed)
    assert isinstance(value, int)  # noqa: S101 - for mypy
    if not 0 <= value <= LAST_PORT:
        raise ValueError(f"{name} must be {allowed}, not {value}")


def check_vendor(vendor: str, served: Collection[str]) -> None:
    """Raise TypeError for what is not a name, and ValueError for a vendor that is not served."""
    check_type("vendor", vendor, str, "the name of a vendor, such as topaz")
    if vendor not in served:
        raise ValueError(f"unknown vendor {vendor!r}; use one of {', '.join(served)}")


def check_sandbox(vendor: str, key: str, served: Collection[str]) -> None:
    """Raise ValueError for a vendor that is not served or an empty key, and TypeError for other types."""
    check_vendor(vendor, served)
    check_key("key", key)


def check_key(name: str, key: object) -> None:
    """Raise TypeError or ValueError for what is not an API key."""
    check_type(name, key, str, "an API key")
    if not key:
        raise ValueError(f"{name} must not be empty")


def check_callable(name: str, value: object, allowed: str) -> None:
    """Raise TypeError for what cannot be called; `allowed` describes the function."""
    if not callable(value):
        raise TypeError(f"{name} must be {allowed}, not {shown(value)}")


def check_advance(seconds: float, now: float) -> None:
    """Raise TypeError or ValueError unless a clock can be advanced by these seconds from `now`."""
    check_number("seconds", seconds, may_be_zero=True)
    if now + seconds > LAST:
        raise ValueError(f"the clock ends at {LAST:.0f}, in the year 5138; {now + seconds:.0f} is later")
