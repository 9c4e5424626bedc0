"""Schemas of effective documents by name, and whether a value matches one."""

from typing import Any

from safelight_openapi import JSONValue, Node, node_at, schema_violations


def schema(document: Node, name: str) -> dict[str, Any]:
    node = node_at(document, f"/components/schemas/{name}")
    assert isinstance(node, dict)
    return node


def is_valid(value: JSONValue, name: str, document: Node) -> bool:
    return not schema_violations(value, schema(document, name), document)


def without(value: Node, *keys: str) -> Node:
    return {key: item for key, item in value.items() if key not in keys}
