"""Where the response to a submission has the id of the job, and URLs to call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView, letters_of, singular
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import Place
from safelight_openapi._structure.operations import as_mapping
from safelight_openapi._structure.references import Node, resolve

# Ids of something else than the job.
OTHERS = frozenset(
    {
        "user",
        "org",
        "organization",
        "account",
        "source",
        "model",
        "file",
        "project",
        "parent",
        "trace",
        "client",
    }
    | {
        "customer",
        "team",
        "workspace",
        "voice",
        "upload",
        "session",
        "app",
        "owner",
        "input",
        "output",
        "dataset",
    }
    | {
        "first",
        "last",
        "next",
        "previous",
        "before",
        "after",
        "object",
        "item",
        "message",
        "assistant",
        "thread",
    }
    | {
        "author",
        "tenant",
        "correlation",
        "gateway",
        "error",
        "external",
        "image",
        "video",
        "audio",
        "version",
    }
)
_MAX_DEPTH = 3
_QUOTED = re.compile(r"[`'\"](\w+)[`'\"]")
_URL_NAMES = {  # of a response to a submission → what the URL is of
    "poll": re.compile(r"(?i)(?:poll(?:ing)?|status|fetch|check|get)_?ur[li]|polling"),
    "result": re.compile(r"(?i)(?:result|response|output)_?ur[li]"),
    "cancel": re.compile(r"(?i)cancel(?:l?ation)?_?ur[li]"),
}
_ADDRESSES = frozenset({"href", "url", "uri", "self", "location"})
_NO_IDS = frozenset({"status", "state", "message", "detail"})
_URL_OBJECTS = frozenset({"urls", "links", "_links", "hrefs", "endpoints"})


@dataclass(frozen=True)
class IdPlace:
    """A place of a job's id in the response to a submission."""

    name: str
    expression: str
    is_exact: bool  # whether its name is that of the parameter, or a link says so
    rank: int
    url: str = ""  # the place of the URL that has the id, if there is no other one


def id_places(operation: OperationView, read: Read, document: Node) -> Iterator[IdPlace]:
    """Yield the places of the id: the most likely in the body first, then the header of this name."""
    linked = list(links_to(read, operation, document))
    spoken = _names_in_description(read)
    bodies = sorted(_in_body(operation, read), key=lambda place: (place.name not in spoken, -place.rank))
    yield from bodies[:1]
    named = {*linked, *(f"$response.header.{name}" for name in operation.headers if _is_named(name, read))}
    for expression in sorted(named):
        if expression.startswith("$response.header."):
            name = expression.removeprefix("$response.header.")
            yield IdPlace(name=name, expression=expression, is_exact=True, rank=5)
    if not bodies and not named and operation.path == read.base:
        yield from _only_text(operation)
    if not bodies and not named:
        yield from _in_urls(operation, read)


def _in_urls(operation: OperationView, read: Read) -> Iterator[IdPlace]:
    """Yield the place of the URL of what was created: a header, or the only address in the body."""
    headers = [*url_headers(operation), *(["Location"] if _is_silent(operation, read) else [])]
    urls = [(name, f"$response.header.{name}") for name in headers]
    if not urls and operation.path == read.base:
        near = [one for one in operation.near.values() if one.name.lower().lstrip("@_$") in _ADDRESSES]
        urls = [(one.name, one.expression) for one in near if one.types <= {"string"}]
    for name, url in urls[:1]:
        yield IdPlace(name=name, expression="", is_exact=False, rank=1, url=url)


def _is_silent(operation: OperationView, read: Read) -> bool:
    """Whether a 202 has nothing of the job that it started, which is read in its collection or beside it."""
    is_empty = "202" in operation.responses and not operation.places and not operation.headers
    above = read.base.rpartition("/")[0]
    is_beside = above != "" and above in (operation.path, operation.path.rpartition("/")[0])
    is_operation = "operation" in map(singular, parts(read.base.rpartition("/")[2]))
    return is_empty and (operation.path == read.base or (is_beside and is_operation))


def _names_in_description(read: Read) -> frozenset[str]:
    """Return the names in quotation marks in the description of the parameter: where its value is from."""
    named = {**read.operation.named("query"), **read.operation.named("path")}
    text = str(named.get(read.parameter, {}).get("description", ""))
    return frozenset(_QUOTED.findall(text)) - {read.parameter}


def _only_text(operation: OperationView) -> Iterator[IdPlace]:
    """Yield the only text of a response, which may be the id of what was created."""
    members = [place for place in operation.places if place.depth == 1]
    texts = [
        place
        for place in members
        if place.types == {"string"} and not (place.is_url or place.words or place.name.lower() in _NO_IDS)
    ]
    if len(texts) == 1 and len(members) <= _MAX_DEPTH:
        yield IdPlace(name=texts[0].name, expression=texts[0].expression, is_exact=False, rank=0)


def url_headers(operation: OperationView) -> list[str]:
    """Return the headers of the response that have the URL of the job, the most telling first."""
    names = ("operation-location", "azure-asyncoperation", "location", "content-location")
    declared = [header for name in names for header in operation.headers if header.lower() == name]
    return declared or ([] if operation.places else [*operation.spoken_headers])


def job_urls(operation: OperationView, kind: str = "poll") -> Iterator[Place]:
    """Yield the places of URLs of a kind in the response to a submission."""
    for place in operation.places:
        if place.depth > _MAX_DEPTH or not place.types <= {"string"}:
            continue
        is_member = place.depth > 1 and place.tokens[-2].lower() in _URL_OBJECTS
        names = {"poll": ("get", "self", "status"), "cancel": ("cancel",), "result": ("result", "response")}
        if _URL_NAMES[kind].fullmatch(place.name) or (is_member and place.name.lower() in names[kind]):
            yield place


def links_to(read: Read, operation: OperationView, document: Node) -> Iterator[str]:
    """Yield the expressions that links of the response give the parameter of the read."""
    for response in operation.responses.values():
        for node in as_mapping(response.get("links")).values():
            link = resolve(node, document)
            if link.get("operationId") == read.operation.name:
                for name, value in as_mapping(link.get("parameters")).items():
                    if name.rpartition(".")[2] == read.parameter and isinstance(value, str):
                        yield value


def _in_body(operation: OperationView, read: Read) -> Iterator[IdPlace]:
    parameter = letters_of(read.parameter)
    for number in sorted({*operation.id_places, *operation.named_places.get(parameter, ())}):
        place = operation.places[number]
        is_exact = letters_of(place.name) == parameter
        rank = _rank(place, read) if not place.types or place.types & {"string", "integer"} else 0
        if rank > 0:
            yield IdPlace(name=place.name, expression=place.expression, is_exact=is_exact, rank=rank)


def _rank(place: Place, read: Read) -> int:
    """Return how likely a place has the job's id; 0 or less if it has another's."""
    letters, noun = letters_of(place.name), letters_of(read.noun)
    if letters == letters_of(read.parameter):
        base = 12
    elif letters == "id":
        base = 10
    elif singular(letters.removesuffix("id")) == noun or letters.endswith(letters_of(read.parameter)):
        base = 9
    elif set(parts(place.name)[:-1]) & OTHERS:
        return 0
    else:
        base = 6
    above = {part for token in place.tokens[:-1] for part in parts(token)}
    return (
        base - 2 * (place.depth - 1) - (4 if above & OTHERS and letters != letters_of(read.parameter) else 0)
    )


def _is_named(header: str, read: Read) -> bool:
    parameter = letters_of(read.parameter)
    return parameter != "id" and letters_of(header.lower().removeprefix("x-")) == parameter
