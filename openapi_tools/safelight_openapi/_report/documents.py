"""What is wrong with a document itself: what cannot be served is an error, the rest a warning."""

from collections.abc import Iterator

from safelight_lifecycle import format_pointer, parse_pointer, schema_example
from safelight_openapi._checks.document import (
    link_problems,
    object_examples,
    tag_violations,
)
from safelight_openapi._findings.candidates import closest
from safelight_openapi._findings.finding import Action, Finding, FindingCode, Severity
from safelight_openapi._findings.fixes import Location, add_member, remove_value, rename_member, set_value
from safelight_openapi._loading.schemas import usable_schemas
from safelight_openapi._loading.shape import shape_problems
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._report.format import format_findings
from safelight_openapi._report.locations import location_of
from safelight_openapi._report.validators import DocumentValidators
from safelight_openapi._structure.grammar import walk_objects
from safelight_openapi._structure.operations import DocumentOperation, as_mapping, operations_by_id
from safelight_openapi._structure.references import Node, local_references, node_at, resolve

MOST = 100  # findings of one kind: a document made by a program can have one for each operation


def document_findings(document: Node) -> Iterator[Finding]:
    """Yield what is wrong with a document; the other checks need objects of the right types."""
    shapes = [_shape(text) for text in shape_problems(document)]
    yield from shapes[:MOST]
    if shapes:
        return
    references = list(_references(document))
    yield from references[:MOST]
    for check in (
        (_links, _security, _tags) if references else (format_findings, _links, _security, _schemas, _tags)
    ):
        yield from list(check(document))[:MOST]


def _shape(text: str) -> Finding:
    pointer, _, message = text.partition(": ")
    at = pointer if pointer.startswith("/") else ""
    return Finding(code=FindingCode.INVALID_DOCUMENT, message=message, pointer=at)


def _references(document: Node) -> Iterator[Finding]:
    for at, reference in local_references(document):
        if not reference.startswith("#"):
            yield Finding(
                code=FindingCode.EXTERNAL_REFERENCE,
                message=f"{reference} leads out of the document; bundle all of it into one file",
                pointer=at,
                actual=reference,
                expected="a reference that begins with #",
            )
        elif node_at(document, reference.removeprefix("#")) is None:
            names = tuple(_similar_references(document, reference))
            yield Finding(
                code=FindingCode.UNRESOLVED_REFERENCE,
                message=f"{reference} does not exist",
                pointer=at,
                actual=reference,
                candidates=names,
                fix=tuple(
                    set_value(location_of(at, document), name, f"{reference} does not exist.")
                    for name in names[:1]
                ),
            )


def _similar_references(document: Node, reference: str) -> Iterator[str]:
    above, _, name = reference.rpartition("/")
    siblings = as_mapping(node_at(document, above.removeprefix("#")))
    for similar in closest(parse_pointer(f"/{name}")[0], map(str, siblings)):
        yield f"{above}{format_pointer((similar,))}"


def _security(document: Node) -> Iterator[Finding]:
    """Yield the security requirements that name a scheme which does not exist: no key is asked for."""
    schemes = as_mapping(as_mapping(document.get("components")).get("securitySchemes"))
    holders: list[tuple[Location, Node]] = [((), document)]
    for one in operations_by_id(document).values():
        operation = ("paths", one.path, one.method)
        holders.append((operation, as_mapping(node_at(document, format_pointer(operation)))))
    for at, node in holders:
        required = node.get("security")
        for index, requirement in enumerate(required if isinstance(required, list) else ()):
            for name in as_mapping(requirement):
                if name not in schemes:
                    yield _unknown_scheme((*at, "security", index), name, requirement, schemes)


def _unknown_scheme(at: Location, name: str, requirement: JSONValue, schemes: Node) -> Finding:
    similar = closest(name, schemes) or (tuple(schemes) if len(schemes) == 1 else ())
    reason = f"There is no security scheme {name}."
    value = as_mapping(requirement).get(name)
    return Finding(
        code=FindingCode.UNKNOWN_SCHEME,
        message=f"there is no security scheme {name}, so no key is asked for",
        pointer=format_pointer((*map(str, at), name)),
        actual=name,
        expected=", ".join(schemes) or "a member of components/securitySchemes",
        candidates=similar,
        fix=rename_member((*at, name), similar[0], value, reason) if similar else (),
        severity=Severity.WARNING,
    )


