"""Judge values by the schemas of a document, and make up values that should pass."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

import jsonschema_rs

from safelight_codegen.documents import JSON
from safelight_codegen.spec.operations import mapping
from safelight_codegen.spec.references import DEEPEST, OUTWARD, Node, resolved

_LONGEST = 10_000  # characters of a text that is made up; what asks for more finds no instance
_MOST_MADE = 5_000  # values of an instance: properties that unfold to more than that have none
_BY_FORMAT = {
    "uuid": "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b",
    "uri": "https://example.com/",
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "email": "somebody@example.com",
}


def faults(value: JSON, schema: JSON, document: Node) -> list[str]:
    """Say what keeps `value` from being an instance of `schema`, in draft 2020-12 with formats."""
    return judge(schema, document)(value)


def judge(schema: JSON, document: Node) -> Callable[[JSON], list[str]]:
    """Compile a schema into what `faults` asks, to be asked many times."""
    try:
        validator = _compiled(schema, document)
    except jsonschema_rs.ValidationError as error:
        unsound = [error.message]  # the schema itself is at fault, whatever the value
        return lambda _: unsound
    return lambda value: [error.message for error in validator.iter_errors(value)]


def acceptor(schema: JSON, document: Node) -> Callable[[JSON], bool]:
    """Compile a schema into whether a value has no faults, which is found far sooner than all of them."""
    try:
        return _compiled(schema, document).is_valid
    except jsonschema_rs.ValidationError:
        return lambda _: False


def _compiled(schema: JSON, document: Node) -> jsonschema_rs.Draft202012Validator:
    whole = {**mapping(schema), "components": document.get("components", {})}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True, retriever=refused)


def refused(address: str) -> NoReturn:
    """Stand in for a validator's own retriever, which reads files and fetches addresses."""
    raise LookupError(f"{address} {OUTWARD}")


def instance(schema: JSON, document: Node, *, sparse: bool, depth: int = DEEPEST) -> JSON:
    """Make up an instance with all properties or, `sparse`, the required ones; `faults` says if it is one.

    What repeats a schema that it stands in is left out where it may be.
    """
    making = _Making(document=document, sparse=sparse, room=iter(range(_MOST_MADE)))
    return making.value(schema, depth, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """An instance in the making; `room` ends with what may still be made."""

    document: Node
    sparse: bool
    room: Iterator[int]

    def value(self, schema: JSON, depth: int, around: frozenset[str]) -> JSON:
        """Make a value; `around` are the references that were followed to get here."""
        if not depth or next(self.room, None) is None:
            return None
        passed = set[str]()
        node = _flat(schema, self.document, passed)
        for key in ("const", "default"):
            if key in node:
                return node[key]
        listed = node.get("examples") or node.get("enum")
        if isinstance(listed, list) and listed:
            return listed[0]
        return self._by_type(node, depth - 1, around | passed)

    def _by_type(self, node: Node, depth: int, around: frozenset[str]) -> JSON:
        match _type(node):
            case "object":
                members = mapping(node.get("properties")).items()
                wanted = [(name, one) for name, one in members if self._is_wanted(name, one, node, around)]
                return {name: self.value(one, depth, around) for name, one in wanted}
            case "array":
                items = node.get("items", {})
                may_be_empty = not node.get("minItems")
                repeats = may_be_empty and self._repeats(items, around)
                return [] if repeats else [self.value(items, depth, around)]
            case "integer" | "number":
                return node.get("minimum", 1)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return _BY_FORMAT.get(str(node.get("format")), "x" * _length(node))

    def _is_wanted(self, name: str, schema: JSON, holder: Node, around: frozenset[str]) -> bool:
        required = holder.get("required")
        is_required = isinstance(required, list) and name in required
        return is_required or not (self.sparse or self._repeats(schema, around))

    def _repeats(self, schema: JSON, around: frozenset[str]) -> bool:
        passed = set[str]()
        _flat(schema, self.document, passed)
        return not passed.isdisjoint(around)


def _length(node: Node) -> int:
    least = node.get("minLength", 1)
    return min(least, _LONGEST) if isinstance(least, int) and least > 0 else 1


def _flat(schema: JSON, document: Node, passed: set[str]) -> Node:
    """One object for a schema, its parts and the first of its choices; properties of all of them together.

    A reference is followed once: `passed` holds those that were, and has the others added.
    """
    node = mapping(schema)
    parts = [_flat(part, document, passed) for part in _parts(node, document, passed)]
    flat: Node = {}
    for part in [*parts, {key: value for key, value in node.items() if key != "$ref"}]:
        flat = {
            **flat,
            **part,
            "properties": mapping(flat.get("properties")) | mapping(part.get("properties")),
        }
    return (
        flat if flat.get("properties") else {key: value for key, value in flat.items() if key != "properties"}
    )


def _parts(node: Node, document: Node, passed: set[str]) -> Iterator[JSON]:
    reference = node.get("$ref")
    if isinstance(reference, str) and reference not in passed:
        passed.add(reference)
        yield resolved(node, document)
    if "else" in node:  # a sparse instance meets no `if`
        yield node["else"]
    for key, taken in (("allOf", None), ("anyOf", 1), ("oneOf", 1)):
        members = node.get(key)
        yield from (members if isinstance(members, list) else [])[:taken]


def _type(node: Node) -> JSON:
    kind = node.get("type", "object" if node.get("properties") else "string")
    return next(iter(kind), None) if isinstance(kind, list) else kind
