"""JSONPaths of names and `[*]`, the subset of RFC 9535 that lists of jobs and of results need."""

import re
from collections.abc import Iterable
from functools import lru_cache

from safelight_lifecycle._pointers import JSON

_PATH = re.compile(r"\$(?:\.\w+|\[\*\])*")
_CACHED = 100  # parsed paths: a document has a few
_STEP = re.compile(r"\.(\w+)|\[\*\]")


@lru_cache(_CACHED)
def parse_path(path: str) -> tuple[str | None, ...]:
    """Return the steps of a path, None for `[*]`; raises ValueError for any other JSONPath."""
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is not a JSONPath of names and [*], such as $.items[*].url")
    return tuple(match[1] for match in _STEP.finditer(path))


def select_values(path: str, body: JSON) -> list[JSON]:
    """Return every value a path selects, in document order; raises ValueError for any other JSONPath."""
    selected = [body]
    for name in parse_path(path):
        selected = [child for value in selected for child in _children(value, name)]
    return selected


def _children(value: JSON, name: str | None) -> Iterable[JSON]:
    if name is None:
        return value if isinstance(value, list) else ()
    return (value[name],) if isinstance(value, dict) and name in value else ()
