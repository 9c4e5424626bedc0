"""Each document and lifecycle under examples/ is valid, and they fit one another."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator

from safelight_lifecycle import parse_path
from safelight_openapi._checks.document import complaints
from safelight_openapi._checks.expressions import schemas_of
from safelight_openapi._convert.normalise import normalise
from safelight_openapi._overlay import apply_overlay, load_overlay
from safelight_openapi._reading.documents import read_document
from safelight_openapi._structure.operations import Operation, operations
from safelight_openapi._structure.references import resolved, schemas_at

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "lifecycle/safelight_lifecycle/async-jobs-2.schema.json"
NAMES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/lifecycle.overlay.yaml"))
VENDORS = ("claid", "tengr", "topaz")
KINDS = ("Documented", "Observed", "Assumed")
GIVEN = ("id", "parent", "state", "progress", "result")  # in a list, what `like` has is there as well

Node = dict[str, Any]
Found = dict[str, Operation]


def test_there_are_eleven_examples() -> None:
    assert len(NAMES) == 11


@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_valid(name: str) -> None:
    document = read_document(_source(name))

    if "swagger" in document:
        assert list(OpenAPIV2SpecValidator(document).iter_errors()) == []
    assert complaints(_converted(document)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_overlay_applies_without_warnings_and_names_its_sources(name: str) -> None:
    overlay = load_overlay(ROOT / "examples" / name / "lifecycle.overlay.yaml")

    applied = apply_overlay(_converted(read_document(_source(name))), overlay, strict=True)

    assert [report.warning for report in applied.actions if report.warning] == []
    assert [one.description for one in overlay.actions if not one.description.startswith(KINDS)] == []


@pytest.mark.parametrize("name", [*NAMES, *VENDORS])
def test_the_lifecycles_match_their_schema(name: str) -> None:
    described = _described(name)["x-async-jobs"]

    errors = [f"{list(error.instance_path)}: {error.message}" for error in _schema().iter_errors(described)]

    assert errors == []


@pytest.mark.parametrize("name", [*NAMES, *VENDORS])
def test_every_operation_place_and_word_of_the_lifecycles_is_in_the_document(name: str) -> None:
    document = _described(name)

    assert list(_faults(document)) == []


def _faults(document: Node) -> Iterator[str]:
    found = {_name(operation): operation for operation in operations(document).values()}
    described = document["x-async-jobs"]
    for key, value in _pairs(described):
        for named in value if key in ("submit", "sync") else [value]:
            if key in ("operation", "submit", "sync", "read", "content", "delete"):
                yield from [f"no operation {named}"] if isinstance(named, str) and named not in found else []
    for upload in described.get("inputs", []):
        yield from _lost(upload, ("url", "fields", "gives"), [upload["operation"]], found, document)
        yield from _lost_lists(upload, upload["operation"], found, document)
        yield from _lost_lists(upload.get("list", {}), "", found, document)
        yield from _unknown_words(upload.get("to"), *described["lifecycles"].values())
    for job in described["lifecycles"].values():
        yield from _of_job(job, found, document)


def _of_job(job: Node, found: Found, document: Node) -> Iterator[str]:
    submits = [one if isinstance(one, str) else one["operation"] for one in job["submit"]]
    read, listing, moves = job.get("read", {}), job.get("list", {}), job.get("moves", [])
    about = [*submits, *([read["operation"]] if read else []), *(move["operation"] for move in moves)]
    each_submit = [[submit] for submit in submits if submit not in _own_ids(job)]
    yield from (
        fault
        for one in each_submit
        for fault in _lost(job["id"], ("from", "urls"), one, found, document)
    )
    yield from _lost(read, ("state", "progress", "eta"), [str(read.get("operation"))], found, document)
    for one in (read, *moves):
        yield from _lost(one, ("follow",), submits, found, document)
    for result in _results(job):
        source = result.get("operation", read.get("operation", ""))
        yield from _lost(result, ("from",), [source], found, document)
        yield from _lost(result, ("follow",), submits, found, document)
        yield from _lost_lists(result, source, found, document)
    yield from _lost(job, ("errors",), about, found, document)
    yield from _lost(listing.get("paging", {}), ("next", "more", "total"), [listing.get("operation", "")], found, document)
    yield from _lost_lists(listing, "", found, document)
    for place in job.get("reports", {}):
        yield from _lost({"at": place}, ("at",), about, found, document)
    yield from _lost_parameters(job, found)
    yield from _lost_requests(job, submits, found, document)
    yield from _lost_words(job, found, document)
    yield from _lost_deliveries(job, submits, found, document)


def _lost(node: Node, keys: tuple[str, ...], names: list[str], found: Found, document: Node) -> Iterator[str]:
    """A place must be in a successful response of one of these operations; of a list, one place."""
    for key in keys:
        places = node.get(key, [])
        listed = [places] if isinstance(places, str) else places
        if listed and not any(_has(place, found[name], document) for place in listed for name in names):
            yield f"{key}: {listed} is in no response of {names}"


def _has(place: str, operation: Operation, document: Node) -> bool:
    return any(_shown(place, operation, response, document) for _, response in operation.answers())


def _shown(place: str, operation: Operation, response: Node, document: Node) -> bool:
    """Whether a message has a place, or an untyped value above it."""
    if schemas_of(place, operation, response, document):
        return True
    above, _, last = place.rpartition("/")
    return bool(last and above) and any(
        not schema.keys() & {"type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf"}
        or schema.get("type") == "object" and "properties" not in schema
        for schema in schemas_of(above.removesuffix("#"), operation, response, document)
    )


def _lost_lists(node: Node, source: str, found: Found, document: Node) -> Iterator[str]:
    if "each" not in node:
        return
    operation = found[node.get("operation", source) if "as" not in node else source]
    tokens = ["0" if step is None else step for step in parse_path(node["each"])]
    contents = [media.get("schema") for _, response in operation.answers() for media in response["content"].values()]
    entries = [entry for schema in contents for entry in schemas_at(schema, tokens, document)]
    yield from [] if entries else [f"each: {node['each']} is not in {_name(operation)}"]
    for pointer in node.get("reports", {}):
        if not any(schemas_at(entry, pointer.split("/")[1:], document) for entry in entries):
            yield f"list: {pointer} is not in an entry"


def _lost_parameters(job: Node, found: Found) -> Iterator[str]:
    identified = [part for part in (job.get("read"), job.get("input"), *job.get("moves", [])) if part]
    identified += [one for one in _results(job) if "operation" in one and one["operation"] not in _submits(job)]
    needed = [job["id"]["parameter"], *job["id"].get("with", {})] if "parameter" in job["id"] else []
    for part in identified:
        for name in [*([] if part.get("every") else needed), *part.get("with", {})]:
            if found[part["operation"]].parameter(name) is None:
                yield f"{part['operation']} has no parameter {name}"
    listing = job.get("list", {})
    paging = listing.get("paging", {})
    for name in [paging.get("at"), paging.get("limit"), *listing.get("filter", {})]:
        if name and found[listing["operation"]].parameter(name) is None:
            yield f"{listing['operation']} has no parameter {name}"


def _lost_requests(job: Node, submits: list[str], found: Found, document: Node) -> Iterator[str]:
    for _, value in _pairs(job):
        for place in [value, *value] if isinstance(value, dict) else [value]:
            if isinstance(place, str) and place.startswith("$request."):
                if not any(_shown(place, found[name], {}, document) for name in submits):
                    yield f"{place} is in no request of {submits}"


def _lost_words(job: Node, found: Found, document: Node) -> Iterator[str]:
    read = job.get("read", {})
    places = [read["state"]] if isinstance(read.get("state"), str) else read.get("state", [])
    for place in places:
        for _, response in found[read["operation"]].answers():
            schemas = schemas_of(place, found[read["operation"]], response, document)
            words = {word for one in schemas for word in (*one.get("enum", ()), *([one["const"]] if "const" in one else ()))}
            yield from (f"states: {word} is not a word of {place}" for word in words and job["states"].keys() - words)
    for key, value in _pairs(job):
        if key in ("to", "then", "since", "word"):
            yield from _unknown_words(value, job)
        elif key in ("while", "on") and not {"4xx", "5xx", "network", "timeout"} & set(value):
            yield from (fault for word in value for fault in _unknown_words(word, job))
        elif key == "words":
            yield from (fault for word in value if word in () for fault in _unknown_words(word, job))


def _unknown_words(named: Any, *jobs: Node) -> Iterator[str]:
    known = {"queued", "running", "succeeded", "failed", "cancelled", "deleted", "purged"}
    known |= {word for job in jobs for word in job.get("states", {})}
    listed = [named] if isinstance(named, str) else [*(named or {}), *(named or {}).values()]
    yield from (f"{word} is neither a state nor a word" for word in listed if word not in known)


def _lost_deliveries(job: Node, submits: list[str], found: Found, document: Node) -> Iterator[str]:
    delivered = job.get("deliver", [])
    for one in [delivered] if isinstance(delivered, dict) else delivered:
        for key in [*one.get("events", {}).values(), *([one["webhook"]] if "webhook" in one else [])]:
            if key not in document["webhooks"]:
                yield f"there is no webhook {key}"
        target = one["target"]
        field = target.get("field", "")
        place = f"$request.body#/{field.removeprefix('/')}" if field else f"$request.query.{target.get('query')}"
        if "account" not in target and not any(_shown(place, found[name], {}, document) for name in submits):
            yield f"{place} is in no request of {submits}"
        if "callback" in one:
            named = [_node(document, found[name]).get("callbacks", {}) for name in submits]
            yield from [] if any(one["callback"] in callbacks for callbacks in named) else [f"no callback {one['callback']}"]


def _node(document: Node, operation: Operation) -> Node:
    node: Node = resolved(document["paths"][operation.path], document)[operation.method]
    return node


def _submits(job: Node) -> list[str]:
    return [one if isinstance(one, str) else one["operation"] for one in job["submit"]]


def _own_ids(job: Node) -> list[str]:
    return [one["operation"] for one in job["submit"] if not isinstance(one, str) and "id" in one]


def _results(job: Node) -> list[Node]:
    own = [one["result"] for one in job["submit"] if not isinstance(one, str) and "result" in one]
    return [*([job["result"]] if "result" in job else []), *job.get("results", {}).values(), *own]


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _pairs(value)
    if isinstance(node, dict):
        yield from ((key, value) for key, value in node.items())


def _name(operation: Operation) -> str:
    unnamed = operation.name == f"{operation.method} {operation.path}"
    return f"{operation.method.upper()} {operation.path}" if unnamed else operation.name


@cache
def _described(name: str) -> Node:
    """The effective document of an example, or that of a built-in vendor with lifecycles of version 2."""
    if name in VENDORS:
        document = json.loads((ROOT / f"generated/safelight_specs/{name}.json").read_text("utf-8"))
        return document | {"x-async-jobs": read_document(ROOT / f"examples/_builtin/{name}.lifecycle.yaml")}
    overlay = load_overlay(ROOT / "examples" / name / "lifecycle.overlay.yaml")
    described: Node = apply_overlay(_converted(read_document(_source(name))), overlay).document
    return described


def _source(name: str) -> Path:
    return next((ROOT / "examples" / name).glob("[os]*.yaml"))


def _converted(document: Node) -> Node:
    return normalise(_lowered(document) if "swagger" in document else document)


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))


def _lowered(document: Node) -> Node:
    """Swagger 2.0 as OpenAPI 3.0, as far as the example needs it."""
    text = json.dumps(document).replace("#/definitions/", "#/components/schemas/")
    node: Node = json.loads(text.replace("#/parameters/", "#/components/parameters/"))
    return {
        "openapi": "3.0.3",
        "info": node["info"],
        "servers": [{"url": f"{node['schemes'][0]}://{node['host']}{node['basePath']}"}],
        "paths": {path: _lowered_item(item, node) for path, item in node["paths"].items()},
        "components": {
            "schemas": node["definitions"],
            "parameters": {name: _lowered_parameter(one) for name, one in node["parameters"].items()},
            "securitySchemes": node["securityDefinitions"],
        },
    }


def _lowered_item(item: Node, document: Node) -> Node:
    lowered: Node = {}
    for key, value in item.items():
        listed = value if key == "parameters" else value.get("parameters", [])
        rest = [_lowered_parameter(one) for one in listed if one.get("in") != "body"]
        bodies = [one for one in listed if one.get("in") == "body"]
        if key == "parameters":
            lowered[key] = rest
            continue
        media = value.get("produces", document["produces"])[0]
        lowered[key] = {
            **{name: one for name, one in value.items() if name not in ("produces", "consumes")},
            "parameters": rest,
            "responses": {code: _lowered_response(one, media) for code, one in value["responses"].items()},
            **({"requestBody": {"content": {"application/json": {"schema": bodies[0]["schema"]}}}} if bodies else {}),
        }
    return lowered


def _lowered_parameter(node: Node) -> Node:
    outside = ("$ref", "name", "in", "required", "description")
    schema = {key: value for key, value in node.items() if key not in (*outside, "collectionFormat")}
    return {key: node[key] for key in outside if key in node} | ({"schema": schema} if schema else {})


def _lowered_response(node: Node, media: str) -> Node:
    schema = node.get("schema")
    binary = {"type": "string", "format": "binary"}
    content = {media: {"schema": binary if schema == {"type": "file"} else schema}} if schema else {}
    headers = {name: _lowered_parameter(one) for name, one in node.get("headers", {}).items()}
    return {"description": node["description"], "content": content, "headers": headers}
