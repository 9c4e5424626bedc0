"""The schemas of the value that a runtime expression names in the messages of an operation."""

from safelight_lifecycle import Expression, ExpressionSource, parse_expression
from safelight_openapi._structure.operations import Operation, mapping
from safelight_openapi._structure.references import Node, resolved, schemas_at

_PLAIN = {
    ExpressionSource.URL: "string",
    ExpressionSource.METHOD: "string",
    ExpressionSource.STATUS: "integer",
}


def schemas_of(text: str, operation: Operation, response: Node, document: Node) -> list[Node]:
    """Find the schemas of the values an expression yields after `operation` answered `response`.

    No schema at all means that the expression is malformed or points at nothing the document describes.
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
        for media in mapping(node.get("content")).values()
        for schema in schemas_at(mapping(media).get("schema"), expression.pointer, document)
    ]


def _parameter(operation: Operation, expression: Expression) -> Node | None:
    is_header = expression.part is ExpressionSource.HEADER
    for parameter in operation.parameters:
        name = str(parameter.get("name"))
        if parameter.get("in") == expression.part and expression.name == (
            name.lower() if is_header else name
        ):
            return parameter
    return None


def _header(response: Node, expression: Expression, document: Node) -> Node | None:
    """Find the header an expression names; a response has no other part with a name."""
    if expression.part is not ExpressionSource.HEADER:
        return None
    headers = mapping(response.get("headers"))
    return next(
        (resolved(node, document) for name, node in headers.items() if name.lower() == expression.name), None
    )


def _schema_of(node: Node | None, document: Node) -> list[Node]:
    return schemas_at(node.get("schema"), (), document) if node else []
