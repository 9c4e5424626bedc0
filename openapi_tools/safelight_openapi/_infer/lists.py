"""The operation that lists jobs, and how it is paged."""

import re
from collections.abc import Iterator, Mapping, Sequence

from safelight_openapi._infer.facts import Draft, doubtful, sure
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView, singular
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import FAR, ITEM, NEAR, Place, same_schemas
from safelight_openapi._infer.states import Vocabulary
from safelight_openapi._structure.operations import as_mapping
from safelight_openapi._structure.references import Node

_LIMITS = (
    "limit",
    "page_size",
    "pagesize",
    "per_page",
    "perpage",
    "max_results",
    "maxresults",
    "count",
    "size",
)
_POSITIONS = {
    "offset": ("offset", "skip", "start", "start_index"),
    "cursor": (
        "cursor",
        "page_token",
        "pagetoken",
        "next_token",
        "nexttoken",
        "nexttoken",
        "continuation_token",
        "next_cursor",
    ),
    "after": ("after", "after_id", "starting_after", "before_id", "last_id"),
}
_NEXT = (
    "next",
    "next_cursor",
    "nextcursor",
    "next_page_token",
    "nextpagetoken",
    "next_token",
    "next_url",
    "nextlink",
)
_MORE = ("has_more", "hasmore", "more", "has_next", "hasnext")
_PER_PAGE = re.compile(r"(\d+) (?:records|items|results|entries|jobs|\w+s) per page")
_REPORTS = (  # of an entry, and what the server writes there
    (re.compile(r"(?:created|submitted|requested)(?:_?(?:at|on|time|ts|date))?"), "submitted"),
    (re.compile(r"started(?:_?(?:at|on|time|ts|date))?"), "started"),
    (re.compile(r"(?:completed|finished|ended)(?:_?(?:at|on|time|ts|date))?"), "ended"),
    (re.compile(r"(?:last_?)?(?:updated|modified|event)(?:_?(?:at|on|time|ts|date))?"), "updated"),
    (re.compile(r"resource_?url|self|href"), "url"),
)


def list_of(
    read: Read, reads: Sequence[Read], operations: Sequence[OperationView], words: Vocabulary
) -> dict[str, Draft] | None:
    """Return `list`, or None if no operation lists jobs.

    An operation below the collection of another read belongs to that one.
    """
    others = {one.base for one in reads if one.base != read.base}
    candidates = [
        (_rank(operation, entry, read), operation, entry)
        for operation in operations
        if operation.method == "get" and operation.name != read.operation.name
        for entry in [_entry(operation, read)]
        if entry
        and not _takes_id(operation, read)
        and not _is_of_another(operation, read)
        and not any(_is_in(operation.path, base) for base in others)
    ]
    if not candidates or max(one[0] for one in candidates) < 0:
        return None
    rank, operation, entry = max(candidates, key=lambda one: one[0])
    is_sure = rank > 1
    reason = f"the response of {operation.name} has a list of what {read.operation.name} reads"
    make = sure if is_sure else doubtful
    draft: dict[str, Draft] = {
        "operation": make(operation.name, reason),
        "each": make(entry.query, reason),
    }
    if read.job.tokens and ITEM not in read.job.tokens:
        draft["like"] = make(read.job.expression, "an entry is as that part of the response of the read")
    reports = dict(_reports(entry, operation, read, words))
    paging = _paging(operation, entry)
    filters = {
        name: sure("state", "it has the name of the state")
        for name in operation.named("query")
        if name == read.state.name
    }
    return (
        draft
        | ({"reports": reports} if reports else {})
        | ({"paging": paging} if paging else {})
        | ({"filter": filters} if filters else {})
    )


def _is_in(path: str, collection: str) -> bool:
    return f"{path}/".startswith(f"{collection}/")


def _takes_id(operation: OperationView, read: Read) -> bool:
    return operation.path.startswith(f"{read.base}/{{") or read.parameter in operation.named("query")


def _is_of_another(operation: OperationView, read: Read) -> bool:
    """Whether a list outside the collection of the read needs the id of something else, in its query."""
    needed = {name for name, node in operation.named("query").items() if node.get("required")}
    others = needed - read.operation.named("query").keys()
    return operation.path != read.base and any(parts(name)[-1:] == ("id",) for name in others)


def _rank(operation: OperationView, entry: Place, read: Read) -> int:
    is_same = same_schemas(entry.schemas, read.job.schemas)
    is_item = operation.path.endswith("}") and not operation.path.startswith(f"{read.base}/")
    if operation.query != read.operation.query or (is_item and not is_same):
        return -1
    if operation.path == read.base:
        return 4
    near = operation.path.startswith(read.base + "/") or operation.path.startswith(
        read.base.rpartition("/")[0] + "/"
    )
    if is_same:
        return 3 if near else 2
    if near and operation.path.startswith(read.base):
        return 2
    is_named = not {singular(one) for one in operation.words}.isdisjoint(parts(read.noun))
    return 1 if near and is_named else -1


