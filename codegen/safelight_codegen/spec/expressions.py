"""OpenAPI runtime expressions (`$response.body#/id`): what they point at, seen from an operation's answer."""

import re

from safelight_codegen.spec.operations import Operation, mapping
from safelight_codegen.spec.references import Node, resolved, schemas_at

_FORM = re.compile(r"\$(request|response)\.(?:(body)(?:#(/.*))?|(header|path|query)\.(.+))")
_PLAIN = ("$url", "$method", "$statusCode")


def schemas_of(expression: str, operation: Operation, response: Node, document: Node) -> list[Node]:
    """Find the schemas of the values `expression` yields after `operation` answered `response`.

    No schema at all means that the expression is malformed or points at nothing the document describes.
    """
    if expression in _PLAIN:
        return [{"type": "integer" if expression == "$statusCode" else "string"}]
    match = _FORM.fullmatch(expression)
    if match is None:
        return []
    side, body, pointer, place, name = match.groups()
    if body:
        return _in_body(operation.body if side == "request" else response, pointer or "", document)
    if side == "request":
        return _schema_of(operation.parameter(name, place), document)
    return _schema_of(_header(response, name, document), document) if place == "header" else []


def _in_body(node: Node, pointer: str, document: Node) -> list[Node]:
    media = mapping(node.get("content")).values()
    return [schema for one in media for schema in schemas_at(mapping(one).get("schema"), pointer, document)]


def _header(response: Node, name: str, document: Node) -> Node | None:
    """Header names are compared without regard to case (RFC 9110)."""
    headers = mapping(response.get("headers"))
    return next(
        (resolved(node, document) for key, node in headers.items() if key.lower() == name.lower()), None
    )


def _schema_of(node: Node | None, document: Node) -> list[Node]:
    return schemas_at(node.get("schema"), "", document) if node else []
