"""Reads `x-async-jobs` of a document as the types of `_jobs`."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from safelight_lifecycle._accepts import read_accepted
from safelight_lifecycle._conditions import read_condition
from safelight_lifecycle._durations import parse_duration
from safelight_lifecycle._expressions import parse_expression
from safelight_lifecycle._ids import read_ids
from safelight_lifecycle._jobs import AsyncJobs, Lifecycle
from safelight_lifecycle._limits import Concurrency, Deadline, Idempotency, Wait
from safelight_lifecycle._nodes import read_duration, read_path
from safelight_lifecycle._places import read_place, read_places
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._rates import read_rate
from safelight_lifecycle._read_deliveries import read_deliveries
from safelight_lifecycle._read_operations import (
    read_list,
    read_move,
    read_read,
    read_submission,
    read_timing,
)
from safelight_lifecycle._read_results import read_input, read_result
from safelight_lifecycle._read_words import read_words
from safelight_lifecycle._refusals import read_refusals
from safelight_lifecycle._streams import Stream, StreamData
from safelight_lifecycle._uploads import FileList, Upload
from safelight_lifecycle._values import read_report
from safelight_lifecycle._words import Words

EXTENSION = "x-async-jobs"
VERSION = "2"
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})

Node = Mapping[str, JSON]
T = TypeVar("T")


def read_async_jobs(document: Node) -> AsyncJobs:
    """Return what `x-async-jobs` of a document says; without lifecycles if the document has none.

    It must match `async-jobs.schema.json`, which is not checked here: KeyError or ValueError is raised for
    some of what does not match, among it another version and the name of an unknown state.
    Raises LookupError if a job's id is part of a URL and the document has no path for the read operation.
    """
    node = document.get(EXTENSION, {"version": VERSION})
    version = node.get("version")
    if version != VERSION:
        raise ValueError(
            f"{EXTENSION} has {f'version {version!r}' if version else 'no version'}; write it as version"
            f" {VERSION!r} says: `version: {VERSION!r}`, and the lifecycles by name under `lifecycles`"
        )
    lifecycles = node.get("lifecycles", {}).items()
    return AsyncJobs(
        lifecycles={name: _lifecycle(name, one, document) for name, one in lifecycles},
        inputs=tuple(map(_upload, node.get("inputs", ()))),
        refusals=read_refusals(node.get("refusals")),
        rate=read_rate(node.get("rate")),
    )


def _lifecycle(name: str, node: Node, document: Node) -> Lifecycle:
    words = read_words(node.get("states"))
    template = _template(node, document)
    return Lifecycle(
        name=name,
        submit=tuple(read_submission(one, words, node["id"], template) for one in node["submit"]),
        sync=tuple(node.get("sync", ())),
        ids=read_ids(node["id"], node["id"], template),
        read=_if(node.get("read"), lambda one: read_read(one, words)),
        listing=_if(node.get("list"), lambda one: read_list(one, words)),
        words=words,
        moves=tuple(read_move(one, words) for one in node.get("moves", ())),
        result=_if(node.get("result"), lambda one: read_result(one, words)),
        results={key: read_result(one, words) for key, one in node.get("results", {}).items()},
        input=_if(node.get("input"), read_input),
        accepts=_if(node.get("accepts"), read_accepted),
        scale=read_place(node.get("scale")),
        errors=read_places(node.get("errors")),
        reports=read_report(node.get("reports"), words),
        wait=_if(node.get("wait"), _wait),
        deadline=_if(node.get("deadline"), lambda one: _deadline(one, words)),
        concurrency=_if(node.get("concurrency"), lambda one: _concurrency(one, words)),
        retention=read_duration(node.get("retention")),
        timing=_if(node.get("timing"), read_timing),
        price=node.get("price"),
        deliver=read_deliveries(node.get("deliver"), words),
        idempotency=_if(node.get("idempotency"), _idempotency),
        nonce=read_place(node.get("nonce")),
        stream=_if(node.get("stream"), _stream),
    )


def _if(node: JSON, read: Callable[[JSON], T]) -> T | None:
    return None if node is None else read(node)


def _template(node: Node, document: Node) -> str:
    """Return the path of the read operation if ids are parts of its URL, else an empty text."""
    has_urls = "urls" in node["id"] or any(isinstance(one, dict) and "id" in one for one in node["submit"])
    if not has_urls or "read" not in node:
        return ""
    wanted = node["read"]["operation"]
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS and wanted in (operation.get("operationId"), f"{method.upper()} {path}"):
                return str(path)
    raise LookupError(
        f"no path has the operation {wanted!r}; add it to `paths`, or correct `read` in {EXTENSION}"
    )


def _wait(node: Node) -> Wait:
    return Wait(
        place=parse_expression(node["from"]),
        pattern=node.get("pattern", ""),
        when=read_condition(node.get("when")),
        default=parse_duration(node["default"]),
        most=read_duration(node.get("most")),
    )


def _deadline(node: Node, words: Words) -> Deadline:
    word = node["word"]
    several = {} if isinstance(word, str) else word
    for name in several:
        words.reference(name)
    return Deadline(
        place=read_place(node.get("from")),
        default=read_duration(node.get("default")),
        word=words.reference(word) if isinstance(word, str) else None,
        words={name: words.reference(one) for name, one in several.items()},
    )


def _concurrency(node: Node, words: Words) -> Concurrency:
    word = node.get("word", "")
    return Concurrency(running=node["running"], word=words.reference(word).word if word else "")


def _idempotency(node: Node) -> Idempotency:
    return Idempotency(
        header=node["header"], keeps=read_duration(node.get("keeps")), conflict=node.get("conflict")
    )


def _stream(node: Node) -> Stream:
    return Stream(
        events={name: StreamData(kind) for name, kind in node["events"].items()},
        operation=node.get("operation", ""),
        follow=read_place(node.get("follow")),
        ids=node.get("ids", False),
    )


def _upload(node: Node) -> Upload:
    return Upload(
        operation=node["operation"],
        url=read_place(node.get("url")),
        each=read_path(node.get("each")),
        method=node.get("method", "PUT"),
        fields=read_place(node.get("fields")),
        gives=read_place(node.get("gives")),
        to=node.get("to", ""),
        parameter=node.get("parameter", ""),
        read=node.get("read", ""),
        content=node.get("content", ""),
        listing=_if(node.get("list"), _file_list),
        delete=node.get("delete", ""),
    )


def _file_list(node: Node) -> FileList:
    return FileList(operation=node["operation"], each=read_path(node["each"]))