def _links(document: Node) -> Iterator[Finding]:
    known = operations_by_id(document)
    for operation in known.values():
        for status, response in operation.responses.items():
            for name, node in as_mapping(response.get("links")).items():
                link = resolve(node, document)
                at = ("paths", operation.path, operation.method, "responses", status, "links", name)
                for problem in link_problems(link, operation, response, document, known):
                    yield _link(link, at, problem, document, closest(str(link.get("operationId")), known))


def _link(link: Node, at: tuple[str, ...], problem: str, document: Node, similar: tuple[str, ...]) -> Finding:
    is_unknown = problem.startswith("leads to")
    is_inline = "$ref" not in as_mapping(node_at(document, format_pointer(at)))
    fix: tuple[Action, ...] = ()
    if is_inline and node_at(document, format_pointer(at)) is not None:
        reason = f"The link {problem}."
        corrected = is_unknown and similar
        fix = (add_member(at, "operationId", similar[0], reason) if corrected else remove_value(at, reason),)
    return Finding(
        code=FindingCode.INVALID_LINK,
        message=f"the link {problem}",
        pointer=format_pointer(at),
        actual=link.get("operationId"),
        candidates=similar if is_unknown else (),
        fix=fix,
        severity=Severity.WARNING,
    )


def _schemas(document: Node) -> Iterator[Finding]:
    """Yield what is wrong with schemas, with examples of them, and with bodies without examples."""
    usable, ignored = usable_schemas(document)
    for text in ignored:
        pointer, _, message = text.partition(": ignored, because ")
        yield Finding(
            code=FindingCode.INVALID_DOCUMENT,
            message=f"the keyword is ignored: {message}",
            pointer=pointer,
            actual=node_at(document, pointer),
            fix=(remove_value(location_of(pointer, document), "No validator accepts this value."),),
            severity=Severity.WARNING,
        )
    validators = DocumentValidators(usable)
    yield from _examples(usable, validators)
    for operation in operations_by_id(usable).values():
        yield from _bodies(operation, usable, validators)


def _examples(document: Node, validators: DocumentValidators) -> Iterator[Finding]:
    for spec_object in walk_objects(document):
        schema = spec_object.pointer if spec_object.kind == "schema" else f"{spec_object.pointer}/schema"
        for name, value in object_examples(spec_object, document):
            pointer = f"{spec_object.pointer}/{name}"
            if node_at(document, schema) is None or node_at(document, pointer) is None:
                continue  # without a schema, or an example that is a reference
            for violation in validators.violations(schema)(value)[:1]:
                yield Finding(
                    code=FindingCode.INVALID_EXAMPLE,
                    message=f"it does not match its schema: {violation}",
                    pointer=pointer,
                    actual=value,
                    fix=(remove_value(location_of(pointer, document), "It does not match its schema."),),
                    severity=Severity.WARNING,
                )


def _bodies(
    operation: DocumentOperation, document: Node, validators: DocumentValidators
) -> Iterator[Finding]:
    at = format_pointer(("paths", operation.path, operation.method, "requestBody"))
    node = as_mapping(node_at(document, at))
    base = str(node["$ref"]).removeprefix("#") if "$ref" in node else at
    for media, content in as_mapping(operation.body.get("content")).items():
        schema = as_mapping(content).get("schema")
        if schema is None:
            continue
        violations = validators.violations(f"{base}{format_pointer(('content', media, 'schema'))}")
        results = [violations(schema_example(schema, document, required_only=only)) for only in (False, True)]
        if all(results):
            yield Finding(
                code=FindingCode.UNSATISFIABLE_BODY,
                message=f"no example of its {media} body is valid: {results[0][0]}; add one to the schema",
                pointer=at,
                severity=Severity.WARNING,
            )


def _tags(document: Node) -> Iterator[Finding]:
    for text in tag_violations(document):
        name = next(
            one for one in as_mapping(document.get("webhooks")) if text.startswith(f"webhook {one} has")
        )
        at = ("webhooks", name)
        item = as_mapping(node_at(document, format_pointer(at)))
        methods = [method for method, node in item.items() if isinstance(node, dict)]
        reason = "Generators write one class for the operations of a tag, and another for its webhooks."
        fix = [
            remove_value((*at, method, "tags"), reason)
            for method in methods
            if "tags" in as_mapping(item[method])
        ]
        fix += [add_member((*at, method), "tags", ["Webhooks of the API"], reason) for method in methods]
        yield Finding(
            code=FindingCode.SHARED_TAG,
            message=text,
            pointer=format_pointer(at),
            fix=tuple(fix),
            severity=Severity.WARNING,
        )
