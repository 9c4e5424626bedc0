"""The operations of a document as the rules look at them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.schemas import FAR, ITEM, NEAR, Place, SchemaReader
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import METHODS
from safelight_openapi._structure.operations import as_mapping
from safelight_openapi._structure.references import Node, resolve

_ID_NAME = re.compile(r"(?i)(?:.*_)?(?:id|uuid|guid)|.*[a-z](?:Id|ID|UUID|Uuid)")
_LOCATION = re.compile(r"\blocation\W+(?:response\s+)?header|header[^.]{0,40}\blocation\b")
_PARAMETER = re.compile(r"\{([^{}]+)\}")
_OF_ANYTHING = frozenset({"id", "uuid", "guid", "sid", "name", "key"})  # parts of parameters
_GENERIC = frozenset({"status", "statuses", "result", "results", "state", "async", "api"})
_VERSION = re.compile(r"v\d[\w.]*")


@dataclass(frozen=True)
class OperationView:
    """One operation: names, texts, and the places of its request and successful response."""

    name: str  # operationId or, without one, method and path
    method: str
    path: str  # without its query and a slash at the end
    query: str  # of path keys such as /responses?beta=true
    node: Node
    parameters: tuple[Node, ...]
    request: Place
    response: Place
    responses: dict[str, Node]  # successful ones by status
    reader: SchemaReader

    @cached_property
    def text(self) -> str:
        """Summary and description, in lower case."""
        return f"{self.node.get('summary', '')} {self.node.get('description', '')}".lower()

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The segments of the path; a suffix such as `:analyze` is one of its own."""
        return tuple(part for part in re.split(r"/|(?<=\})(?=:)", self.path) if part)

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names of the parameters in the path, in its order."""
        return tuple(_PARAMETER.findall(self.path))

    def named(self, location: str) -> dict[str, Node]:
        """Return the parameters in `path`, `query` or `header` by name."""
        return {
            str(one["name"]): one for one in self.parameters if one.get("in") == location and "name" in one
        }

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places of the successful response."""
        return self.reader.places(self.response)

    @cached_property
    def named_places(self) -> dict[str, list[int]]:
        """The indexes of the places of the response up to FAR that are in no list, by letters of the name."""
        named: dict[str, list[int]] = {}
        for number, place in enumerate(self.places):
            if place.depth <= FAR and ITEM not in place.tokens:
                named.setdefault(letters_of(place.name), []).append(number)
        return named

    @cached_property
    def near(self) -> dict[str, Place]:
        """The places of the response up to NEAR by name."""
        return {place.name: place for place in reversed(self.places) if place.depth <= NEAR}

    @cached_property
    def near_schemas(self) -> frozenset[int]:
        """The identities of the schemas of objects at these places, which tell fast that none is a job's."""
        near = (place for place in self.places if place.depth <= NEAR)
        return frozenset(id(one) for place in near for one in place.schemas if "properties" in one)

    @cached_property
    def worded(self) -> dict[str, list[Place]]:
        """The places of the response of which the document has the words, by name."""
        named: dict[str, list[Place]] = {}
        for place in self.places:
            if place.words:
                named.setdefault(place.name, []).append(place)
        return named

    @cached_property
    def id_places(self) -> tuple[int, ...]:
        """The indexes of those of them that are named like an id."""
        near = (number for numbers in self.named_places.values() for number in numbers)
        return tuple(number for number in near if _ID_NAME.fullmatch(self.places[number].name))

    @cached_property
    def fields(self) -> tuple[Place, ...]:
        """The places of the request's body."""
        return self.reader.places(self.request)

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The names of the headers of the successful responses."""
        named = (name for node in self.responses.values() for name in as_mapping(node.get("headers")))
        return tuple(dict.fromkeys(named))

    @cached_property
    def spoken_headers(self) -> tuple[str, ...]:
        """`Location`, if a description says that the response has it, and no header is described."""
        told = [self.text, *(str(node.get("description", "")).lower() for node in self.responses.values())]
        is_created = bool({"201", "202"} & self.responses.keys())
        is_spoken = any(_LOCATION.search(text) for text in told)
        return ("Location",) if is_created and is_spoken and not self.headers else ()

    @cached_property
    def words(self) -> frozenset[str]:
        """The parts of its name and of the literal segments of its path."""
        literal = [segment for segment in self.segments if "{" not in segment]
        return frozenset(part for one in (self.name, *literal) for part in parts(one))

    def media(self) -> tuple[str, ...]:
        """Return the media types of the successful responses."""
        named = (name for node in self.responses.values() for name in as_mapping(node.get("content")))
        return tuple(dict.fromkeys(named))


def operations_of(document: Node, reader: SchemaReader) -> list[OperationView]:
    """Return the operations under `paths`, in the document's order."""
    return [
        _operation(key, method, item, document, reader)
        for key, value in as_mapping(document.get("paths")).items()
        for item in [resolve(value, document)]
        for method in METHODS
        if isinstance(item.get(method), dict)
    ]


def noun_of(path: str, parameter: str) -> str:
    """Return the singular name of what is read: `job` for /v1/jobs/{id}/status and for /status/{job_id}."""
    literal = [segment for segment in path.split("/") if segment and "{" not in segment]
    telling = [
        segment for segment in literal if segment.lower() not in _GENERIC and not _VERSION.fullmatch(segment)
    ]
    named = [part for part in parts(parameter) if part not in _OF_ANYTHING]
    return singular("_".join(parts(telling[-1]) if telling else named) or "job")


def letters_of(name: str) -> str:
    """Return letters and digits of a name in lower case: the same for `jobId` and `job_id`."""
    return "".join(filter(str.isalnum, name)).lower()


def singular(name: str) -> str:
    """Return an English plural without its ending."""
    if name.endswith("ies"):
        return name.removesuffix("ies") + "y"
    if name.endswith(("ches", "shes", "xes", "sses", "zes")):
        return name.removesuffix("es")
    return name if name.endswith(("ss", "us", "is")) else name.removesuffix("s")


def _operation(key: str, method: str, item: Node, document: Node, reader: SchemaReader) -> OperationView:
    node = as_mapping(item[method])
    path, _, query = key.partition("?")
    listed = [*_list(item.get("parameters")), *_list(node.get("parameters"))]
    successes = dict(_successes(as_mapping(node.get("responses")), document))
    return OperationView(
        name=str(node.get("operationId") or f"{method.upper()} {key}"),
        method=method,
        path=path.rstrip("/"),
        query=query,
        node=node,
        parameters=tuple(resolve(one, document) for one in listed),
        request=reader.root(_schemas(resolve(node.get("requestBody"), document), is_json=False)),
        response=reader.root(schema for one in successes.values() for schema in _schemas(one, is_json=True)),
        responses=successes,
        reader=reader,
    )


def _successes(responses: Node, document: Node) -> Iterator[tuple[str, Node]]:
    named = [status for status in responses if status.startswith("2")]
    for status in named or [status for status in responses if status == "default"]:
        yield status, resolve(responses[status], document)


def _schemas(node: Node, *, is_json: bool) -> Iterator[JSONValue]:
    """Yield the schemas of a message; of a response those of JSON only, as others have no places."""
    for media, content in as_mapping(node.get("content")).items():
        if not is_json or "json" in media or media.startswith("*"):
            yield as_mapping(content).get("schema")


def _list(node: JSONValue) -> list[JSONValue]:
    return node if isinstance(node, list) else []
