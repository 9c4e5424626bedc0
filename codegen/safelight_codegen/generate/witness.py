"""Proof that a schema can be satisfied: an instance made for it, judged by a validator we did not write."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

Schema = Mapping[str, Any]

_FORMATS = {
    "uuid": "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b",
    "uri": "https://example.com/",
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
}


def is_satisfiable(schema: Schema, document: Schema) -> bool:
    """Tell whether an instance was found, with every property or with the required ones only.

    The search is a plain one: False says that nobody found an instance, not that there is none.
    """
    judge = jsonschema_rs.Draft202012Validator({**schema, "components": document.get("components", {})})
    return any(judge.is_valid(_witness(schema, document, sparse=sparse)) for sparse in (False, True))


def _witness(schema: Schema, document: Schema, *, sparse: bool) -> object:
    whole = _flat(schema, document)
    for key in ("const", "default", "example"):
        if key in whole:
            return whole[key]
    if listed := [*whole.get("enum", ()), *whole.get("examples", ())]:
        return listed[0]
    return _by_type(whole, document, sparse=sparse)


def _by_type(schema: Schema, document: Schema, *, sparse: bool) -> object:
    match _type(schema):
        case "object":
            return {
                name: _witness(one, document, sparse=sparse)
                for name, one in schema.get("properties", {}).items()
                if not sparse or name in schema.get("required", ())
            }
        case "array":
            items = schema.get("items", {})
            return [_witness(items, document, sparse=sparse)] * schema.get("minItems", 1)
        case "integer" | "number":
            return schema.get("minimum", min(schema.get("maximum", 1), 1))
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _FORMATS.get(schema.get("format", ""), "x" * schema.get("minLength", 1))


def _type(schema: Schema) -> object:
    kind = schema.get("type", "object" if schema.get("properties") else "string")
    return kind[0] if isinstance(kind, list) else kind


def _flat(schema: Schema, document: Schema) -> dict[str, Any]:
    """Lay references, every allOf member and the first alternative over one another."""
    flat: dict[str, Any] = {}
    for part in _parts(schema, document):
        merged = {**flat.get("properties", {}), **part.get("properties", {})}
        required = [*flat.get("required", ()), *part.get("required", ())]
        flat.update(part, properties=merged, required=required)
    return flat


def _parts(schema: Schema, document: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _parts(resolve(schema["$ref"], document), document)
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ())[:1], *schema.get("oneOf", ())[:1]):
        yield from _parts(part, document)
    yield schema


def resolve(reference: str, document: Schema) -> Schema:
    """Follow a reference within the document."""
    place: Schema = document
    for key in reference.removeprefix("#/").split("/"):
        place = place[key.replace("~1", "/").replace("~0", "~")]
    return place
