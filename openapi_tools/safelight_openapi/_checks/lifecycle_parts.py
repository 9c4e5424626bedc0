"""The parts of `x-async-jobs` with their locations: operations, places, values and names of states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from safelight_lifecycle import EXTENSION, JSON
from safelight_openapi._structure.operations import DocumentOperation
from safelight_openapi._structure.references import Node

Location: TypeAlias = tuple[str | int, ...]
Part: TypeAlias = tuple[Location, JSON]
JobNode: TypeAlias = Mapping[str, JSON]  # a part of `x-async-jobs`, which the schema has checked

ROOT: Location = (EXTENSION,)
_NAMES = frozenset({"states", "events", "words", "with", "filter", "write", "headers", "body", "reports"})
_FILE_OPERATIONS = ("read", "content", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedJobs:
    """One lifecycle of a document, at a location, and the operations of the document by name."""

    document: Node
    operations: Mapping[str, DocumentOperation]
    at: Location
    job: JobNode

    @property
    def submits(self) -> list[str]:
        """The operations of `submit`."""
        return [str(name) for _, name in submissions(self.at, self.job)]

    @property
    def reads(self) -> list[str]:
        """The operation that reads a job, if there is one."""
        return [self.job["read"]["operation"]] if "read" in self.job else []

    def results(self) -> Iterator[tuple[Location, JobNode]]:
        """Yield every result: of the lifecycle, of its submissions, and the further ones."""
        if "result" in self.job:
            yield (*self.at, "result"), self.job["result"]
        for index, one in enumerate(self.job["submit"]):
            if isinstance(one, dict) and "result" in one:
                yield (*self.at, "submit", index, "result"), one["result"]
        for name, one in self.job.get("results", {}).items():
            yield (*self.at, "results", name), one

    def deliveries(self) -> Iterator[tuple[Location, JobNode]]:
        """Yield every webhook."""
        node = self.job.get("deliver", [])
        if isinstance(node, dict):
            yield (*self.at, "deliver"), node
            return
        for index, one in enumerate(node):
            yield (*self.at, "deliver", index), one


def members(at: Location, node: JSON) -> Iterator[Part]:
    """Yield location and value of every member below a node, those of objects and of lists."""
    pairs = (
        [*node.items()] if isinstance(node, dict) else [*enumerate(node)] if isinstance(node, list) else []
    )
    for key, value in pairs:
        yield (*at, key), value
        yield from members((*at, key), value)


def submissions(at: Location, job: JobNode) -> Iterator[Part]:
    """Yield location and name of each operation of `submit`."""
    for index, one in enumerate(job["submit"]):
        location = (*at, "submit", index)
        yield (location, one) if isinstance(one, str) else ((*location, "operation"), one["operation"])


def named_operations(described: JobNode) -> Iterator[Part]:
    """Yield location and name of every operation that `x-async-jobs` names."""
    for name, job in described["lifecycles"].items():
        at = (*ROOT, "lifecycles", name)
        yield from ((one, value) for one, value in submissions(at, job) if len(one) == len(at) + 2)
        yield from (((*at, "sync", index), one) for index, one in enumerate(job.get("sync", ())))
        yield from _operations_below(at, job)
        yield from (
            ((*one, "url"), value["url"])
            for one, value in values(at, job)
            if isinstance(value, dict) and "url" in value
        )
    for index, upload in enumerate(described.get("inputs", ())):
        at = (*ROOT, "inputs", index)
        yield from _operations_below(at, upload)
        yield from (((*at, key), upload[key]) for key in _FILE_OPERATIONS if key in upload)


def _operations_below(at: Location, node: JSON) -> Iterator[Part]:
    """Yield the members `operation`, but those of objects whose keys are names of the API."""
    for location, value in members(at, node):
        own = location[len(at) :]
        if own[-1] == "operation" and isinstance(value, str) and not _NAMES.intersection(own[:-1]):
            yield location, value


def values(at: Location, job: JobNode) -> Iterator[Part]:
    """Yield what a lifecycle writes: `reports`, those of the list, and bodies and headers of webhooks."""
    holders = [((*at, "reports"), job), ((*at, "list", "reports"), job.get("list", {}))]
    node = job.get("deliver", [])
    hooks = [((), node)] if isinstance(node, dict) else [((index,), one) for index, one in enumerate(node)]
    for index, hook in hooks:
        holders += [((*at, "deliver", *index, key), hook) for key in ("body", "headers")]
    for location, holder in holders:
        written = holder.get(location[-1], {})
        for key, value in written.items() if isinstance(written, dict) else ():
            yield (*location, key), value


def state_names(jobs: DescribedJobs) -> Iterator[Part]:
    """Yield location and text of everything that must be a word or a state."""
    at, job = jobs.at, jobs.job
    for word, node in job.get("states", {}).items():
        if isinstance(node, dict) and "then" in node:
            yield (*at, "states", word, "then"), node["then"]
    yield from _listed_names((*at, "read", "by_status"), job.get("read", {}).get("by_status", {}))
    for index, move in enumerate(job.get("moves", ())):
        where = (*at, "moves", index)
        yield from _listed_names(where, {"while": move.get("while", ())})
        yield (*where, "to"), move["to"]
    for where, result in jobs.results():
        yield from _listed_names(where, {"while": result.get("while", ())})
    for where, hook in jobs.deliveries():
        yield from _listed_names(where, {"on": hook["on"]})
        yield from (((*where, "events", name), name) for name in hook.get("events", ()))
        yield from _listed_names((*where, "filter", "words"), hook.get("filter", {}).get("words", {}))
    for key in ("deadline", "concurrency"):
        yield from _words_of((*at, key, "word"), job.get(key, {}).get("word", {}))
    for location, value in values(at, job):
        if isinstance(value, dict) and "since" in value:
            yield (*location, "since"), value["since"]
        if isinstance(value, dict):
            yield from (((*location, "words", name), name) for name in value.get("words", ()))


def _listed_names(at: Location, node: JobNode) -> Iterator[Part]:
    for key, names in node.items():
        yield from (((*at, key, index), name) for index, name in enumerate(names))


def _words_of(at: Location, node: JSON) -> Iterator[Part]:
    if isinstance(node, str):
        yield at, node
        return
    for name, word in node.items():
        yield from (((*at, name), name), ((*at, name), word))
