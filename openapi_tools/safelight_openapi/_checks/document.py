"""What must hold of every effective document, whoever the vendor."""

from collections.abc import Callable, Iterator

from safelight_lifecycle import schema_example
from safelight_openapi._checks.expressions import schemas_of
from safelight_openapi._checks.lifecycles import lifecycle_faults
from safelight_openapi._checks.validation import faults, refused
from safelight_openapi._reading.documents import JSON
from safelight_openapi._structure.grammar import METHODS, Place, places
from safelight_openapi._structure.operations import Operation, mapping, operations
from safelight_openapi._structure.references import OUTWARD, Node, node_at, outward, resolved

_OPENED = ("http", "https", "ftp", "file", "data")  # schemes that urllib opens where no handler stands


def complaints(document: Node) -> list[str]:
    """List everything that is wrong with `document`; one that is no OpenAPI is not looked at further."""
    unsound = list(reference_faults(document)) or list(format_faults(document))
    return unsound or [fault for check in CHECKS for fault in check(document)]


def reference_faults(document: Node) -> Iterator[str]:
    """Say which references lead to nothing in this document, or out of it."""
    yield from (f"{at}: {reference} {OUTWARD}" for at, reference in outward(document))
    for place in places(document):
        reference = place.node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            continue
        if node_at(document, reference.removeprefix("#")) is None:
            yield f"{place.pointer}: {reference} leads to nothing"


def format_faults(document: Node) -> Iterator[str]:
    """Say what makes it no valid OpenAPI 3.1 document, in the eyes of openapi-spec-validator.

    The validator would read files and fetch addresses, and has a way around most tables of handlers.
    """
    from jsonschema_path import SchemaPath  # noqa: PLC0415 - takes 0.2 s, as the next
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    whole = SchemaPath.from_dict(document, handlers=dict.fromkeys(_OPENED, refused))
    try:
        for error in OpenAPIV31SpecValidator(whole).iter_errors():
            place = "/".join(map(str, error.absolute_path))
            yield f"/{place}: {error.message}"
    except Unresolvable as error:
        yield f"/: {error.ref} leads to nothing, or {OUTWARD}"


def link_faults(document: Node) -> Iterator[str]:
    """Say which links lead to no operation, lack a parameter or take it from where nothing is."""
    known = operations(document)
    for operation in known.values():
        for status, response in operation.responses.items():
            for name, link in mapping(response.get("links")).items():
                for fault in _of_link(resolved(link, document), operation, response, document, known):
                    yield f"{operation.place} {status}, link {name}: {fault}"


def body_faults(document: Node) -> Iterator[str]:
    """Say which bodies nobody can send: no instance was found, with all properties or the required ones."""
    for operation in operations(document).values():
        for media, content in mapping(operation.body.get("content")).items():
            schema = mapping(content).get("schema", {})
            made = (schema_example(schema, document, required_only=only) for only in (False, True))
            tried = [faults(value, schema, document) for value in made]
            if all(tried):
                yield f"{operation.place}: no instance of its {media} body was found: {tried[0][0]}"


def example_faults(document: Node) -> Iterator[str]:
    """Say which examples and defaults their own schemas refuse."""
    for place in places(document):
        schema = place.node if place.kind == "schema" else place.node.get("schema", {})
        for name, value in _shown(place, document):
            for fault in faults(value, schema, document):
                yield f"{place.pointer}/{name}: {fault}"


def tag_faults(document: Node) -> Iterator[str]:
    """Say which webhooks share a tag with an operation: generators put each tag into a class of its own.

    openapi-generator, for one, writes the class of the webhooks' tag over that of the operations' tag. What
    has no tag goes to the class `default`.
    """
    owners: dict[str, str] = {}
    for path, item in mapping(document.get("paths")).items():
        for method, node in _methods(item, document):
            owners |= {tag: f"{method.upper()} {path}" for tag in _tags(node) if tag not in owners}
    for name, item in mapping(document.get("webhooks")).items():
        shared = [tag for _, node in _methods(item, document) for tag in _tags(node) if tag in owners]
        for tag in shared[:1]:
            has = f"has the tag {tag}, as {owners[tag]} has"
            yield f"webhook {name} {has}: generated clients overwrite one of them"


CHECKS: tuple[Callable[[Node], Iterator[str]], ...] = (
    link_faults,
    body_faults,
    example_faults,
    lifecycle_faults,
    tag_faults,
)


def _methods(item: JSON, document: Node) -> Iterator[tuple[str, Node]]:
    whole = resolved(item, document)
    return ((method, mapping(whole[method])) for method in METHODS if method in whole)


def _tags(operation: Node) -> list[str]:
    listed = operation.get("tags")
    return [str(tag) for tag in listed] if isinstance(listed, list) and listed else ["default"]


def _of_link(
    link: Node, operation: Operation, response: Node, document: Node, known: dict[str, Operation]
) -> Iterator[str]:
    target = known.get(str(link.get("operationId")))
    if target is None:
        yield f"leads to {link.get('operationId')}, which does not exist"
        return
    given = {name.rpartition(".")[2]: value for name, value in mapping(link.get("parameters")).items()}
    yield from (f"{target.name} takes no {name}" for name in given if target.parameter(name) is None)
    needed = [str(one["name"]) for one in target.parameters if one.get("required")]
    yield from (f"{target.name} needs {name}" for name in needed if name not in given)
    for value in given.values():
        if _is_expression(value) and not schemas_of(str(value), operation, response, document):
            yield f"{value} is nothing {operation.name} gives"


def _is_expression(value: JSON) -> bool:
    return isinstance(value, str) and value.startswith("$")


def _shown(place: Place, document: Node) -> Iterator[tuple[str, JSON]]:
    """Give the examples an object shows: values in a schema, Example Objects elsewhere."""
    node = place.node
    if place.kind == "schema":
        listed = node.get("examples")
        yield from (
            (f"examples/{n}", value) for n, value in enumerate(listed if isinstance(listed, list) else [])
        )
        yield from (("default", node["default"]) for _ in range("default" in node))
    elif place.kind in ("media type", "parameter", "header"):
        yield from (("example", node["example"]) for _ in range("example" in node))
        for name, schema_example in mapping(node.get("examples")).items():
            whole = resolved(schema_example, document)
            yield from ((f"examples/{name}/value", whole["value"]) for _ in range("value" in whole))
