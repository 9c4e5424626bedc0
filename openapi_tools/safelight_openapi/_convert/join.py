"""Joins the documents of one service.

The first is the base; paths, webhooks, tags and components of the others are added. Two documents may contain
the same thing; if they contradict each other, the join fails and an overlay has to decide.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from safelight_lifecycle import format_pointer
from safelight_openapi._errors import SpecError
from safelight_openapi._reading.documents import JSONValue

ADDED = ("paths", "webhooks", "components")
SAME = ("openapi", "servers", "security")
NAMED_DEPTH = 3  # tokens of a pointer to a named object: /components/schemas/Error, /paths/~1status/get


def join_documents(documents: Sequence[dict[str, JSONValue]]) -> dict[str, JSONValue]:
    """Return several documents as one.

    Raises SpecError with the location of each contradiction, and for a tag without a name.
    """
    joined, *others = documents
    for other in others:
        contradictions = list(_contradictions(joined, other))
        if contradictions:
            raise SpecError("join", contradictions)
        joined = _added(joined, other)
    return joined


def _added(joined: dict[str, JSONValue], other: dict[str, JSONValue]) -> dict[str, JSONValue]:
    parts = {part: _merged(joined.get(part), other[part]) for part in ADDED if part in other}
    known = _tags(joined)
    tags = [*known.values(), *(tag for name, tag in _tags(other).items() if name not in known)]
    return {**joined, **parts, **({"tags": tags} if tags else {})}


def _merged(ours: JSONValue, theirs: JSONValue) -> JSONValue:
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return theirs
    return {**ours, **{key: _merged(ours.get(key), value) for key, value in theirs.items()}}


def _contradictions(ours: dict[str, JSONValue], theirs: dict[str, JSONValue]) -> Iterator[str]:
    for part in SAME:
        yield from _differences(format_pointer((part,)), ours.get(part), theirs.get(part))
    for part in [part for part in ADDED if part in ours and part in theirs]:
        yield from _clashes(format_pointer((part,)), ours[part], theirs[part])
    known, added = _tags(ours), _tags(theirs)
    for name in [name for name in known if name in added]:
        yield from _differences(format_pointer(("tags", name)), known[name], added[name])


def _clashes(where: str, ours: JSONValue, theirs: JSONValue) -> Iterator[str]:
    """Like `_differences`, but above named objects a key that only one document has is simply added."""
    if where.count("/") == NAMED_DEPTH or not isinstance(ours, dict) or not isinstance(theirs, dict):
        yield from _differences(where, ours, theirs)
        return
    for key in [key for key in ours if key in theirs]:
        yield from _clashes(where + format_pointer((key,)), ours[key], theirs[key])


def _differences(where: str, ours: JSONValue, theirs: JSONValue) -> Iterator[str]:
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in dict.fromkeys([*ours, *theirs]):
            yield from _differences(where + format_pointer((key,)), ours.get(key), theirs.get(key))
    elif isinstance(ours, list) and isinstance(theirs, list):
        for index, (one, other) in enumerate(zip_longest(ours, theirs)):
            yield from _differences(where + format_pointer((index,)), one, other)
    else:
        yield f"{where}: two documents contradict each other: {_excerpt(ours)} and {_excerpt(theirs)}"


def _excerpt(value: JSONValue) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)[:60]


def _tags(document: dict[str, JSONValue]) -> dict[str, JSONValue]:
    tags = document.get("tags")
    entries = tags if isinstance(tags, list) else []
    if unnamed := [tag for tag in entries if not isinstance(tag, dict) or "name" not in tag]:
        raise SpecError("join", [f"/tags: a tag has no name: {unnamed[0]!r:.60}"])
    return {str(tag["name"]): tag for tag in entries if isinstance(tag, dict)}
