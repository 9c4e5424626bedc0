"""Whether `x-async-jobs` fits the document it stands in: its operations, places, state words and webhook."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import jsonschema_rs

from safelight_lifecycle import EXTENSION, format_pointer, parse_path
from safelight_openapi._checks.expressions import schemas_of
from safelight_openapi._reading.documents import JSON
from safelight_openapi._structure.operations import Operation, mapping, operations
from safelight_openapi._structure.references import Node, schemas_at

SCHEMA = files("safelight_lifecycle") / "async-jobs.schema.json"
TAKES_ID = ("read", "cancel", "forget", "result", "input")


def lifecycle_faults(document: Node) -> Iterator[str]:
    """Say where a lifecycle is malformed or names what the document does not have."""
    if EXTENSION not in document:
        return
    malformed = [f"{EXTENSION}: {error}" for error in _malformed(document[EXTENSION])]
    yield from malformed
    if malformed:
        return
    known = operations(document)
    for name, job in mapping(document[EXTENSION]).items():
        for fault in _of_lifecycle(mapping(job), document, known):
            yield f"{EXTENSION}, {name}: {fault}"


def _malformed(described: JSON) -> Iterator[str]:
    for error in _schema().iter_errors(described):
        yield f"/{'/'.join(map(str, error.instance_path))}: {error.message}"


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _of_lifecycle(job: Node, document: Node, known: dict[str, Operation]) -> Iterator[str]:
    absent = [f"there is no operation {name}" for name in _named(job) if name not in known]
    yield from absent
    if absent:
        return
    both = [name for name in _listed(job, "sync") if name in _submits(job)]
    yield from (f"{name} cannot answer with a job and with its result" for name in both)
    yield from _lost_ids(job, known)
    yield from _lost_places(job, document, known)
    yield from _lost_lists(job, document, known)
    yield from _lost_words(job, document, known)
    yield from _lost_delivery(mapping(job.get("deliver")), job, document, known)


def _named(job: Node) -> Iterator[str]:
    yield from (*_submits(job), *_listed(job, "sync"))
    parts = [mapping(part) for part in job.values() if isinstance(part, dict)]
    yield from (str(part["operation"]) for part in parts if "operation" in part)


def _submits(job: Node) -> list[str]:
    return _listed(job, "submit")


def _listed(job: Node, part: str) -> list[str]:
    names = job.get(part)
    return [str(name) for name in names] if isinstance(names, list) else []


def _lost_ids(job: Node, known: dict[str, Operation]) -> Iterator[str]:
    parameter = str(mapping(job["id"])["parameter"])
    for part in TAKES_ID:
        name = mapping(job.get(part)).get("operation")
        if isinstance(name, str) and known[name].parameter(parameter) is None:
            yield f"{part}: {name} takes no parameter {parameter}"


def _lost_places(job: Node, document: Node, known: dict[str, Operation]) -> Iterator[str]:
    """Every expression must point at something in every successful answer of its operation."""
    for name, expression in _expressions(job):
        for status, response in known[name].answers():
            if not schemas_of(expression, known[name], response, document):
                yield f"{expression} is nothing {name} answers with {status}"


def _expressions(job: Node) -> Iterator[tuple[str, str]]:
    read, result, given = mapping(job["read"]), mapping(job["result"]), mapping(job.get("input"))
    places = [str(mapping(job["id"])["from"]), *_listed(mapping(job["id"]), "also")]
    places += _listed(mapping(job["id"]), "urls")
    yield from ((submit, place) for submit in _submits(job) for place in places)
    yield from (
        (str(read["operation"]), str(read[key])) for key in ("state", "progress", "eta") if key in read
    )
    inline = [whole[key] for whole, key in ((result, "inline"), (job, "errors")) if key in whole]
    yield from ((str(read["operation"]), str(expression)) for expression in inline)
    yield from ((str(part["operation"]), str(part["url"])) for part in (result, given) if "url" in part)


def _lost_lists(job: Node, document: Node, known: dict[str, Operation]) -> Iterator[str]:
    """Every JSONPath must lead somewhere in every successful answer of its operation."""
    for name, path in _paths(job):
        try:
            tokens = ["0" if step is None else step for step in parse_path(path)]
        except ValueError as error:
            yield str(error)
            continue
        expression = f"$response.body#{format_pointer(tokens)}"
        for status, response in known[name].answers():
            if not schemas_of(expression, known[name], response, document):
                yield f"{path} is nothing {name} answers with {status}"


def _paths(job: Node) -> Iterator[tuple[str, str]]:
    listing, result, read = (mapping(job.get(part)) for part in ("list", "result", "read"))
    yield from ((str(listing["operation"]), str(listing["each"])) for _ in range("each" in listing))
    yield from ((str(read["operation"]), str(result["each"])) for _ in range("each" in result))


def _lost_words(job: Node, document: Node, known: dict[str, Operation]) -> Iterator[str]:
    read = mapping(job["read"])
    operation = known[str(read["operation"])]
    found = [
        schema
        for _, response in operation.answers()
        for schema in schemas_of(str(read["state"]), operation, response, document)
    ]
    listed = [schema["enum"] for schema in found if isinstance(schema.get("enum"), list)]
    words = {str(word) for enum in listed if isinstance(enum, list) for word in enum}
    mapped = set(mapping(job["states"]))
    yield from (f"the state {word} means no core state" for word in sorted(words - mapped))
    yield from (
        f"{operation.name} never answers the state {word}" for word in sorted(mapped - words) if words
    )


def _lost_delivery(deliver: Node, job: Node, document: Node, known: dict[str, Operation]) -> Iterator[str]:
    if not deliver:
        return
    if deliver["webhook"] not in mapping(document.get("webhooks")):
        yield f"there is no webhook {deliver['webhook']}"
    field = mapping(deliver["target"]).get("field")
    if field is None:
        return
    for name in _submits(job):
        media = mapping(known[name].body.get("content")).values()
        if not any(schemas_at(mapping(one).get("schema"), (str(field),), document) for one in media):
            yield f"{name} takes no {field}"
