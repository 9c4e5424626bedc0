"""How far a job is, and when it is expected to end."""

import re
from collections.abc import Iterator

from safelight_openapi._infer.facts import Draft, doubtful, sure
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.reads import Read, example_bodies, value_below
from safelight_openapi._infer.schemas import ITEM, NEAR, Place

_PROGRESS = frozenset(
    {
        "progress",
        "percent",
        "percentage",
        "percentcomplete",
        "percentcompleted",
        "progresspercent",
        "completion",
    }
    | {"progresspercentage", "percentagecomplete", "completedpercent", "completionpercentage", "percentdone"}
)
_ETA = frozenset(
    {
        "eta",
        "estimatedfinish",
        "estimatedcompletion",
        "estimatedcompletiontime",
        "expectedfinish",
        "estimatedend",
    }
    | {
        "estimatedcompletionat",
        "estimatedfinishat",
        "expectedcompletion",
        "etatimestamp",
        "estimatedfinishtime",
    }
)
_FRACTION = re.compile(r"\b0(?:\.0)?\s*(?:to|and|-|\u2013)\s*1(?:\.0)?\b(?!\d)|fraction|\[0, ?1\]")


def progress_of(read: Read) -> dict[str, Draft]:
    """Return `progress`, `progress_max` and `eta` as far as the response of the read has them."""
    draft: dict[str, Draft] = {}
    for place in _named(read, _PROGRESS):
        if place.types <= {"number", "integer"}:
            draft["progress"] = sure(place.expression, f"{place.name} is a usual name for it")
            draft |= dict(_maximum(place, read))
            break
    for place in _named(read, _ETA):
        if place.types <= {"number", "integer", "string"}:
            draft["eta"] = sure(place.expression, f"{place.name} is a usual name for it")
            break
    return draft


def _named(read: Read, names: frozenset[str]) -> Iterator[Place]:
    for place in read.operation.places:
        inner = place.tokens[read.job.depth :]
        is_own = (
            place.tokens[: read.job.depth] == read.job.tokens and ITEM not in inner and len(inner) <= NEAR
        )
        if is_own and "".join(parts(place.name)) in names:
            yield place


def _maximum(place: Place, read: Read) -> Iterator[tuple[str, Draft]]:
    if "percent" in place.name.lower() or re.search(r"percent|%|100", place.text + " " + _row(place, read)):
        return
    if any(value in (1, 1.0) for value in place.values("maximum")) or _FRACTION.search(place.text):
        yield "progress_max", sure(1, "the document says that it is a fraction")
        return
    if any(value not in (1, 1.0) for value in place.values("maximum")):
        return
    shown = [value_below(body, place.tokens) for body in example_bodies(read.operation)]
    if any(isinstance(value, float) and 0 < value < 1 for value in shown):
        yield "progress_max", sure(1, "an example has a fraction")
    elif "number" in place.types and "integer" not in place.types:
        yield "progress_max", doubtful(1, "it is a number, no integer, and nothing says that it is per cent")


def _row(place: Place, read: Read) -> str:
    """Return the line of the operation's description that has the name."""
    lines = [line for line in read.operation.text.splitlines() if place.name.lower() in line]
    return " ".join(lines)
