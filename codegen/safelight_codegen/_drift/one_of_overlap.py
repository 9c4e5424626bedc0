"""Whether a value can match two members of a `oneOf`, which allows values that match exactly one.

For this reason an additional member can reject values that were allowed before. An example value proves an
overlap; different types, listed values or required properties prove that members are disjoint; otherwise it
is undecided.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from safelight_codegen._drift.flattened_schemas import FlattenedSchema, properties
from safelight_codegen._drift.keywords import allowed_types, allowed_values
from safelight_lifecycle import schema_example
from safelight_openapi import JSONValue, Node, compile_predicate, node_at

_MAX_DEPTH = 3  # levels of properties that are compared to prove that two members are disjoint
_MAX_VALUE_DEPTH = 6  # levels of an example value


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A schema of one document, with its choices."""

    whole: FlattenedSchema
    choices: list[FlattenedSchema]
    document: Node

    def compile(self) -> Callable[[JSONValue], bool]:
        """Return a predicate for the whole schema; compiling takes far longer than a call."""
        parts: list[JSONValue] = [part.node for part in self.whole.parts]
        return compile_predicate({"allOf": parts}, self.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two members that overlap or may overlap; `value` is allowed by only one of the documents."""

    one: FlattenedSchema
    other: FlattenedSchema
    value: JSONValue = None
    is_proven: bool = False


def find_overlap(
    before: Side, after: Side, partners: Mapping[tuple[str, ...], FlattenedSchema]
) -> Overlap | None:
    """Return two members of `after` that a value allowed by `before` matches; proven ones if there are any.

    `partners` are the members of `before` by the pointers of the members of `after` that correspond to them.
    """
    suspects = list(_suspects(after, partners))
    if not suspects:
        return None
    allowed_before, is_allowed = before.compile(), after.compile()
    members = {member.locations: member for pair in suspects for member in pair}
    proofs = {
        locations: value
        for locations, member in members.items()
        for value in _candidates(member, after.document)
        if allowed_before(value) and not is_allowed(value)
    }
    for one, other in suspects:
        for locations in (one.locations, other.locations):
            if locations in proofs:
                return Overlap(one=one, other=other, value=proofs[locations], is_proven=True)
    for one, other in suspects:
        earlier = partners.get(one.locations), partners.get(other.locations)
        if earlier[0] is None or earlier[1] is None or _are_disjoint(earlier[0], earlier[1], before.document):
            return Overlap(one=one, other=other)
    return None


def _suspects(
    after: Side, partners: Mapping[tuple[str, ...], FlattenedSchema]
) -> Iterator[tuple[FlattenedSchema, FlattenedSchema]]:
    """Yield pairs of members of a `oneOf` that are new or changed, and not proven disjoint."""
    for one, other in combinations([one for one in after.choices if one.parts_with("oneOf")], 2):
        earlier = partners.get(one.locations), partners.get(other.locations)
        if not _is_unchanged(earlier, (one, other)) and not _are_disjoint(one, other, after.document):
            yield one, other


def _is_unchanged(
    before: tuple[FlattenedSchema | None, FlattenedSchema | None],
    after: tuple[FlattenedSchema, FlattenedSchema],
) -> bool:
    """Whether both members were in a `oneOf` before and have not changed."""
    return all(
        one is not None and one.parts_with("oneOf") and _same(one, other)
        for one, other in zip(before, after, strict=True)
    )


def _same(one: FlattenedSchema, other: FlattenedSchema) -> bool:
    return [part.node for part in one.parts[-1:]] == [part.node for part in other.parts[-1:]]


def _candidates(member: FlattenedSchema, document: Node) -> Iterator[JSONValue]:
    """Yield example values of a member, of limited depth: validating deeper ones takes exponential time."""
    schema = node_at(document, member.pointer)
    for required_only in (False, True):
        yield schema_example(
            schema,
            document,
            required_only=required_only,
            text="x",  # a short text matches more members
            depth=_MAX_VALUE_DEPTH,
        )


def _are_disjoint(
    one: FlattenedSchema, other: FlattenedSchema, document: Node, depth: int = _MAX_DEPTH
) -> bool:
    """Whether it is certain that no value matches both schemas."""
    if not allowed_types(one) & allowed_types(other):
        return True
    values, other_values = allowed_values(one), allowed_values(other)
    if values is not None and other_values is not None and not values & other_values:
        return True
    if not depth or allowed_types(one) & allowed_types(other) != {"object"}:
        return False
    ours, theirs = properties(one, document), properties(other, document)
    if any(name not in theirs and _is_closed(other) for name in required(one)):
        return True
    if any(name not in ours and _is_closed(one) for name in required(other)):
        return True
    needed = dict.fromkeys((*required(one), *required(other)))
    shared = [name for name in needed if name in ours and name in theirs]
    return any(_are_disjoint(ours[name], theirs[name], document, depth - 1) for name in shared)


def _is_closed(whole: FlattenedSchema) -> bool:
    return False in whole.values("additionalProperties")


def required(whole: FlattenedSchema) -> list[str]:
    """Return the names of required properties."""
    lists = [declared for declared in whole.values("required") if isinstance(declared, list)]
    return [str(name) for declared in lists for name in declared]
