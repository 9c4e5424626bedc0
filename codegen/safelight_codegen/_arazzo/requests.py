"""Example requests: what has to be sent, as little as possible, and what a condition wants besides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from safelight_codegen._arazzo.api import Node, WorkflowApi
from safelight_lifecycle import (
    JSON,
    Condition,
    Expression,
    ExpressionSource,
    RequestParts,
    media_example,
    schema_example,
    with_value_at,
)
from safelight_openapi import DocumentOperation, as_mapping, schema_violations, schemas_at

FORM = "multipart/form-data"
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1.2, section 4.8.12.1
_BINARY = "application/octet-stream"
_URL = "https://example.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRequest:
    """Parameters by location and name, and a body; `files` are the fields of a form that are files.

    `problem` is why the body does not match its schema; empty if it does.
    """

    parameters: Mapping[tuple[str, str], JSON] = field(default_factory=dict)
    media: str = ""
    body: JSON = None
    files: frozenset[str] = frozenset()
    is_file: bool = False
    problem: str = ""

    def value(self, place: Expression) -> JSON:
        """Return what the request has at a place."""

        def of(location: str) -> dict[str, JSON]:
            return {name: value for (where, name), value in self.parameters.items() if where == location}

        headers = {name.lower(): str(value) for name, value in of("header").items()}
        parts = RequestParts(path=of("path"), query=of("query"), headers=headers, body=self.body)
        return parts.value(place)

    def with_value(self, place: Expression, value: JSON) -> "ExampleRequest":
        """Return a request that has a value at a place."""
        if place.part is ExpressionSource.BODY:
            return replace(self, body=with_value_at(place.pointer, self.body, value))
        return replace(self, parameters={**self.parameters, (place.part.value, place.name): value})


def example_request(api: WorkflowApi, name: str, condition: Condition) -> ExampleRequest:
    """Return a request of an operation that has what it requires, and what a condition wants."""
    operation = api.operations[name]
    required = {
        (str(one["in"]), str(one["name"])): parameter_example(one, api.document)
        for one in operation.parameters
        if one.get("required") and not _is_ignored(one)
    }
    request = _with_body(ExampleRequest(parameters=required), operation, api.document)
    for place, values in condition.wanted:
        value = values[0] if values else _some_value(place, operation, api.document)
        request = request.with_value(place, value)
    return request


def parameter_example(parameter: Node, document: Node) -> JSON:
    """Return an example of a parameter; of a list its first item, which is sent in the same way."""
    content = as_mapping(parameter.get("content"))
    value = media_example(as_mapping(next(iter(content.values()), parameter)), document)
    while isinstance(value, list):
        value = value[0] if value else ""
    return value


def _is_ignored(parameter: Node) -> bool:
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in _IGNORED_HEADERS


def _with_body(request: ExampleRequest, operation: DocumentOperation, document: Node) -> ExampleRequest:
    content = as_mapping(operation.body.get("content"))
    media = next((name for name in sorted(content, key=_preference)), "")
    if not media:
        return request
    node = as_mapping(content[media])
    if not _is_structured(media):
        return replace(request, media=media, is_file=True)
    files = frozenset(_files(node.get("schema"), document)) if media == FORM else frozenset()
    body, problem = _valid_body(node, files, document)
    return replace(request, media=media, body=body, files=files, problem=problem)


def _preference(media: str) -> int:
    """Return the rank of a media type: JSON, forms, then files."""
    plain = media.partition(";")[0].strip().lower()
    if plain == "application/json" or plain.endswith("+json"):
        return 0
    return {FORM: 1, "application/x-www-form-urlencoded": 2, _BINARY: 3}.get(plain, 4)


def _is_structured(media: str) -> bool:
    return _preference(media) < _preference(_BINARY)


def _valid_body(node: Node, files: Iterable[str], document: Node) -> tuple[JSON, str]:
    """Return the smallest body that matches its schema, and what is wrong with it if none does.

    One without members is not sent by runners, so it is the last choice.
    """
    schema, reason = node.get("schema", {}), ""
    bodies = sorted(_bodies(node, files, document), key=lambda body: body in ({}, []))
    for body in bodies:
        violations = schema_violations(body, schema, document)
        if not violations:
            return body, ""
        reason = reason or violations[0]
    return bodies[0], reason


def _bodies(node: Node, files: Iterable[str], document: Node) -> Iterator[JSON]:
    """Yield bodies, best first: what is required with a file, the document's example, one property, all."""
    schema = node.get("schema", {})
    least, whole = schema_example(schema, document, required_only=True), schema_example(schema, document)
    if isinstance(least, dict) and least.keys().isdisjoint(files):
        yield from ({**least, name: ""} for name in files)
    yield least
    yield from (media_example(node, document) for key in ("example", "examples") if key in node)
    yield from ({name: value} for name, value in as_mapping(whole).items())
    yield whole


def _files(schema: JSON, document: Node) -> Iterator[str]:
    """Yield the properties of a form that are files."""
    for whole in schemas_at(schema, (), document):
        for name in as_mapping(whole.get("properties")):
            if any(map(_is_binary, schemas_at(schema, [name], document))):
                yield name


def _is_binary(schema: Node) -> bool:
    return schema.get("contentMediaType") == _BINARY or schema.get("format") == "binary"


def _some_value(place: Expression, operation: DocumentOperation, document: Node) -> JSON:
    """Return a value that is neither nothing nor false; an address where any text is allowed."""
    for schema in _schemas(place, operation, document):
        value = schema_example(schema, document, text=_URL)
        if value not in (None, ""):
            return value or True  # of a switch, its default
    return _URL


def _schemas(place: Expression, operation: DocumentOperation, document: Node) -> Iterator[Node]:
    if place.part is ExpressionSource.BODY:
        for media in as_mapping(operation.body.get("content")).values():
            yield from schemas_at(as_mapping(media).get("schema"), place.pointer, document)
    elif parameter := operation.parameter(place.name, place.part):
        yield as_mapping(parameter.get("schema"))
