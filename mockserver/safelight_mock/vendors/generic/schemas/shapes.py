"""What a schema allows at a place of a body: references, `allOf` and unions merged into one node.

Of a union the branch is chosen that has the most of the places that will be written, and that allows the
values that are known beforehand, such as the word for the state of a job.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.schema import resolve

Node = Mapping[str, JSON]
Tokens = tuple[str, ...]

EACH = "*"  # a token for every item of an array
ANY = object()  # a value that is not known beforehand
UNIONS = ("oneOf", "anyOf")
MAX_DEPTH = 24  # levels of a schema that are looked at
JOINED = ("properties", "required")
TYPES: Mapping[type, tuple[str, ...]] = {
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    str: ("string",),
    dict: ("object",),
    list: ("array",),
    type(None): ("null",),
}


class Wanted(NamedTuple):
    """A place that will be written, its value if that is known, else ANY, and how much it matters.

    With a weight of 0 it is a hint: nothing is written, but a branch that has the value goes first.
    """

    tokens: Tokens
    value: object = ANY
    weight: int = 1


class Shape(msgspec.Struct, frozen=True):
    """A merged schema; `null` is whether null is allowed, `chain` the references in it."""

    node: Node
    null: bool = False
    chain: frozenset[str] = frozenset()

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types that are allowed beside null; none if any is."""
        declared = self.node.get("type", ())
        listed = (declared,) if isinstance(declared, str) else tuple(declared)
        return tuple(kind for kind in listed if kind != "null")

    @property
    def properties(self) -> Node:
        """The schemas of the named members of an object."""
        declared = self.node.get("properties")
        return declared if isinstance(declared, Mapping) else {}

    @property
    def required(self) -> Sequence[str]:
        """The names of the members that an object must have."""
        declared = self.node.get("required")
        return declared if isinstance(declared, list) else ()

    @property
    def is_object(self) -> bool:
        """Whether it describes an object."""
        return "object" in self.types or (not self.types and "properties" in self.node)

    @property
    def is_array(self) -> bool:
        """Whether it describes an array."""
        return "array" in self.types or (not self.types and "items" in self.node)

    def is_closed(self, name: str) -> bool:
        """Whether an object may not have a member of that name."""
        if name in self.properties:
            return False
        extra = self.node.get("additionalProperties", self.node.get("unevaluatedProperties"))
        return extra is False or not (self.is_object or not self.types)

    def allows(self, value: JSON) -> bool:
        """Whether type, `const` and `enum` allow a value; other keywords are not looked at."""
        if value is None:
            return self.null
        if "const" in self.node:
            return bool(self.node["const"] == value)
        if "enum" in self.node:
            return value in self.node["enum"]
        return not self.types or not set(TYPES.get(type(value), ())).isdisjoint(self.types)


class Shapes(msgspec.Struct, frozen=True):
    """The shapes of the schemas of one document."""

    document: Node

    def of(self, schema: JSON, wanted: Iterable[Wanted] = ()) -> Shape:
        """Return the shape of a schema in which these places are written, relative to it."""
        return self._merged(schema, tuple(wanted), frozenset(), MAX_DEPTH)

    def member(self, shape: Shape, token: str, wanted: Iterable[Wanted] = ()) -> Shape | None:
        """Return the shape of a member or an item, or None."""
        schema = _below(shape, token)
        return None if schema is None else self.of(schema, within(wanted, token))

    def schema(self, schema: JSON, tokens: Tokens, wanted: Iterable[Wanted] = ()) -> JSON:
        """Return the schema of a place as the document has it; None if a body has no such place."""
        if not tokens:
            return schema
        around = self.at(schema, tokens[:-1], wanted)
        return None if around is None else _below(around, tokens[-1])

    def at(self, schema: JSON, tokens: Tokens, wanted: Iterable[Wanted] = ()) -> Shape | None:
        """Return the shape of a place; None if a body has no such place."""
        wanted = tuple(wanted)
        shape: Shape | None = self.of(schema, wanted)
        for token in tokens:
            if shape is None:
                return None
            shape, wanted = self.member(shape, token, wanted), within(wanted, token)
        return shape

    def _merged(self, schema: JSON, wanted: tuple[Wanted, ...], chain: frozenset[str], depth: int) -> Shape:
        node: Node = schema if isinstance(schema, Mapping) else {}
        if not depth:
            return Shape({}, null=True, chain=chain)
        parts: list[Shape] = []
        reference = node.get("$ref")
        if isinstance(reference, str) and reference not in chain:
            parts.append(self._merged(_resolved(self.document, node), wanted, chain | {reference}, depth - 1))
        parts += (self._merged(part, wanted, chain, depth - 1) for part in _listed(node, "allOf"))
        parts += (self._chosen(node[key], wanted, chain, depth) for key in UNIONS if _listed(node, key))
        own = {key: value for key, value in node.items() if key not in ("$ref", "allOf", *UNIONS)}
        return _joined(parts, own)

    def _chosen(self, branches: JSON, wanted: tuple[Wanted, ...], chain: frozenset[str], depth: int) -> Shape:
        """Return the best branch of a union."""
        shapes = [self._merged(branch, wanted, chain, depth - 1) for branch in branches]
        others = [shape for shape in shapes if shape.node.get("type") != "null"]
        best = max(others, key=lambda shape: self._score(shape, wanted, depth - 1), default=shapes[0])
        return Shape(best.node, null=any(shape.null for shape in shapes), chain=best.chain)

    def _score(self, shape: Shape, wanted: tuple[Wanted, ...], depth: int) -> int:
        """Return how many wanted places a branch has; less than nothing if one cannot have its value."""
        if not depth:
            return 0
        score = sum(_fit(shape, one) for one in wanted if _is_here(one))
        for token in dict.fromkeys(one.tokens[0] for one in wanted if one.tokens):
            schema = _below(shape, token)
            if schema is None:
                score -= 1 if shape.is_closed(token) else 0
                continue
            inner = within(wanted, token)
            score += max((one.weight for one in inner if not one.tokens), default=0)
            member = self._merged(schema, inner, frozenset(), depth - 1)
            score += self._score(member, inner, depth - 1)
        return score


