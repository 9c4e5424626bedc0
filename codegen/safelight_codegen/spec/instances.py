"""Judge values by the schemas of a document, and make up values that should pass."""

from collections.abc import Callable
from typing import NoReturn

import jsonschema_rs

from safelight_codegen.documents import JSON
from safelight_codegen.spec.operations import mapping
from safelight_codegen.spec.references import DEEPEST, OUTWARD, Node, resolved

_LONGEST = 10_000  # characters of a text that is made up; what asks for more finds no instance
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
    whole = {**mapping(schema), "components": document.get("components", {})}
    try:
        validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True, retriever=_refuse)
    except jsonschema_rs.ValidationError as error:
        unsound = [error.message]  # the schema itself is at fault, whatever the value
        return lambda _: unsound
    return lambda value: [error.message for error in validator.iter_errors(value)]


def _refuse(address: str) -> NoReturn:
    """Stand in for the validator's own retriever, which reads files and fetches addresses."""
    raise LookupError(f"{address} {OUTWARD}")


def instance(schema: JSON, document: Node, *, sparse: bool, depth: int = DEEPEST) -> JSON:
    """Make up an instance with all properties or, `sparse`, the required ones; `faults` says if it is one."""
    if not depth:
        return None
    node = _flat(schema, document)
    for key in ("const", "default"):
        if key in node:
            return node[key]
    listed = node.get("examples") or node.get("enum")
    if isinstance(listed, list):
        return listed[0]
    return _by_type(node, document, sparse=sparse, depth=depth - 1)


def _by_type(node: Node, document: Node, *, sparse: bool, depth: int) -> JSON:
    match _type(node):
        case "object":
            required = node.get("required")
            wanted = required if sparse and isinstance(required, list) else []
            members = mapping(node.get("properties")).items()
            kept = [(name, one) for name, one in members if not sparse or name in wanted]
            return {name: instance(one, document, sparse=sparse, depth=depth) for name, one in kept}
        case "array":
            return [instance(node.get("items", {}), document, sparse=sparse, depth=depth)]
        case "integer" | "number":
            return node.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _BY_FORMAT.get(str(node.get("format")), "x" * _length(node))


def _length(node: Node) -> int:
    least = node.get("minLength", 1)
    return min(least, _LONGEST) if isinstance(least, int) and least > 0 else 1


def _flat(schema: JSON, document: Node) -> Node:
    """One object for a schema, its parts and the first of its choices; properties of all of them together."""
    node = mapping(schema)
    parts = [_flat(resolved(node, document), document)] if "$ref" in node else []
    parts += [_flat(node["else"], document)] if "else" in node else []  # a sparse instance meets no `if`
    for key, taken in (("allOf", None), ("anyOf", 1), ("oneOf", 1)):
        members = node.get(key)
        parts += [
            _flat(member, document) for member in (members if isinstance(members, list) else [])[:taken]
        ]
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


def _type(node: Node) -> JSON:
    kind = node.get("type", "object" if node.get("properties") else "string")
    return kind[0] if isinstance(kind, list) else kind
