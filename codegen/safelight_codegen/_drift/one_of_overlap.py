"""Whether a value fits two members of a `oneOf`, which allows what fits exactly one.

So one member more can refuse what was taken before. A value that does proves it; types, words or properties
that keep the members apart prove the opposite; else neither is proved.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from safelight_codegen._drift.flattened_schemas import View, properties
from safelight_codegen._drift.keywords import allowed, types
from safelight_lifecycle import schema_example
from safelight_openapi import JSON, Node, compile_predicate, node_at

_DEEPEST = 3  # properties of properties that may keep two members apart
_DEEPEST_VALUE = 6  # levels of a value that may show that two members fit it


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A schema of one document, and the ways to fit it."""

    whole: View
    choices: list[View]
    document: Node

    def judge(self) -> Callable[[JSON], bool]:
        """Compile the schema as a whole, which takes far longer than judging a value by it."""
        parts: list[JSON] = [part.node for part in self.whole.parts]
        return compile_predicate({"allOf": parts}, self.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two members that a value fits, or may fit; `value` is one that only the other side takes."""

    one: View
    other: View
    value: JSON = None
    is_proved: bool = False


def overlap(before: Side, after: Side, partners: Mapping[tuple[str, ...], View]) -> Overlap | None:
    """Find two members of `after` that a value taken by `before` fits at once; a proved one if there is.

    `partners` are the members of `before` by the places of those of `after` that continue them.
    """
    suspects = list(_suspects(after, partners))
    if not suspects:
        return None
    took, takes = before.judge(), after.judge()
    members = {member.locations: member for pair in suspects for member in pair}
    proofs = {
        locations: value
        for locations, member in members.items()
        for value in _candidates(member, after.document)
        if took(value) and not takes(value)
    }
    for one, other in suspects:
        for locations in (one.locations, other.locations):
            if locations in proofs:
                return Overlap(one=one, other=other, value=proofs[locations], is_proved=True)
    for one, other in suspects:
        known = partners.get(one.locations), partners.get(other.locations)
        if known[0] is None or known[1] is None or _are_apart(known[0], known[1], before.document):
            return Overlap(one=one, other=other)
    return None


def _suspects(after: Side, partners: Mapping[tuple[str, ...], View]) -> Iterator[tuple[View, View]]:
    """Pair the members of a `oneOf`, but for pairs that are as they were and those that are apart."""
    for one, other in combinations([one for one in after.choices if one.holders("oneOf")], 2):
        known = partners.get(one.locations), partners.get(other.locations)
        if not _is_old(known, (one, other)) and not _are_apart(one, other, after.document):
            yield one, other


def _is_old(before: tuple[View | None, View | None], after: tuple[View, View]) -> bool:
    """Whether both members were in a `oneOf` before, and are as they were."""
    return all(
        one is not None and one.holders("oneOf") and _same(one, other)
        for one, other in zip(before, after, strict=True)
    )


def _same(one: View, other: View) -> bool:
    return [part.node for part in one.parts[-1:]] == [part.node for part in other.parts[-1:]]


def _candidates(member: View, document: Node) -> Iterator[JSON]:
    """Make up what fits a member; judging what is nested deeper takes a validator ever longer."""
    schema = node_at(document, member.at)
    for required_only in (False, True):
        yield schema_example(
            schema,
            document,
            required_only=required_only,
            text="x",  # the shorter, the more members it fits
            depth=_DEEPEST_VALUE,
        )


def _are_apart(one: View, other: View, document: Node, depth: int = _DEEPEST) -> bool:
    """Tell whether for certain no value fits both."""
    if not types(one) & types(other):
        return True
    words, others = allowed(one), allowed(other)
    if words is not None and others is not None and not words & others:
        return True
    if not depth or types(one) & types(other) != {"object"}:
        return False
    ours, theirs = properties(one, document), properties(other, document)
    if any(name not in theirs and _is_closed(other) for name in required(one)):
        return True
    if any(name not in ours and _is_closed(one) for name in required(other)):
        return True
    needed = dict.fromkeys((*required(one), *required(other)))
    shared = [name for name in needed if name in ours and name in theirs]
    return any(_are_apart(ours[name], theirs[name], document, depth - 1) for name in shared)


def _is_closed(whole: View) -> bool:
    return False in whole.values("additionalProperties")


def required(whole: View) -> list[str]:
    """List the names of the properties a value has to have."""
    listed = [said for said in whole.values("required") if isinstance(said, list)]
    return [str(name) for said in listed for name in said]
