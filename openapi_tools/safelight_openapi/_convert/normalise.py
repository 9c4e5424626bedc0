"""Converts any OpenAPI 3.0 or 3.1 document to one dialect: OpenAPI 3.1.2 with string keys.

This runs before overlays, because they cannot rename keys, and would have to be written once per dialect.
"""

import re
from collections.abc import Mapping

from safelight_openapi._errors import SpecError
from safelight_openapi._reading.documents import JSON
from safelight_openapi._structure.grammar import rewrite_objects

DIALECT = "3.1.2"
BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
BINARY: Mapping[str, dict[str, JSON]] = {
    "binary": {"contentMediaType": "application/octet-stream"},
    "byte": {"contentEncoding": "base64"},
}


def normalise(document: JSON) -> dict[str, JSON]:
    """Return a copy of a document as OpenAPI 3.1.2; raises SpecError if it is neither 3.0 nor 3.1."""
    keyed = string_keys(document)
    version = keyed.get("openapi") if isinstance(keyed, dict) else None
    if not isinstance(keyed, dict) or not re.fullmatch(r"3\.[01]\.\d+", str(version)):
        raise SpecError("normalise", [f"`openapi` is {version!r}; it must be 3.0.x or 3.1.x"])
    old = str(version).startswith("3.0.")
    converted = rewrite_objects(keyed, {"schema": _schema}) if old else keyed
    return {**_mapping(converted), "openapi": DIALECT}


def string_keys(node: JSON) -> JSON:
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


def _schema(schema: dict[str, JSON]) -> dict[str, JSON]:
    if "$ref" in schema:  # 3.0 ignores siblings of a reference, 3.1 does not
        return {"$ref": schema["$ref"]}
    return _binary(_nullable(_bounds(_example(schema))))


def _example(schema: dict[str, JSON]) -> dict[str, JSON]:
    return {_examples_key(key): [value] if key == "example" else value for key, value in schema.items()}


def _examples_key(key: str) -> str:
    return "examples" if key == "example" else key


def _bounds(schema: dict[str, JSON]) -> dict[str, JSON]:
    """Convert exclusive bounds: a boolean beside the bound in 3.0, a keyword with a number in 3.1."""
    for exclusive, inclusive in BOUNDS.items():
        flag = schema.get(exclusive)
        if not isinstance(flag, bool):
            continue
        schema = {key: value for key, value in schema.items() if key != exclusive}
        if flag and inclusive in schema:
            schema[exclusive] = schema.pop(inclusive)
    return schema


def _nullable(schema: dict[str, JSON]) -> dict[str, JSON]:
    """Convert `nullable`, which extends a `type` beside it and has no effect without one (OpenAPI 3.0.3)."""
    flag = schema.get("nullable")
    schema = {key: value for key, value in schema.items() if key != "nullable"}
    if flag is not True or "type" not in schema:
        return schema
    return {**schema, "type": [schema["type"], "null"]}


def _binary(schema: dict[str, JSON]) -> dict[str, JSON]:
    meaning = BINARY.get(str(schema.get("format")))
    if meaning is None or schema.get("type") not in ("string", ["string", "null"]):
        return schema
    return {key: value for key, value in schema.items() if key != "format"} | meaning


def _mapping(node: JSON) -> dict[str, JSON]:
    if not isinstance(node, dict):
        raise SpecError("normalise", ["the document must be a mapping"])
    return node
