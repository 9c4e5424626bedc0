"""The schemas of the value that a runtime expression reads from the messages of an operation."""

from safelight_lifecycle import Expression, ExpressionSource, parse_expression
from safelight_openapi._structure.operations import DocumentOperation, as_mapping
from safelight_openapi._structure.references import Node, resolve, schemas_at

_PLAIN = {
    ExpressionSource.URL: "string",
    ExpressionSource.METHOD: "string",
    ExpressionSource.STATUS: "integer",
}
_OF_HTTP = ("location",)  # RFC 9110, 10.2.2


def expression_schemas(text: str, operation: DocumentOperation, response: Node, document: Node) -> list[Node]:
    """Return the schemas of the value that an expression reads after `operation` returned `response`.

    An empty list means that the expression is malformed, or reads something that the document does not
    describe.
    """
    try:
        expression = parse_expression(text)
    except ValueError:
        return []
    if expression.part in _PLAIN:
        return [{"type": _PLAIN[expression.part]}]
    if expression.part is ExpressionSource.BODY:
        return _in_body(operation.body if expression.is_request else response, expression, document)
    if expression.is_request:
        return _schema_of(_parameter(operation, expression), document)
    return _schema_of(_header(response, expression, document), document)


def _in_body(node: Node, expression: Expression, document: Node) -> list[Node]:
    return [
        schema
        for media in as_mapping(node.get("content")).values()
        for schema in schemas_at(as_mapping(media).get("schema"), expression.pointer, document)
    ]


def _parameter(operation: DocumentOperation, expression: Expression) -> Node | None:
    is_header = expression.part is ExpressionSource.HEADER
    for parameter in operation.parameters:
        name = str(parameter.get("name"))
        if parameter.get("in") == expression.part and expression.name == (
            name.lower() if is_header else name
        ):
            return parameter
    return None


def _header(response: Node, expression: Expression, document: Node) -> Node | None:
    """Return the header that an expression names; of a response, only headers have names.

    Of a response without a body, documents forget those that HTTP itself describes.
    """
    if expression.part is not ExpressionSource.HEADER:
        return None
    headers = {
        name.lower(): resolve(node, document) for name, node in as_mapping(response.get("headers")).items()
    }
    is_usual = expression.name in _OF_HTTP and bool(response) and not _has_members(response, document)
    return headers.get(expression.name) or ({"schema": {"type": "string"}} if is_usual else None)


def _has_members(response: Node, document: Node) -> bool:
    """Whether a response has a body of which anything is described."""
    media = map(as_mapping, as_mapping(response.get("content")).values())
    return any(
        one.get("properties") or "items" in one for node in media for one in _schema_of(node, document)
    )


def _schema_of(node: Node | None, document: Node) -> list[Node]:
    return schemas_at(node.get("schema"), (), document) if node else []