def within(wanted: Iterable[Wanted], token: str) -> tuple[Wanted, ...]:
    """Return the wanted places below a member, relative to it."""
    return tuple(
        Wanted(one.tokens[1:], one.value, one.weight)
        for one in wanted
        if one.tokens and one.tokens[0] == token
    )


def _fit(shape: Shape, one: Wanted) -> int:
    if shape.allows(one.value):
        return 1
    return -100 if one.weight else 0


def _is_here(one: Wanted) -> bool:
    return not one.tokens and one.value is not ANY


def _below(shape: Shape, token: str) -> JSON:
    """Return the schema of a member or an item, or None."""
    if token in shape.properties:
        return shape.properties[token]
    is_item = token == EACH or token.isdecimal()
    if is_item and (shape.is_array or (not shape.types and not shape.properties)):
        first = shape.node.get("prefixItems", ())
        return (
            first[int(token)]
            if token.isdecimal() and int(token) < len(first)
            else shape.node.get("items", {})
        )
    extra = shape.node.get("additionalProperties", not shape.properties)
    if token == EACH or extra is False or shape.is_closed(token):
        return None
    return extra if isinstance(extra, Mapping) else {}


def _joined(parts: Iterable[Shape], own: Node) -> Shape:
    merged: dict[str, JSON] = {}
    nulls: list[bool] = []
    chain: frozenset[str] = frozenset()
    for part in parts:
        _join(merged, part.node)
        nulls.append(part.null)
        chain |= part.chain
    own_type = own.keys() & {"type", "const", "enum", "properties", "items", "pattern", "format"}
    if own_type or not nulls:
        nulls.append(_takes_null(own))
    _join(merged, own)
    return Shape(merged, null=all(nulls), chain=chain)


def _join(merged: dict[str, JSON], node: Node) -> None:
    properties = {**merged.get("properties", {}), **_mapping(node.get("properties"))}
    required = [*merged.get("required", ()), *_listed(node, "required")]
    merged.update({key: value for key, value in node.items() if key not in JOINED})
    if properties:
        merged["properties"] = properties
    if required:
        merged["required"] = required


def _takes_null(node: Node) -> bool:
    if "const" in node:
        return node["const"] is None
    if "enum" in node:
        return None in node["enum"]
    declared = node.get("type")
    if declared is None:
        return node.keys().isdisjoint(("properties", "items", "format", "pattern"))
    return "null" in declared if isinstance(declared, list) else declared == "null"


def _resolved(document: Node, node: Node) -> JSON:
    try:
        return resolve(document, node)
    except (KeyError, TypeError, IndexError):
        return {}


def _mapping(value: JSON) -> Node:
    return value if isinstance(value, Mapping) else {}


def _listed(node: Node, key: str) -> Iterator[JSON] | list[JSON]:
    value = node.get(key)
    return value if isinstance(value, list) else []
