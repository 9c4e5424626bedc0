"""What a misspelled name or path most likely means, for errors."""

from collections.abc import Collection, Iterable, Mapping, Sequence

LONGEST = 500  # characters of a name or path that is compared
ALIKE = 0.7  # how similar a misspelled segment of a path is at least, from 0 to 1


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like another one; empty if none is."""
    from difflib import get_close_matches  # noqa: PLC0415 - the first error pays, not start-up

    near = get_close_matches(name, [*known], n=1) if len(name) <= LONGEST else []
    return near[0] if near else ""


def suggestion(name: str, known: Collection[str]) -> str:
    """Return what to write instead: the name that is most like it, or else all."""
    near = nearest_name(name, known)
    return f"did you mean {near!r}?" if near else f"use one of {', '.join(known)}"


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
    if len(other) != 1:
        return False
    from difflib import SequenceMatcher  # noqa: PLC0415 - as above

    return SequenceMatcher(None, *other[0]).ratio() >= ALIKE
