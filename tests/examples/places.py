"""What a lifecycle of version 2 names, and whether the document has it."""

from collections.abc import Iterable, Iterator
from typing import Any

from safelight_lifecycle import JSON, parse_path, parse_pointer
from safelight_openapi import DocumentOperation, as_mapping, operations_by_id, resolve, schemas_at
from safelight_openapi._checks.expressions import expression_schemas

Node = dict[str, Any]

STATES = {"queued", "running", "succeeded", "failed", "cancelled"}
OPERATIONS = ("operation", "submit", "sync", "read", "content", "delete")


def faults(document: Node) -> Iterator[str]:
    """Yield which operations, places, parameters, words and webhooks of the lifecycles do not exist."""
    found = {_name(operation): operation for operation in operations_by_id(document).values()}
    described = document["x-async-jobs"]
    absent = [f"no operation {name}" for name in _named(described) if name not in found]
    yield from absent
    if absent:
        return
    for upload in described.get("inputs", []):
        yield from _Finder(document, found, {}).upload(upload)
    for job in described["lifecycles"].values():
        yield from _Finder(document, found, job).faults()


class _Finder:
    """One lifecycle, its document, and the operations of that by name."""

    def __init__(self, document: Node, found: dict[str, DocumentOperation], job: Node) -> None:
        self.document: Node = document
        self.found, self.job = found, job
        self.submits = [one if isinstance(one, str) else one["operation"] for one in job.get("submit", [])]
        self.own = [one for one in job.get("submit", []) if not isinstance(one, str)]
        self.results = [one["result"] for one in [job, *self.own] if "result" in one]
        self.results += job.get("results", {}).values()

    def faults(self) -> Iterator[str]:
        yield from self.responses()
        yield from self.lists()
        yield from self.requests()
        yield from self.parameters()
        yield from self.words()
        yield from self.deliveries()

    def upload(self, upload: Node) -> Iterator[str]:
        yield from self.lost(upload, ("url", "fields", "gives"), [upload["operation"]])
        yield from self.each(upload, upload["operation"])
        yield from self.each(upload.get("list", {}))
        taking = [upload[key] for key in ("read", "content", "delete") if key in upload]
        absent = [name for name in taking if self.found[name].parameter(upload["parameter"]) is None]
        yield from (f"{name} has no parameter {upload['parameter']}" for name in absent)
        jobs = self.document["x-async-jobs"]["lifecycles"].values()
        words = {word for job in jobs for word in job.get("states", {})}
        yield from [f"{upload['to']} is no word"] if upload.get("to", "") not in {"", *words} else []

    def responses(self) -> Iterator[str]:
        job, read, moves = self.job, self.job.get("read", {}), self.job.get("moves", [])
        reader = [read["operation"]] if read else []
        others = [one["operation"] for one in (*moves, *self.results) if "operation" in one]
        own: Node = {one["operation"]: one["id"] for one in self.own if "id" in one}
        for name in self.submits:
            yield from self.lost(own.get(name) or job["id"], ("from", "urls"), [name])
        yield from self.lost(read, ("state", "progress", "eta"), reader)
        yield from self.lost(job, ("errors",), reader)
        yield from self.lost(job.get("input", {}), ("url",), [job.get("input", {}).get("operation", "")])
        for one in (read, *moves, *self.results):
            yield from self.lost(one, ("follow",), self.submits)
        for result in self.results:
            yield from self.lost(
                result, ("from",), [result["operation"]] if "operation" in result else reader
            )
        yield from self.lost(job.get("stream", {}), ("follow",), reader)
        for place in job.get("reports", {}):
            yield from self.lost({"reports": place}, ("reports",), [*self.submits, *reader, *others])

    def lists(self) -> Iterator[str]:
        reader = self.job.get("read", {}).get("operation", "")
        for result in self.results:
            yield from self.each(result, result.get("operation", reader))
        listing = self.job.get("list", {})
        yield from self.each(listing)
        yield from self.lost(listing, ("like",), [reader])
        yield from self.lost(
            listing.get("paging", {}), ("next", "more", "total"), [listing.get("operation", "")]
        )

    def lost(self, node: Node, keys: Iterable[str], names: list[str]) -> Iterator[str]:
        """One of a list of places must be in a successful response of one of these operations."""
        for key in keys:
            places = [node[key]] if isinstance(node.get(key), str) else node.get(key, [])
            if places and not any(self.has_any(place, names) for place in places):
                yield f"{key}: {places} is in no response of {names}"

    def has_any(self, place: str, names: list[str]) -> bool:
        return any(
            self.has(place, name, one) for name in names for _, one in self.found[name].success_responses()
        )

    def has(self, place: str, name: str, response: Node) -> bool:
        """Whether a message has a place, or a value above it that may have anything."""
        if expression_schemas(place, self.found[name], response, self.document):
            return True
        above = place.rpartition("/")[0].removesuffix("#")
        return bool(above) and any(
            map(_is_open, expression_schemas(above, self.found[name], response, self.document))
        )

    def each(self, node: Node, source: str = "") -> Iterator[str]:
        if "each" not in node:
            return
        name = source or node["operation"]
        tokens = ["0" if step is None else step for step in parse_path(node["each"])]
        contents = [response for _, response in self.found[name].success_responses()]
        entries = [one for content in contents for one in self.within(content, tokens)]
        yield from [] if entries else [f"each: {node['each']} is in no response of {name}"]
        for pointer in node.get("reports", {}):
            if not any(schemas_at(entry, parse_pointer(pointer), self.document) for entry in entries):
                yield f"list: {pointer} is in no entry of {name}"

    def within(self, message: Node, tokens: Iterable[str]) -> list[Node]:
        """Find the schemas of a place in a body."""
        media = as_mapping(message.get("content")).values()
        return [
            one
            for node in media
            for one in schemas_at(as_mapping(node).get("schema"), [*tokens], self.document)
        ]

    def requests(self) -> Iterator[str]:
        for place in _texts(self.job):
            if place.startswith("$request.") and not any(self.has(place, name, {}) for name in self.submits):
                yield f"{place} is in no request of {self.submits}"

    def parameters(self) -> Iterator[str]:
        job, listing = self.job, self.job.get("list", {})
        taking = [job[key] for key in ("read", "input") if key in job] + job.get("moves", [])
        files = [one["content"] for one in self.results if "content" in one]
        taking += [one for one in self.results if one.get("operation", self.submits[0]) not in self.submits]
        by_id = [job["id"]["parameter"], *job["id"].get("with", {})] if "parameter" in job["id"] else []
        needed = [
            (one["operation"], [*([] if one.get("every") else by_id), *one.get("with", {})]) for one in taking
        ]
        paging = [listing["paging"][key] for key in ("at", "limit") if key in listing.get("paging", {})]
        needed += [(one["operation"], [one["parameter"]]) for one in files]
        needed += [(listing["operation"], [*paging, *listing.get("filter", {})])] if listing else []
        for name, parameters in needed:
            absent = [one for one in parameters if self.found[name].parameter(one) is None]
            yield from (f"{name} has no parameter {one}" for one in absent)

    def words(self) -> Iterator[str]:
        read = self.job.get("read", {})
        for place in [read["state"]] if "state" in read else []:
            _, response = next(self.found[read["operation"]].success_responses())
            shown = expression_schemas(place, self.found[read["operation"]], response, self.document)
            words = {word for one in shown for word in (*_list(one.get("enum")), *_list(one.get("const")))}
            yield from (f"states: {word} is not at {place}" for word in self.job["states"].keys() - words)
        known = {*STATES, "deleted", "purged", *self.job.get("states", {})}
        yield from (f"{word} is no state or word" for word in _words(self.job) if word not in known)

    def deliveries(self) -> Iterator[str]:
        delivered = self.job.get("deliver", [])
        for one in [delivered] if isinstance(delivered, dict) else delivered:
            named = [*one.get("events", {}).values(), *[one[key] for key in ("webhook",) if key in one]]
            yield from (
                f"no webhook {name}" for name in named if name not in self.document.get("webhooks", {})
            )
            field, query = one["target"].get("field", ""), one["target"].get("query")
            place = f"$request.body#/{field.removeprefix('/')}" if field else f"$request.query.{query}"
            if "account" not in one["target"] and not any(self.has(place, name, {}) for name in self.submits):
                yield f"{place} is in no request of {self.submits}"
            yield from self.bodies(one, named)

    def bodies(self, delivery: Node, named: list[str]) -> Iterator[str]:
        """Check the callback, and the pointers into what the document says is sent."""
        name = delivery.get("callback", "")
        called = [items[name] for items in map(self.callbacks, self.submits) if name in items]
        if name and not called:
            yield f"no callback {name}"
        called += [self.document["webhooks"][key] for key in named if key in self.document["webhooks"]]
        for pointer in delivery["body"] if isinstance(delivery.get("body"), dict) else ():
            found = [self.within(item["post"]["requestBody"], parse_pointer(pointer)) for item in called]
            yield from [] if all(found) else [f"{pointer} is in no body of {name or named}"]

    def callbacks(self, name: str) -> Node:
        """Give the callbacks of an operation by name, each as its path item."""
        operation = self.found[name]
        item = resolve(self.document["paths"][operation.path], self.document)
        callbacks = as_mapping(as_mapping(item[operation.method]).get("callbacks"))
        return {key: next(iter(as_mapping(value).values())) for key, value in callbacks.items()}


