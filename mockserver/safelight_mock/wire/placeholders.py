"""Placeholders in recorded JSON and headers: what differs each time, such as ids, links and times.

    ${job}           the job's id; `${job int}` as a number
    ${file NAME}     a link to one of its files
    ${api}           the base URL of the API
    ${time 1.5}      the time so many seconds after the submission, without its zone: 2026-01-01T00:00:01;
                     `${time.3 1.5}` with so many digits of a second
    ${unix 1.5}      the same in whole seconds since 1970; `${unix_ms 1.5}` in milliseconds
    ${own}           what the mock server itself has there

A value of only `${own}`, `${job int}`, `${unix …}` or `${unix_ms …}` has that type. A text `${` is `$${`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from safelight_mock.wire.messages import JSON

MARK = re.compile(r"\$\$\{|\$\{([^{}]*)\}")
NUMBER = r"-?\d{1,9}(?:\.\d{1,6})?"
KNOWN = re.compile(
    rf"own|api|(?P<job>job(?P<int> int)?)|file (?P<file>\S+)"
    rf"|time(?:\.(?P<digits>[1-6]))? (?P<time>{NUMBER})|(?P<scale>unix|unix_ms) (?P<unix>{NUMBER})"
)


class Filling(NamedTuple):
    """What placeholders are replaced by: a job's id, when it was submitted, links by name of the file."""

    job: str
    submitted: float
    api: str
    link: Callable[[str], str]


def problems(value: JSON, files: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the placeholders in a value, of a job with these files."""
    if isinstance(value, str):
        for match in MARK.finditer(value):
            known = KNOWN.fullmatch(match[1]) if match[1] is not None else True
            if known is None:
                yield f"unknown placeholder {match[0][:80]!r}; write '$${{' for the text '${{'"
            elif isinstance(known, re.Match) and known["file"] and known["file"] not in files:
                yield f"{match[0][:80]!r} names none of the job's files"
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner:
        yield from problems(one, files)


def filled(value: JSON, filling: Filling, own: JSON = None) -> JSON:
    """Return a value with its placeholders replaced; `own` is what the mock server has in its place."""
    if isinstance(value, Mapping):
        return {name: filled(one, filling, _member(own, name)) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, filling, _member(own, number)) for number, one in enumerate(value)]
    if not isinstance(value, str) or "${" not in value:
        return value
    whole = MARK.fullmatch(value)
    if whole is not None:
        return _replacement(whole, filling, own)
    return MARK.sub(lambda match: str(_replacement(match, filling, "")), value)


def _member(own: JSON, name: str | int) -> JSON:
    if isinstance(own, Mapping):
        return own.get(name)
    return own[name] if isinstance(own, list) and isinstance(name, int) and name < len(own) else None


def _replacement(match: re.Match[str], filling: Filling, own: JSON) -> JSON:
    known = KNOWN.fullmatch(match[1]) if match[1] is not None else None
    if known is None:
        return "${"
    if known["job"]:
        return int(filling.job) if known["int"] and filling.job.isdecimal() else filling.job
    if known["file"]:
        return filling.link(known["file"])
    if known["unix"]:
        at = filling.submitted + float(known["unix"])
        return int(at * 1000) if known["scale"] == "unix_ms" else int(at)
    if known["time"]:
        return _time(filling.submitted + float(known["time"]), int(known["digits"] or 0))
    return filling.api if match[1] == "api" else own


def _time(at: float, digits: int) -> str:
    text = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text[: len(text) - 6 + digits] if digits else text.partition(".")[0]
