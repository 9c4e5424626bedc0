"""The address of a file at or below a place: which member has it, and whether there are several."""

import re
from collections.abc import Mapping, Sequence

from safelight_openapi._infer.deliveries import target_name
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.media import kind_of_name
from safelight_openapi._infer.operations import OperationView
from safelight_openapi._infer.reads import example_bodies, value_below
from safelight_openapi._infer.result_names import ASIDE, URL_ENDS, is_address
from safelight_openapi._infer.schemas import ITEM, MAX_DEPTH, Place
from safelight_openapi._infer.submits import SubmitCandidate

# Members that only describe the file beside its URL.
_DESCRIBES = frozenset(
    {
        "ext",
        "mps",
        "mime",
        "format",
        "width",
        "height",
        "size",
        "expires",
        "expiry",
        "type",
        "name",
        "id",
        "in",
    }
    | {
        "key",
        "at",
        "seed",
        "hash",
        "checksum",
        "etag",
        "content",
        "filename",
        "bytes",
        "object",
        "nsfw",
        "duration",
    }
)
DEEPEST = MAX_DEPTH + 2  # members and items from the body to an address
_MANY = re.compile(
    r"(?i)n|(?:num|number|count|n)_?(?:of_?)?(?:images?|outputs?|results?|samples?|videos?)?|batch_?size"
)


def address_in(place: Place, source: OperationView, kind: str | None) -> tuple[Place | None, bool]:
    """Return the place of the address at or below a place, and whether there are several; None for a value.

    `kind` of file is preferred where an object has addresses of several. Schemas may contain themselves, so
    only a few levels are searched.
    """
    if place.depth > DEEPEST:
        return None, False
    item = source.reader.items(place)
    if item is not None:
        is_text = item.types == {"string"} and not source.reader.members(item)
        if item.is_url or is_text:
            return item, True
        inner, _ = address_in(item, source, kind)
        return inner, inner is not None
    members = source.reader.members(place)
    if members:
        return _in_members(members, source, kind)
    return (place, False) if is_address(place) else (None, False)


def _in_members(
    members: Mapping[str, Place], source: OperationView, kind: str | None
) -> tuple[Place | None, bool]:
    """Return the address among the members of an object, if the others only describe it."""
    usable = {name: one for name, one in members.items() if not set(parts(name)) & ASIDE}
    inner = {name: address_in(one, source, kind) for name, one in usable.items()}
    addresses = {name: one for name, one in inner.items() if one[0] is not None}
    plain = [name for name in addresses if name.lower() in URL_ENDS]
    of_kind = [name for name in addresses if kind and kind_of_name(name) == kind]
    of_any_kind = [name for name in addresses if kind_of_name(name)]
    rest = [name for name in usable if name not in addresses and not set(parts(name)) & _DESCRIBES]
    chosen = plain or of_kind or of_any_kind or ([] if rest else list(addresses))
    return addresses[chosen[0]] if chosen else (None, False)


def has_several(address: Place, source: OperationView, submissions: Sequence[SubmitCandidate]) -> bool:
    """Whether an example has two, a request can ask for a number, or a job is a batch."""
    is_countable = any(
        _MANY.fullmatch(place.name) and "integer" in place.types
        for one in submissions
        for place in one.operation.fields
        if place.depth == 1
    )
    is_batch = any("batch" in one.operation.words for one in submissions)
    return is_countable or is_batch or any(count > 1 for count in _counts(address, source))


def has_one(address: Place, source: OperationView) -> bool:
    """Whether each example that has any has one."""
    counts = [count for count in _counts(address, source) if count]
    return bool(counts) and set(counts) == {1}


def takes_one_file(submissions: Sequence[SubmitCandidate]) -> bool:
    """Whether each submission has the address of one file, and no other."""
    counts = {
        sum(
            place.depth == 1 and place.is_url and not target_name(place.name)
            for place in one.operation.fields
        )
        for one in submissions
    }
    return counts == {1}


def _counts(address: Place, source: OperationView) -> list[int]:
    """Return how many entries the examples have in the list that the address is in."""
    outer = address.tokens[: len(address.tokens) - address.tokens[::-1].index(ITEM) - 1]
    values = [value_below(body, outer) for body in example_bodies(source)]
    return [len(value) for value in values if isinstance(value, list)]
