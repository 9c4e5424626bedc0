"""Example values of schemas (JSON Schema 2020-12, as in OpenAPI 3.1): deterministic and bounded.

Values that the schema contains come first: `const`, `default`, `example`, `examples`, `enum`.
Otherwise a value is made from type, format and bounds. Of `anyOf` and `oneOf` the first member is used. For a
`pattern` only a few fixed texts are tried, so a caller that needs certainty validates the value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from safelight_lifecycle._bounds import number_within
from safelight_lifecycle._pointers import JSON, follow_tokens, parse_pointer
from safelight_lifecycle._record import Record

Node: TypeAlias = Mapping[str, JSON]

MAX_DEPTH = 32  # levels of a value, and references in a row
MAX_VALUES = 5_000  # of one example; further properties are null. Nested references can multiply without end
MAX_LENGTH = 10_000  # characters of a text; a schema that requires more has no example
TEXT = "text"
BY_FORMAT: Node = {
    "uuid": "6f1d3c52-90ab-4c1e-8d2f-7a4b5c6d7e8f",
    "uri": "https://example.com/",
    "date-time": "2026-11-21T12:00:00Z",
    "date": "2026-11-21",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "user@example.com",
    "idn-email": "user@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "iri": "https://example.com/",
    "uri-reference": "/",
    "iri-reference": "/",
    "uri-template": "/{id}",
    "json-pointer": "/text",
    "relative-json-pointer": "0",
    "regex": ".*",
}
LONGER_TIMES = ("2026-11-21T12:00:00.000Z", "2026-11-21T12:00:00+00:00", "2026-11-21T12:00:00.000000+00:00")
UUIDS = ("6f1d3c52-90ab-4c1e-8d2f-7a4b5c6d7e8f", "019a3c52-90ab-7c1e-8d2f-7a4b5c6d7e8f")  # versions 4 and 7
PATTERNED = ("0" * 64, "1%", *UUIDS)  # a digest, a percentage
_REPEATED_GROUP = re.compile(r"\)[*+{]")  # such patterns can take a backtracking matcher exponential time


def schema_example(
    schema: JSON, document: Node, *, required_only: bool = False, text: str = TEXT, depth: int = MAX_DEPTH
) -> JSON:
    """Return a value that matches a schema, the same one on every call.

    The value has all properties or, with `required_only`, the required ones. References are resolved in
    `document`. `text` is used for strings without a pattern or format, cut or repeated to the required
    length. `depth` is the number of levels after which values are null. A property whose schema contains
    itself is left out if it is optional. At most MAX_VALUES values are made.
    """
    maker = _Maker(document=document, required_only=required_only, text=text, budget=iter(range(MAX_VALUES)))
    return maker.value(schema, depth, frozenset())


def media_example(media: Node, document: Node) -> JSON:
    """Return the example of a Media Type Object: `example`, the first of `examples`, or the schema's."""
    if "example" in media:
        return media["example"]
    for listed in _mapping(media.get("examples")).values():
        whole = _resolved(listed, document)
        if "value" in whole:
            return whole["value"]
    return schema_example(media.get("schema", {}), document)


