"""What must hold for every effective document of any vendor."""

from collections.abc import Callable, Iterator

from safelight_lifecycle import schema_example
from safelight_openapi._checks.expressions import expression_schemas
from safelight_openapi._checks.lifecycles import lifecycle_violations
from safelight_openapi._checks.validation import refuse_retrieval, schema_violations
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import METHODS, SpecObject, walk_objects
from safelight_openapi._structure.operations import DocumentOperation, as_mapping, operations_by_id
from safelight_openapi._structure.references import EXTERNAL, Node, external_references, node_at, resolve

_SCHEMES = ("http", "https", "ftp", "file", "data")  # urllib opens these unless a handler replaces it


def find_violations(document: Node) -> list[str]:
    """Return a sentence for each violation, with its JSON pointer or operation.

    References and format are checked first: the other checks need a document that is OpenAPI, so they run
    only if these two find nothing. Takes about 0.3 s for a vendor's document.
    """
    invalid = list(reference_violations(document)) or list(format_violations(document))
    return invalid or [violation for check in CHECKS for violation in check(document)]


def reference_violations(document: Node) -> Iterator[str]:
    """Yield references that do not resolve in this document, or that lead out of it."""
    yield from (f"{at}: {reference} {EXTERNAL}" for at, reference in external_references(document))
    for spec_object in walk_objects(document):
        reference = spec_object.node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            continue
        if node_at(document, reference.removeprefix("#")) is None:
            yield f"{spec_object.pointer}: {reference} does not resolve"


def format_violations(document: Node) -> Iterator[str]:
    """Yield what openapi-spec-validator reports.

    By default the validator reads files and fetches URLs that a document names. It falls back to urllib for
    schemes without a handler, so each scheme that urllib supports needs one.
    """
    from jsonschema_path import SchemaPath  # noqa: PLC0415 - importing these takes 0.2 s
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    whole = SchemaPath.from_dict(document, handlers=dict.fromkeys(_SCHEMES, refuse_retrieval))
    try:
        for error in OpenAPIV31SpecValidator(whole).iter_errors():
            location = "/".join(map(str, error.absolute_path))
            yield f"/{location}: {error.message}"
    except Unresolvable as error:
        yield f"/: {error.ref} does not resolve, or {EXTERNAL}"


def link_violations(document: Node) -> Iterator[str]:
    """Yield links whose operation, parameters or expressions do not exist in the document."""
    known = operations_by_id(document)
    for operation in known.values():
        for status, response in operation.responses.items():
            for name, link in as_mapping(response.get("links")).items():
                for violation in link_problems(resolve(link, document), operation, response, document, known):
                    yield f"{operation.label} {status}, link {name}: {violation}"


def body_violations(document: Node) -> Iterator[str]:
    """Yield request bodies that may be unsatisfiable: no example with some or all properties is valid.

    Examples are made from the schema, so a satisfiable schema with an unusual `pattern` is reported too; an
    example in the document solves that.
    """
    for operation in operations_by_id(document).values():
        for media, content in as_mapping(operation.body.get("content")).items():
            schema = as_mapping(content).get("schema", {})
            examples = (schema_example(schema, document, required_only=only) for only in (False, True))
            results = [schema_violations(value, schema, document) for value in examples]
            if all(results):
                yield f"{operation.label}: no example of its {media} body is valid: {results[0][0]}"


def example_violations(document: Node) -> Iterator[str]:
    """Yield examples and defaults that do not match their schema."""
    for spec_object in walk_objects(document):
        schema = spec_object.node if spec_object.kind == "schema" else spec_object.node.get("schema", {})
        for name, value in object_examples(spec_object, document):
            for violation in schema_violations(value, schema, document):
                yield f"{spec_object.pointer}/{name}: {violation}"


def tag_violations(document: Node) -> Iterator[str]:
    """Yield webhooks that share a tag with an operation: generators write a class for each tag.

    openapi-generator, for example, overwrites the class of the operations' tag with that of the webhooks'
    tag. Operations without a tag are in the class `default`.
    """
    owners: dict[str, str] = {}
    for path, item in as_mapping(document.get("paths")).items():
        for method, node in _methods(item, document):
            owners |= {tag: f"{method.upper()} {path}" for tag in _tags(node) if tag not in owners}
    for name, item in as_mapping(document.get("webhooks")).items():
        shared = [tag for _, node in _methods(item, document) for tag in _tags(node) if tag in owners]
        for tag in shared[:1]:
            has = f"has the tag {tag}, as {owners[tag]} has"
            yield f"webhook {name} {has}: generated clients overwrite one of them"


CHECKS: tuple[Callable[[Node], Iterator[str]], ...] = (
    link_violations,
    body_violations,
    example_violations,
    lifecycle_violations,
    tag_violations,
)


def _methods(item: JSONValue, document: Node) -> Iterator[tuple[str, Node]]:
    whole = resolve(item, document)
    return ((method, as_mapping(whole[method])) for method in METHODS if method in whole)


def _tags(operation: Node) -> list[str]:
    listed = operation.get("tags")
    return [str(tag) for tag in listed] if isinstance(listed, list) and listed else ["default"]


def link_problems(
    link: Node,
    operation: DocumentOperation,
    response: Node,
    document: Node,
    known: dict[str, DocumentOperation],
) -> Iterator[str]:
    """Yield what is wrong with one link of a response, as a part of a sentence."""
    target = known.get(str(link.get("operationId")))
    if target is None:
        yield f"leads to {link.get('operationId')}, which is not an operation of the document"
        return
    arguments = {name.rpartition(".")[2]: value for name, value in as_mapping(link.get("parameters")).items()}
    yield from (
        f"{target.name} has no parameter {name}" for name in arguments if target.parameter(name) is None
    )
    needed = [str(one["name"]) for one in target.parameters if one.get("required")]
    yield from (f"{target.name} requires {name}" for name in needed if name not in arguments)
    for value in arguments.values():
        if _is_expression(value) and not expression_schemas(str(value), operation, response, document):
            yield f"{value} reads nothing that {operation.name} describes"


def _is_expression(value: JSONValue) -> bool:
    return isinstance(value, str) and value.startswith("$")


def object_examples(spec_object: SpecObject, document: Node) -> Iterator[tuple[str, JSONValue]]:
    """Yield the examples of an object by relative pointer: values in a schema, Example Objects elsewhere."""
    node = spec_object.node
    if spec_object.kind == "schema":
        listed = node.get("examples")
        yield from (
            (f"examples/{n}", value) for n, value in enumerate(listed if isinstance(listed, list) else [])
        )
        yield from (("default", node["default"]) for _ in range("default" in node))
    elif spec_object.kind in ("media type", "parameter", "header"):
        yield from (("example", node["example"]) for _ in range("example" in node))
        for name, schema_example in as_mapping(node.get("examples")).items():
            whole = resolve(schema_example, document)
            yield from ((f"examples/{name}/value", whole["value"]) for _ in range("value" in whole))
