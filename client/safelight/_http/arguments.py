"""Checks of arguments: each error names the argument, its value and what is allowed."""

import math
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

ALIKE = 0.9  # how similar a misspelled name is at least, from 0 to 1


def check_type(name: str, value: object, kind: type | tuple[type, ...], allowed: str) -> None:
    """Raise TypeError unless a value is of a type, which `allowed` describes."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {allowed}, not {value!r}")


def check_seconds(name: str, value: object, *, is_endless: bool = False) -> None:
    """Raise TypeError or ValueError for what is not a number of seconds; `is_endless`: infinity is one."""
    allowed = f"a number of seconds, 0 or more{', or math.inf' if is_endless else ''}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be {allowed}, not {value!r}")
    if not value >= 0 or (math.isinf(value) and not is_endless):  # NaN is rejected, too
        raise ValueError(f"{name} must be {allowed}, not {value!r}")


def check_url(name: str, value: object, instead: str) -> None:
    """Raise TypeError or ValueError for what cannot be a URL, such as a path; `instead` says what to do."""
    check_type(name, value, str, "a URL")
    if not urlsplit(str(value)).scheme:
        raise ValueError(f"{name} must be a URL, not {value!r}; {instead}")


def check_names(values: Mapping[str, object], known: Mapping[str, object]) -> None:
    """Raise ValueError for a name that is almost a known one; others may be new to the service."""
    for name in values.keys() - known.keys():
        same = [one for one in known if _letters(one) == _letters(name)]
        near = same or _similar(name, known)
        if near:
            raise ValueError(f"unknown field {name!r}; did you mean {near[0]!r}?")


def _similar(name: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - only unknown names pay

    return get_close_matches(name, [*known], n=1, cutoff=ALIKE)


def _letters(name: str) -> str:
    return name.replace("_", "").lower()