def _entry(operation: OperationView, read: Read) -> Place | None:
    """Return the entries of the list in a response: those with the same schema, or with the same words."""
    entries = [
        place for place in operation.places if place.tokens[-1] == ITEM and ITEM not in place.tokens[:-1]
    ]
    for entry in entries:
        if same_schemas(entry.schemas, read.job.schemas):
            return entry
    for entry in entries:
        members = operation.reader.members(entry)
        states = [
            one for one in members.values() if one.name == read.state.name and one.types <= read.state.types
        ]
        if any(set(one.words) <= set(read.words) or set(read.words) <= set(one.words) for one in states):
            return entry
    return None


def _paging(operation: OperationView, entry: Place) -> dict[str, Draft] | None:
    query = operation.named("query")
    by, at = next(_positions(query), (None, None))
    if by is None or at is None or (by != "offset" and entry.tokens == (ITEM,)):
        return None
    why = f"it takes {at}"
    draft: dict[str, Draft] = {"by": sure(by, why), "at": sure(at, why)}
    limit = next((name for name in query if name.lower() in _LIMITS), None)
    if limit:
        draft["limit"] = sure(limit, f"it takes {limit}")
    default = as_mapping(query[limit].get("schema")).get("default") if limit else None
    in_text = _PER_PAGE.search(operation.text)
    if isinstance(default, int):
        draft["default"] = sure(default, f"it is the default of {limit}")
    elif in_text:
        draft["default"] = sure(int(in_text[1]), f"its description says {in_text[0]}")
    return draft | dict(_answers(operation, at))


def _is_older(parameter: Node) -> bool:
    """Whether the description of a parameter says that it asks for what was created before."""
    return bool(re.search(r"created before|older|earlier", str(parameter.get("description", "")).lower()))


def _positions(query: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of parameters for a position.

    A list has the newest job first, so that the next page is what was `before` an id.
    """
    for kind, names in _POSITIONS.items():
        listed = [name for name in query if name.lower() in names]
        earlier = [name for name in listed if name.lower().startswith("before") and _is_older(query[name])]
        listed = [name for name in listed if not name.lower().startswith("before")]
        for name in [*earlier, *listed]:
            yield kind, name


def _answers(operation: OperationView, at: str) -> Iterator[tuple[str, Draft]]:
    names = ("prev", "previous", "prev_url", "previous_url") if at.startswith("before") else _NEXT
    for place in operation.places:
        if place.depth <= NEAR and ITEM not in place.tokens and place.name.lower() in names:
            yield "next", sure(place.expression, f"{place.name} is of the next page")
            break
    else:
        last = [place for place in operation.places if place.depth == 1 and place.name == "last_id"]
        yield from (("next", sure(place.expression, "last_id is the last of the page")) for place in last)
    for place in operation.places:
        if place.depth <= NEAR and ITEM not in place.tokens and place.name.lower() in _MORE:
            yield "more", sure(place.expression, f"{place.name} says whether there is more")
            break


def _reports(
    entry: Place, operation: OperationView, read: Read, words: Vocabulary
) -> Iterator[tuple[str, Draft]]:
    """Yield what only an entry has, with what the server writes there."""
    known = {place.tokens[read.job.depth :] for place in read.operation.places}
    first = next(iter(words.states), None)
    for place in operation.places:
        below = place.tokens[entry.depth :]
        if (
            place.tokens[: entry.depth] != entry.tokens
            or not 0 < len(below) <= NEAR
            or below in known
            or ITEM in below
        ):
            continue
        pointer = "/" + "/".join(below)
        value = _report(place, entry, words, first)
        if value is not None:
            yield pointer, value


def _report(place: Place, entry: Place, words: Vocabulary, first: str | None) -> "Draft | None":
    if place.name == "id" and place.depth <= FAR:
        return sure("id", "only the entry has it")
    letters = "_".join(parts(place.name))
    value = next((value for pattern, value in _REPORTS if pattern.fullmatch(letters)), None)
    is_alone = place.depth - entry.depth == 1
    if value and (is_alone or place.name == first or place.name not in words.states):
        return doubtful(value, f"{place.name} is a usual name for it")
    if place.name in words.states and place.name != first and place.types <= {"integer", "string", "number"}:
        return {"since": doubtful(place.name, "it has the name of a word")}
    return None
