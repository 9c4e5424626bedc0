"""Reads `x-async-jobs` of a document as the types of `_lifecycle`."""

from collections.abc import Mapping

from safelight_lifecycle._async_jobs import EXTENSION
from safelight_lifecycle._durations import parse_duration
from safelight_lifecycle._lifecycle import (
    FileLink,
    FileLinks,
    JobId,
    JobLifecycle,
    ListOperation,
    ReadOperation,
    RestrictedOperation,
)
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._states import State

Node = Mapping[str, JSON]


def read_lifecycles(document: Node) -> dict[str, JobLifecycle]:
    """Return the lifecycles of a document by name; none if it declares none.

    `x-async-jobs` must match `async-jobs.schema.json`, which is not checked here: KeyError or ValueError is
    raised for some of what does not match. Raises LookupError if a job's id is part of a URL and the document
    has no path for the read operation.
    """
    return {name: _lifecycle(name, node, document) for name, node in document.get(EXTENSION, {}).items()}


def _lifecycle(name: str, node: Node, document: Node) -> JobLifecycle:
    read, listing, result = node["read"], node.get("list"), node.get("result")
    return JobLifecycle(
        name=name,
        submit=tuple(node["submit"]),
        id=_job_id(node["id"], read["operation"], document),
        read=ReadOperation(
            operation=read["operation"],
            state=read["state"],
            progress=read.get("progress"),
            eta=read.get("eta"),
        ),
        states={vendor_state: State(state) for vendor_state, state in node["states"].items()},
        listing=ListOperation(operation=listing["operation"], each=listing["each"]) if listing else None,
        cancel=_restricted(node.get("cancel")),
        delete=_restricted(node.get("delete")),
        result=_link(result) if result and "each" not in result else None,
        results=_links(result) if result and "each" in result else None,
        input=_link(node["input"]) if "input" in node else None,
        errors=node.get("errors"),
    )


def _job_id(node: Node, read: str, document: Node) -> JobId:
    return JobId(
        expression=node["from"],
        parameter=node["parameter"],
        also=tuple(node.get("also", ())),
        urls=tuple(node.get("urls", ())),
        path=_path_of(read, document) if "urls" in node else "",
    )


def _path_of(operation: str, document: Node) -> str:
    for path, item in document["paths"].items():
        for node in item.values():
            if isinstance(node, dict) and node.get("operationId") == operation:
                return str(path)
    raise LookupError(
        f"no path has the operation {operation!r}; add it to `paths`, or correct `read` in {EXTENSION}"
    )


def _restricted(node: Node | None) -> RestrictedOperation | None:
    return RestrictedOperation(operation=node["operation"], allowed=_allowed(node)) if node else None


def _link(node: Node) -> FileLink:
    return FileLink(
        url=node.get("url") or node["inline"],
        operation=node.get("operation"),
        allowed=_allowed(node),
        expires=_expires(node),
        renew=node.get("renew", False),
    )


def _links(node: Node) -> FileLinks:
    return FileLinks(each=node["each"], allowed=_allowed(node), expires=_expires(node))


def _allowed(node: Node) -> frozenset[State]:
    return frozenset(State(state) for state in node.get("while", State))


def _expires(node: Node) -> float | None:
    return parse_duration(node["expires"]) if "expires" in node else None
