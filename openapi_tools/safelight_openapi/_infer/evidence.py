"""Why an operation may start the jobs that another one reads: reasons with points."""

import re
from collections.abc import Iterable, Iterator, Sequence

from safelight_openapi._infer.identifiers import IdPlace, job_urls, links_to, url_headers
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView, singular
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import ITEM, NEAR, same_schemas
from safelight_openapi._structure.references import Node

LINK = "a link of its response leads to the read"
SCHEMA = "it responds with what the read does"
LITTLE = "it responds with little more than an id"
_FEW = 4  # members
_STARTS = r"(?:start|creat|submit|launch|queue|enqueue|initiat|trigger|run)\w*\s+(?:\w+\s+){0,3}?"
_WEBHOOKS = re.compile(r"(?i)(?:.*[/_.])?(?:web_?hook|callback|notif\w*)(?:_?ur[li])?")
MARKS = ("x-ms-long-running-operation", "x-aep-long-running-operation", "x-long-running-operation")
# What a collection may have in its name after the verb that creates its items.
_OF_WORK = frozenset(
    {"result", "operation", "status", "job", "task", "run", "request", "execution", "invocation", "output"}
)
_OF_ANYTHING = frozenset({"id", "uuid", "name", "key", "slug", "code"})  # names of any id
_COMMON = frozenset({"api", "result", "to", "and", "for"})


def evidence(
    operation: OperationView,
    read: Read,
    ids: Sequence[IdPlace],
    document: Node,
    protocol: Iterable[tuple[str, int]],
) -> Iterator[tuple[str, int]]:
    """Yield reasons with their points; one that is missing says nothing against it.

    `protocol` is what the operation alone says (`of_protocol`).
    """
    if any(True for _ in links_to(read, operation, document)):
        yield LINK, 60
    if _has_same_schema(operation, read):
        yield SCHEMA, 40
    yield from _of_path(operation, read)
    yield from _of_id(ids[0], read)
    yield from protocol
    yield from _of_text(operation, read)
    if read.state.name and read.state.name in operation.near:
        yield f"its response has {read.state.name}", 6


def begins(collection: str, name: str) -> bool:
    """Whether a collection is named after what creates its items: `analyzeResults` after `analyze`."""
    whole, begin = ([singular(part) for part in parts(one)] for one in (collection, name))
    is_begin = 0 < len(begin) < len(whole) and begin == whole[: len(begin)]
    return is_begin and set(whole[len(begin) :]) <= _OF_WORK


def _has_same_schema(operation: OperationView, read: Read) -> bool:
    first, last = (read.state.tokens[:1] or ("",))[0], (read.state.tokens[-1:] or ("",))[0]
    if same_schemas(operation.response.schemas, read.operation.response.schemas, first):
        return True
    if read.object_schemas.isdisjoint(operation.near_schemas):
        return False
    is_listed = ITEM in read.job.tokens
    near = [one for one in operation.places if one.depth <= NEAR and (is_listed or ITEM not in one.tokens)]
    return any(same_schemas(place.schemas, read.job.schemas, last) for place in near)


def _of_path(operation: OperationView, read: Read) -> Iterator[tuple[str, int]]:
    base, collection = read.base, read.base.rpartition("/")[2]
    if operation.path == base:
        yield "it creates items of the collection that the read is of", 30
    elif base and operation.path.startswith(f"{base}/{{{read.parameter}}}/"):
        yield "its path is below that of a job", 12
    elif base and operation.path.startswith(f"{base}/"):
        yield "its path is below that of the collection", 18
    else:
        last = [one for one in operation.segments if "{" not in one][-1:]
        yield from _of_last_segment(operation, base, collection, last[0]) if collection and last else ()


def _of_last_segment(
    operation: OperationView, base: str, collection: str, last: str
) -> Iterator[tuple[str, int]]:
    own, theirs = ({singular(part) for part in parts(one)} - _COMMON for one in (last, collection))
    if last.lower() == collection.lower():
        yield f"its path ends with {collection}, as the collection does", 18
    elif operation.path.startswith(base.rpartition("/")[0]) and begins(collection, last):
        yield (
            f"its path ends with {last}, with which {collection} begins",
            13 - len(parts(collection)) + len(parts(last)),
        )
    elif own & theirs:
        yield f"its path has words of {collection}", 8 + 2 * len(own & theirs) - 2 * len(own ^ theirs)


def _of_id(best: IdPlace, read: Read) -> Iterator[tuple[str, int]]:
    if not best.expression:
        yield f"its response has the URL of what it creates in {best.name}", 10
    elif best.is_exact and best.name.lower() not in _OF_ANYTHING:
        yield f"its response has {best.name}, the parameter of the read", 20
    else:
        yield f"its response has an id, {best.name}", 10
    if singular("".join(parts(best.name)).removesuffix("id")) == read.noun.replace("_", ""):
        yield f"{best.name} names a {read.noun}", 12


def of_protocol(operation: OperationView) -> Iterator[tuple[str, int]]:
    """Yield what the operation alone says, whichever read it belongs to."""
    if any(operation.node.get(mark) for mark in MARKS):
        yield "it is marked as a long-running operation", 30
    if any(job_urls(operation)):
        yield "its response has a URL to poll", 15
    if url_headers(operation):
        yield "its response has a header with the URL of what it creates", 15
    members = [place for place in operation.places if place.depth == 1]
    if 0 < len(members) <= _FEW and len(operation.places) <= 2 * _FEW:
        yield LITTLE, 2
    if "202" in operation.responses:
        yield "it responds with 202", 5
    if any(_WEBHOOKS.fullmatch(place.name) for place in operation.fields):
        yield "its request has the URL of a webhook", 8


def _of_text(operation: OperationView, read: Read) -> Iterator[tuple[str, int]]:
    noun = read.noun.replace("_", " ")
    if re.search(_STARTS + re.escape(noun), operation.text):
        yield f"its description says that it starts a {noun}", 12
    elif noun in operation.text:
        yield f"its description mentions a {noun}", 3
