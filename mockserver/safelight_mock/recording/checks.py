"""Compares requests and responses with the document of an API; findings have no values of theirs."""

from collections.abc import Iterator, Mapping

from safelight_mock.recording.exchange import Body
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.operation import Operation, unknown_fields
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.schema import Query, Schema, unambiguous
from safelight_mock.wire.violations import Violation, violations

MOST = 20  # findings of one message


def request_findings(operation: Operation, request: Request, in_path: Mapping[str, str]) -> Iterator[str]:
    """Yield what is not described of a request, whose body was read."""
    parameters = operation.parameters(in_path, request.query)
    try:
        parameters.check()
    except Problem as problem:
        yield f"request: the parameter {problem.field} is missing, or not as described"
    known = {*operation.query_parameters, *parameters.texts["path"]}
    yield from (
        f"request: the query parameter {name} is not described"
        for name in Query(request.query)
        if name not in known
    )
    try:
        values = operation.read_body(request)
    except Problem as problem:
        yield from _refused(problem)
        return
    schema = operation.media_types.get(operation.media_type(request))
    if schema is not None and isinstance(values, Mapping):
        yield from (f"request: the field {name} is not described" for name in _unknown(schema, values))


def response_findings(operation: Operation, status: int, body: Body) -> Iterator[str]:
    """Yield what is not described of a response."""
    if not operation.responses.describes(status):
        yield f"response: the status {status} is not described"
        return
    schema = operation.responses.schema(status, body.media_type)
    if schema is not None and body.has_json:
        yield from (f"response {status}: {finding}" for finding in value_findings(schema, body.json))


def value_findings(schema: Schema, value: JSON) -> Iterator[str]:
    """Yield what a schema does not describe of a value."""
    try:
        broken = [*violations(unambiguous(schema.errors(value)))]
    except Problem:  # nested too deeply
        return
    yield from map(_sentence, broken[:MOST])
    yield from (f"the field {name} is not described" for name in _unknown(schema, value))


def _refused(problem: Problem) -> Iterator[str]:
    if problem.violations:
        yield from (f"request: {_sentence(one)}" for one in problem.violations[:MOST])
    elif problem.kind is Kind.UNSUPPORTED_TYPE:
        yield "request: the media type of the body is not described"
    else:
        yield f"request: the body is not as described{f' ({problem.field})' if problem.field else ''}"


def _sentence(one: Violation) -> str:
    place = ".".join("*" if isinstance(part, int) else str(part) for part in one.path) or "the body"
    return f"{place} breaks the rule {one.rule!r} of its schema"


def _unknown(schema: Schema, value: JSON) -> list[str]:
    names = ["".join(_generic(name)) for name in unknown_fields(schema, value)]
    return [*dict.fromkeys(names)][:MOST]


def _generic(name: str) -> str:
    return ".".join("*" if part.isdecimal() else part for part in name.split("."))
