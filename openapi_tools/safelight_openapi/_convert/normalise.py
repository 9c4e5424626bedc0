"""Converts any Swagger 2.0 or OpenAPI 3.x document to one dialect: OpenAPI 3.1.2 with string keys.

This runs before overlays, because they cannot rename keys, and would have to be written once per dialect.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from safelight_openapi._convert.foreign import foreign_document
from safelight_openapi._convert.media_types import plain_media_types
from safelight_openapi._convert.openapi_3_2 import lower_3_2
from safelight_openapi._convert.swagger import lower_swagger
from safelight_openapi._errors import SpecError
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import METHODS, rewrite_objects
from safelight_openapi._structure.references import resolve

DIALECT = "3.1.2"
BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
BINARY: Mapping[str, dict[str, JSONValue]] = {
    "binary": {"contentMediaType": "application/octet-stream"},
    "byte": {"contentEncoding": "base64"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedDocument:
    """A document as OpenAPI 3.1.2, and a sentence for each difference that the conversion makes."""

    document: dict[str, JSONValue]
    notes: tuple[str, ...] = ()


def normalise(document: JSONValue) -> dict[str, JSONValue]:
    """Return a copy of a document as OpenAPI 3.1.2, without the notes of `convert`."""
    return convert(document).document


def convert(document: JSONValue) -> ConvertedDocument:
    """Convert Swagger 2.0 or OpenAPI 3.0, 3.1 or 3.2 to OpenAPI 3.1.2.

    Path items that are references are replaced by what they lead to, and an operation without an operationId
    gets its method and path, `POST /v1/renders`. Raises SpecError for another version.
    """
    keyed = string_keys(document)
    version = _version(keyed)
    if not isinstance(keyed, dict) or not re.fullmatch(r"2\.0|3\.[0-2]\.\d+", version):
        raise SpecError("normalise", [foreign_document(keyed)])
    notes: list[str] = []
    if version == "2.0":
        keyed, notes = lower_swagger(keyed)
    is_3_0 = version == "2.0" or version.startswith("3.0.")
    if is_3_0:
        keyed = _mapping(rewrite_objects(keyed, {"schema": _schema}))
    elif not version.startswith("3.1.") or _has_other_methods(keyed):
        keyed, notes = lower_3_2(keyed, is_3_2=version.startswith("3.2."))
    plain, renamed = plain_media_types(keyed)
    named = name_operations(plain)
    notes = [*notes, *renamed, *named.notes]
    return ConvertedDocument(document={**named.document, "openapi": DIALECT}, notes=tuple(notes))


def name_operations(document: dict[str, JSONValue]) -> ConvertedDocument:
    """Return a document in which every operation has an operationId of its own."""
    paths = document.get("paths")
    if not isinstance(paths, dict):
        return ConvertedDocument(document=document)
    known: set[str] = set()
    notes: list[str] = []
    named: dict[str, JSONValue] = {}
    for path, item in paths.items():
        whole = _path_item(item, document)
        for method in METHODS:
            operation = whole.get(method)
            if not isinstance(operation, dict):
                continue
            own = operation.get("operationId")
            label = f"{method.upper()} {path}"
            if not isinstance(own, str) or not own or own in known:
                notes += [f"{label}: its operationId {own} is another operation's; it is named {label}"] * (
                    own in known
                )
                whole = {**whole, method: {**operation, "operationId": label}}
            known.add(str(own or label))
        named[path] = whole if isinstance(item, dict) else item
    return ConvertedDocument(document={**document, "paths": named}, notes=tuple(notes))


def _path_item(item: JSONValue, document: dict[str, JSONValue]) -> dict[str, JSONValue]:
    """Return a path item; of a reference, what it leads to, with the members beside it."""
    if not isinstance(item, dict) or "$ref" not in item:
        return item if isinstance(item, dict) else {}
    target = resolve(item, document)
    beside = {key: value for key, value in item.items() if key != "$ref"}
    return {**target, **beside} if target else item


def _has_other_methods(document: dict[str, JSONValue]) -> bool:
    paths = document.get("paths")
    items = paths.values() if isinstance(paths, dict) else ()
    return any(
        isinstance(item, dict) and ("query" in item or "additionalOperations" in item) for item in items
    )


def _version(document: JSONValue) -> str:
    keys = ("swagger", "openapi") if isinstance(document, dict) else ()
    return next((str(document[key]) for key in keys if isinstance(document, dict) and key in document), "")


def string_keys(node: JSONValue) -> JSONValue:
    """Return a copy with strings as mapping keys; raises SpecError if two keys become the same."""
    if isinstance(node, list):
        return [string_keys(item) for item in node]
    if not isinstance(node, dict):
        return node
    renamed = {_key(key): string_keys(value) for key, value in node.items()}
    if len(renamed) != len(node):
        raise SpecError("normalise", [f"keys that differ only by type: {', '.join(map(repr, node))}"])
    return renamed


def _key(key: object) -> str:
    """Return a YAML key as JSON would write it: `true`, `null`, `200`."""
    if isinstance(key, bool):
        return str(key).lower()
    return "null" if key is None else str(key)


def _schema(schema: dict[str, JSONValue]) -> dict[str, JSONValue]:
    if "$ref" in schema:  # 3.0 ignores siblings of a reference, 3.1 does not
        return {"$ref": schema["$ref"]}
    return _binary(_nullable(_bounds(_example(schema))))


def _example(schema: dict[str, JSONValue]) -> dict[str, JSONValue]:
    return {_examples_key(key): [value] if key == "example" else value for key, value in schema.items()}


def _examples_key(key: str) -> str:
    return "examples" if key == "example" else key


def _bounds(schema: dict[str, JSONValue]) -> dict[str, JSONValue]:
    """Convert exclusive bounds: a boolean beside the bound in 3.0, a keyword with a number in 3.1."""
    for exclusive, inclusive in BOUNDS.items():
        flag = schema.get(exclusive)
        if not isinstance(flag, bool):
            continue
        schema = {key: value for key, value in schema.items() if key != exclusive}
        if flag and inclusive in schema:
            schema[exclusive] = schema.pop(inclusive)
    return schema


def _nullable(schema: dict[str, JSONValue]) -> dict[str, JSONValue]:
    """Convert `nullable`, which extends a `type` beside it and has no effect without one (OpenAPI 3.0.3)."""
    flag = schema.get("nullable")
    schema = {key: value for key, value in schema.items() if key != "nullable"}
    if flag is not True or "type" not in schema:
        return schema
    return {**schema, "type": [schema["type"], "null"]}


def _binary(schema: dict[str, JSONValue]) -> dict[str, JSONValue]:
    meaning = BINARY.get(str(schema.get("format")))
    if meaning is None or schema.get("type") not in ("string", ["string", "null"]):
        return schema
    return {key: value for key, value in schema.items() if key != "format"} | meaning


def _mapping(node: JSONValue) -> dict[str, JSONValue]:
    if not isinstance(node, dict):
        raise SpecError("normalise", ["the document must be a mapping"])
    return node