def _list(node: JSON) -> list[JSON]:
    return node if isinstance(node, list) else [] if node is None else [node]


def _is_open(schema: Node) -> bool:
    """Whether nothing is said of a value's members."""
    if schema.keys() & {"$ref", "anyOf", "oneOf", "allOf", "properties", "items", "enum", "const"}:
        return False
    return "type" not in schema or "object" in schema["type"]


def _named(described: Node) -> Iterator[str]:
    for key, value in _pairs(described):
        listed = value if isinstance(value, list) else [value]
        if key == "reports":
            yield from (one["url"] for one in value.values() if isinstance(one, dict) and "url" in one)
        if key in OPERATIONS:
            yield from (
                one
                for one in listed
                if isinstance(one, str) and "{body}" not in one and "{sha256}" not in one
            )


def _words(job: Node) -> Iterator[str]:
    """Every state or word that is named outside `states` and outside texts of the API's own."""
    for key, value in _pairs(job):
        listed = value if isinstance(value, list) else [value]
        if key in ("while", "on"):
            yield from (word for word in listed if word not in ("4xx", "5xx", "network", "timeout"))
        elif key in ("to", "then", "since", "word"):
            yield from (
                text for one in listed for text in ([*one, *one.values()] if isinstance(one, dict) else [one])
            )
        elif key == "by_status":
            yield from (word for words in value.values() for word in words)
        elif key == "filter" and "words" in value:
            yield from (word for words in value["words"].values() for word in words)


def _texts(node: JSON) -> Iterator[str]:
    for key, value in _pairs(node):
        yield key
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def _pairs(node: JSON) -> Iterator[tuple[str, JSON]]:
    if isinstance(node, dict):
        yield from node.items()
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _pairs(value)


def _name(operation: DocumentOperation) -> str:
    is_unnamed = operation.name == f"{operation.method} {operation.path}"
    return f"{operation.method.upper()} {operation.path}" if is_unnamed else operation.name
