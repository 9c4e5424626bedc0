"""Whether `x-async-jobs` matches its document: its operations, expressions, vendor states and webhook."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import jsonschema_rs

from safelight_lifecycle import EXTENSION, format_pointer, parse_path
from safelight_openapi._checks.expressions import expression_schemas
from safelight_openapi._reading.documents import JSON
from safelight_openapi._structure.operations import DocumentOperation, as_mapping, operations_by_id
from safelight_openapi._structure.references import Node, schemas_at

SCHEMA = files("safelight_lifecycle") / "async-jobs.schema.json"
TAKES_ID = ("read", "cancel", "delete", "result", "input")


def lifecycle_violations(document: Node) -> Iterator[str]:
    """Yield where a lifecycle is malformed, or names something that the document does not have."""
    if EXTENSION not in document:
        return
    malformed = [f"{EXTENSION}: {error}" for error in _malformed(document[EXTENSION])]
    yield from malformed
    if malformed:
        return
    known = operations_by_id(document)
    for name, job in as_mapping(document[EXTENSION]).items():
        for violation in _lifecycle_problems(as_mapping(job), document, known):
            yield f"{EXTENSION}, {name}: {violation}"


def _malformed(described: JSON) -> Iterator[str]:
    for error in _schema().iter_errors(described):
        yield f"/{'/'.join(map(str, error.instance_path))}: {error.message}"


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _lifecycle_problems(job: Node, document: Node, known: dict[str, DocumentOperation]) -> Iterator[str]:
    unknown = [f"the document has no operation {name}" for name in _named(job) if name not in known]
    yield from unknown
    if unknown:
        return
    both = [name for name in _listed(job, "sync") if name in _submits(job)]
    yield from (
        f"{name} is under both submit and sync; it returns either a job or its result" for name in both
    )
    yield from _id_problems(job, known)
    yield from _expression_problems(job, document, known)
    yield from _path_problems(job, document, known)
    yield from _state_problems(job, document, known)
    yield from _delivery_problems(as_mapping(job.get("deliver")), job, document, known)


def _named(job: Node) -> Iterator[str]:
    yield from (*_submits(job), *_listed(job, "sync"))
    parts = [as_mapping(part) for part in job.values() if isinstance(part, dict)]
    yield from (str(part["operation"]) for part in parts if "operation" in part)


def _submits(job: Node) -> list[str]:
    return _listed(job, "submit")


def _listed(job: Node, part: str) -> list[str]:
    names = job.get(part)
    return [str(name) for name in names] if isinstance(names, list) else []


def _id_problems(job: Node, known: dict[str, DocumentOperation]) -> Iterator[str]:
    parameter = str(as_mapping(job["id"])["parameter"])
    for part in TAKES_ID:
        name = as_mapping(job.get(part)).get("operation")
        if isinstance(name, str) and known[name].parameter(parameter) is None:
            yield f"{part}: {name} has no parameter {parameter}"


def _expression_problems(job: Node, document: Node, known: dict[str, DocumentOperation]) -> Iterator[str]:
    """Every expression must read something in every successful response of its operation."""
    for name, expression in _expressions(job):
        for status, response in known[name].success_responses():
            if not expression_schemas(expression, known[name], response, document):
                yield f"{expression} reads nothing in the {status} response of {name}"


def _expressions(job: Node) -> Iterator[tuple[str, str]]:
    read, result, source = as_mapping(job["read"]), as_mapping(job["result"]), as_mapping(job.get("input"))
    expressions = [str(as_mapping(job["id"])["from"]), *_listed(as_mapping(job["id"]), "also")]
    expressions += _listed(as_mapping(job["id"]), "urls")
    yield from ((submit, expression) for submit in _submits(job) for expression in expressions)
    yield from (
        (str(read["operation"]), str(read[key])) for key in ("state", "progress", "eta") if key in read
    )
    inline = [whole[key] for whole, key in ((result, "inline"), (job, "errors")) if key in whole]
    yield from ((str(read["operation"]), str(expression)) for expression in inline)
    yield from ((str(part["operation"]), str(part["url"])) for part in (result, source) if "url" in part)


def _path_problems(job: Node, document: Node, known: dict[str, DocumentOperation]) -> Iterator[str]:
    """Every JSONPath must select something in every successful response of its operation."""
    for name, path in _paths(job):
        try:
            tokens = ["0" if step is None else step for step in parse_path(path)]
        except ValueError as error:
            yield str(error)
            continue
        expression = f"$response.body#{format_pointer(tokens)}"
        for status, response in known[name].success_responses():
            if not expression_schemas(expression, known[name], response, document):
                yield f"{path} selects nothing in the {status} response of {name}"


def _paths(job: Node) -> Iterator[tuple[str, str]]:
    listing, result, read = (as_mapping(job.get(part)) for part in ("list", "result", "read"))
    yield from ((str(listing["operation"]), str(listing["each"])) for _ in range("each" in listing))
    yield from ((str(read["operation"]), str(result["each"])) for _ in range("each" in result))


def _state_problems(job: Node, document: Node, known: dict[str, DocumentOperation]) -> Iterator[str]:
    read = as_mapping(job["read"])
    operation = known[str(read["operation"])]
    schemas = [
        schema
        for _, response in operation.success_responses()
        for schema in expression_schemas(str(read["state"]), operation, response, document)
    ]
    listed = [schema["enum"] for schema in schemas if isinstance(schema.get("enum"), list)]
    vendor_states = {str(state) for enum in listed if isinstance(enum, list) for state in enum}
    mapped = set(as_mapping(job["states"]))
    yield from (
        f"the state {state} is not mapped to a core state" for state in sorted(vendor_states - mapped)
    )
    yield from (
        f"{operation.name} never returns the state {state}"
        for state in sorted(mapped - vendor_states)
        if vendor_states
    )


def _delivery_problems(
    deliver: Node, job: Node, document: Node, known: dict[str, DocumentOperation]
) -> Iterator[str]:
    if not deliver:
        return
    if deliver["webhook"] not in as_mapping(document.get("webhooks")):
        yield f"the document has no webhook {deliver['webhook']}"
    field = as_mapping(deliver["target"]).get("field")
    if field is None:
        return
    for name in _submits(job):
        media = as_mapping(known[name].body.get("content")).values()
        if not any(schemas_at(as_mapping(one).get("schema"), (str(field),), document) for one in media):
            yield f"{name} has no field {field}"
