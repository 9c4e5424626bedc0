"""Example values of schemas (JSON Schema 2020-12, as in OpenAPI 3.1): deterministic and bounded.

What a schema states comes first: `const`, `default`, `example`, `examples`, `enum`. Otherwise a value is made
from type, format and bounds. Of `anyOf` and `oneOf` the first member counts. Patterns are matched by
fixed texts only, so a caller that needs certainty validates the value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from safelight_lifecycle.bounds import number_within
from safelight_lifecycle.pointers import JSON, follow, parse_pointer

Node: TypeAlias = Mapping[str, JSON]

DEEPEST = 32  # levels of a value, and references in a row
MOST_VALUES = 5_000  # in one example: properties that unfold to more are left empty
LONGEST = 10_000  # characters of a text; a schema that requires more has no example
TEXT = "text"
BY_FORMAT: Node = {
    "uuid": "6f1d3c52-90ab-4c1e-8d2f-7a4b5c6d7e8f",
    "uri": "https://example.com/",
    "date-time": "2026-11-21T12:00:00Z",
    "date": "2026-11-21",
    "email": "user@example.com",
}
PATTERNED = ("0" * 64, "1%")  # a digest and a percentage
_REPEATED_GROUP = re.compile(r"\)[*+{]")  # such patterns can take a backtracking matcher for ever


def example(
    schema: JSON, document: Node, *, required_only: bool = False, text: str = TEXT, depth: int = DEEPEST
) -> JSON:
    """Return an example with all properties or, `required_only`, the fewest; references are into `document`.

    `text` stands for strings about which the schema says nothing; it is cut or repeated to fit their length.
    What repeats a schema that contains it is left out where that is allowed.
    """
    maker = _Maker(document=document, required_only=required_only, text=text, room=iter(range(MOST_VALUES)))
    return maker.value(schema, depth, frozenset())


def media_example(media: Node, document: Node) -> JSON:
    """Return the example of a Media Type Object: its own, the first of its `examples`, else its schema's."""
    if "example" in media:
        return media["example"]
    for listed in _mapping(media.get("examples")).values():
        whole = _resolved(listed, document)
        if "value" in whole:
            return whole["value"]
    return example(media.get("schema", {}), document)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes one example; `room` is exhausted when it has as many values as are allowed."""

    document: Node
    required_only: bool
    text: str
    room: Iterator[int]

    def value(self, schema: JSON, depth: int, around: frozenset[str]) -> JSON:
        """Make a value; `around` are the references that were followed to get here."""
        if not depth or next(self.room, None) is None:
            return None
        passed = set[str]()
        node = _merged(schema, self.document, passed)
        for stated in _stated(node, required_only=self.required_only):
            return stated
        return self._by_type(node, depth - 1, around | passed)

    def _by_type(self, node: Node, depth: int, around: frozenset[str]) -> JSON:
        match _type(node):
            case "object":
                return {
                    name: self.value(member, depth, around) for name, member in self._members(node, around)
                }
            case "array":
                return [self.value(item, depth, around) for item in self._items(node, around)]
            case "integer" | "number" as kind:
                return number_within(node, is_whole=kind == "integer")
            case "boolean":
                return not self.required_only
            case "null":
                return None
            case _:
                return self._text(node)

    def _members(self, node: Node, around: frozenset[str]) -> Iterator[tuple[str, JSON]]:
        properties, required = _mapping(node.get("properties")), _listed(node.get("required"))
        for name, schema in properties.items():
            if name in required or not (self.required_only or self._repeats(schema, around)):
                yield name, schema
        for name in dict.fromkeys(filter(_is_text, required)):
            if name not in properties:
                yield name, node.get("additionalProperties", {})

    def _items(self, node: Node, around: frozenset[str]) -> Iterator[JSON]:
        first, rest = _listed(node.get("prefixItems")), node.get("items", {})
        least, most = _count(node, "minItems", 0), _count(node, "maxItems", MOST_VALUES)
        if not least and not first and self._repeats(rest, around):
            return
        for index in range(min(max(least, len(first), 1), most, MOST_VALUES)):
            yield first[index] if index < len(first) else rest

    def _repeats(self, schema: JSON, around: frozenset[str]) -> bool:
        passed = set[str]()
        _merged(schema, self.document, passed)
        return not passed.isdisjoint(around)

    def _text(self, node: Node) -> str:
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            for text in (self.text, *PATTERNED):
                if _matches(pattern, text):
                    return text
        if node.get("format") in BY_FORMAT:
            return str(BY_FORMAT[node["format"]])
        least, most = _count(node, "minLength", 0), _count(node, "maxLength", LONGEST)
        wanted = min(max(least, min(len(self.text), most)), LONGEST)
        return (self.text * (wanted // max(len(self.text), 1) + 1))[:wanted]


def _stated(node: Node, *, required_only: bool) -> Iterator[JSON]:
    """Yield the values that a schema itself states, best first.

    A default is what an absent value means: the least to send; null or an empty list illustrates nothing.
    """
    default = [node["default"] for _ in range("default" in node)]
    examples = [node["example"] for _ in range("example" in node)] + [*_listed(node.get("examples"))]
    yield from (node["const"] for _ in range("const" in node))
    yield from (*default, *examples) if required_only else (*examples, *filter(_is_scalar, default))
    yield from _listed(node.get("enum"))


def _is_scalar(value: JSON) -> bool:
    return isinstance(value, str | int | float)


def _merged(schema: JSON, document: Node, passed: set[str]) -> Node:
    """Merge a schema, its parts and the first of its choices; properties of all of them together.

    A reference is followed once: `passed` holds those that were, and receives the others.
    """
    node = _mapping(schema)
    parts = [_merged(part, document, passed) for part in _parts(node, document, passed)]
    merged: dict[str, JSON] = {}
    for part in (*parts, {key: value for key, value in node.items() if key != "$ref"}):
        properties = {**_mapping(merged.get("properties")), **_mapping(part.get("properties"))}
        required = [*_listed(merged.get("required")), *_listed(part.get("required"))]
        joined = {"properties": properties, "required": required}
        merged = {**merged, **part, **{key: value for key, value in joined.items() if value}}
    return merged


def _parts(node: Node, document: Node, passed: set[str]) -> Iterator[JSON]:
    reference = node.get("$ref")
    if isinstance(reference, str) and reference not in passed:
        passed.add(reference)
        yield _resolved(node, document)
    if "else" in node:  # an example with few properties meets no `if`
        yield node["else"]
    for key, taken in (("allOf", None), ("anyOf", 1), ("oneOf", 1)):
        yield from _listed(node.get(key))[:taken]


def _resolved(node: JSON, document: Node) -> Node:
    for _ in range(DEEPEST):
        reference = _mapping(node).get("$ref")
        if not isinstance(reference, str):
            return _mapping(node)
        try:
            node = follow(parse_pointer(reference.removeprefix("#")), document)
        except ValueError:
            return {}
    return {}


def _type(node: Node) -> JSON:
    """Return the first type that is not null; by other keywords where `type` is absent."""
    stated = node.get("type")
    if isinstance(stated, list):
        return next((kind for kind in stated if kind != "null"), next(iter(stated), None))
    if stated is not None:
        return stated
    hints = {"object": ("properties", "required"), "array": ("items", "prefixItems", "minItems")}
    return next((kind for kind, keys in hints.items() if any(key in node for key in keys)), "string")


def _matches(pattern: str, text: str) -> bool:
    try:
        return not _REPEATED_GROUP.search(pattern) and re.search(pattern, text) is not None
    except re.error:  # a pattern of ECMA-262 that Python does not have
        return False


def _is_text(value: JSON) -> bool:
    return isinstance(value, str)


def _count(node: Node, key: str, otherwise: int) -> int:
    value = node.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        return otherwise
    return int(value)


def _mapping(node: JSON) -> Node:
    return node if isinstance(node, dict) else {}


def _listed(node: JSON) -> Sequence[JSON]:
    return node if isinstance(node, list) else ()