class _Maker(Record):
    """Makes one example; `budget` yields once for each value that may still be made."""

    document: Node
    required_only: bool
    text: str
    budget: Iterator[int]

    def value(self, schema: JSON, depth: int, around: frozenset[str]) -> JSON:
        """Make a value; `around` are the references followed on the way here, to detect recursion."""
        if not depth or next(self.budget, None) is None:
            return None
        passed = set[str]()
        node = _merged(schema, self.document, passed)
        for value in _own_values(node, required_only=self.required_only):
            return value
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
        properties, required = _mapping(node.get("properties")), _list(node.get("required"))
        for name, schema in properties.items():
            if name in required or not (self.required_only or self._repeats(schema, around)):
                yield name, schema
        for name in dict.fromkeys(filter(_is_text, required)):
            if name not in properties:
                yield name, node.get("additionalProperties", {})

    def _items(self, node: Node, around: frozenset[str]) -> Iterator[JSON]:
        first, others = _list(node.get("prefixItems")), node.get("items", {})
        least, most = _count(node, "minItems", 0), _count(node, "maxItems", MAX_VALUES)
        if not least and not first and self._repeats(others, around):
            return
        for index in range(min(max(least, len(first), 1), most, MAX_VALUES)):
            yield first[index] if index < len(first) else others

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
        least, most = _count(node, "minLength", 0), _count(node, "maxLength", MAX_LENGTH)
        if node.get("format") in BY_FORMAT:
            usual = str(BY_FORMAT[node["format"]])
            longer = LONGER_TIMES if node["format"] == "date-time" else ()
            return next((one for one in (usual, *longer) if least <= len(one) <= most), usual)
        length = min(max(least, min(len(self.text), most)), MAX_LENGTH)
        return (self.text * (length // max(len(self.text), 1) + 1))[:length]


def _own_values(node: Node, *, required_only: bool) -> Iterator[JSON]:
    """Yield the values that a schema contains, best first.

    For a minimal request a default is best, because it means the same as leaving the value out. For an
    illustration an example is better, and a default of null or of an empty list shows nothing.
    """
    default = [node["default"] for _ in range("default" in node)]
    examples = [node["example"] for _ in range("example" in node)] + [*_list(node.get("examples"))]
    yield from (node["const"] for _ in range("const" in node))
    yield from (*default, *examples) if required_only else (*examples, *filter(_is_scalar, default))
    yield from _list(node.get("enum"))


def _is_scalar(value: JSON) -> bool:
    return isinstance(value, str | int | float)


def _merged(schema: JSON, document: Node, passed: set[str]) -> Node:
    """Merge a schema with its `allOf`, its reference and its first `anyOf` and `oneOf`.

    A reference is followed once: `passed` holds the references followed so far, and is extended.
    """
    node = _mapping(schema)
    parts = [_merged(part, document, passed) for part in _parts(node, document, passed)]
    merged: dict[str, JSON] = {}
    for part in (*parts, {key: value for key, value in node.items() if key != "$ref"}):
        properties = {**_mapping(merged.get("properties")), **_mapping(part.get("properties"))}
        required = [*_list(merged.get("required")), *_list(part.get("required"))]
        joined = {"properties": properties, "required": required}
        merged = {**merged, **part, **{key: value for key, value in joined.items() if value}}
    return merged


def _parts(node: Node, document: Node, passed: set[str]) -> Iterator[JSON]:
    reference = node.get("$ref")
    if isinstance(reference, str) and reference not in passed:
        passed.add(reference)
        yield _resolved(node, document)
    if "else" in node:  # a minimal value rarely matches the `if`, so the `else` applies
        yield node["else"]
    for key, taken in (("allOf", None), ("anyOf", 1), ("oneOf", 1)):
        yield from _list(node.get(key))[:taken]


def _resolved(node: JSON, document: Node) -> Node:
    for _ in range(MAX_DEPTH):
        reference = _mapping(node).get("$ref")
        if not isinstance(reference, str):
            return _mapping(node)
        try:
            node = follow_tokens(parse_pointer(reference.removeprefix("#")), document)
        except ValueError:
            return {}
    return {}


def _type(node: Node) -> JSON:
    """Return the first type that is not null; without `type`, infer it from other keywords."""
    declared = node.get("type")
    if isinstance(declared, list):
        return next((kind for kind in declared if kind != "null"), next(iter(declared), None))
    if declared is not None:
        return declared
    hints = {"object": ("properties", "required"), "array": ("items", "prefixItems", "minItems")}
    return next((kind for kind, keys in hints.items() if any(key in node for key in keys)), "string")


def _matches(pattern: str, text: str) -> bool:
    try:
        return not _REPEATED_GROUP.search(pattern) and re.search(pattern, text) is not None
    except re.error:  # ECMA-262 syntax that Python does not support
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


def _list(node: JSON) -> Sequence[JSON]:
    return node if isinstance(node, list) else ()
