"""The path that a request with an unknown path most likely means."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

LONGEST = 500  # characters of a path that is compared
ALIKE = 0.7  # how similar a misspelled segment is at least, from 0 to 1


def nearest_path(path: str, known: Mapping[str, Sequence[str]]) -> str:
    """Return the path of a document that differs in one segment or lacks its beginning; empty without one.

    `known` are paths with their segments; a template such as `{id}` matches anything.
    """
    if len(path) > LONGEST:
        return ""
    segments = path.split("/")
    misspelled = (one for one, template in known.items() if _is_alike(segments, template))
    ends = (one for one in known if one.endswith(path))
    last = [one for one, template in known.items() if segments[-1] and template[-1] == segments[-1]]
    return next(misspelled, "") or next(ends, "") or (last[0] if len(last) == 1 else "")


def _is_alike(segments: Sequence[str], template: Sequence[str]) -> bool:
    """Return whether all segments but one are equal, and that one is similar."""
    if len(segments) != len(template):
        return False
    pairs = zip(segments, template, strict=True)
    other = [(one, wanted) for one, wanted in pairs if one != wanted and not wanted.startswith("{")]
    return len(other) == 1 and SequenceMatcher(None, *other[0]).ratio() >= ALIKE
