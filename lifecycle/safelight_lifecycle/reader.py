"""The lifecycles a document declares under `x-async-jobs`, as the types of `vocabulary`."""

from collections.abc import Mapping

from safelight_lifecycle.durations import parse_duration
from safelight_lifecycle.pointers import JSON
from safelight_lifecycle.vocabulary import JobId, Lifecycle, Link, Links, Listing, Move, Read, State

EXTENSION = "x-async-jobs"

Node = Mapping[str, JSON]


def read_lifecycles(document: Node) -> dict[str, Lifecycle]:
    """Return the lifecycles of a document by name, which `async-jobs.schema.json` accepts.

    Raises KeyError or ValueError for what that schema refuses, and LookupError if an id is in URLs of a read
    operation that no path has.
    """
    return {name: _lifecycle(name, node, document) for name, node in document.get(EXTENSION, {}).items()}


def _lifecycle(name: str, node: Node, document: Node) -> Lifecycle:
    read, listing, result = node["read"], node.get("list"), node.get("result")
    return Lifecycle(
        name=name,
        submit=tuple(node["submit"]),
        id=_job_id(node["id"], read["operation"], document),
        read=Read(
            operation=read["operation"],
            state=read["state"],
            progress=read.get("progress"),
            eta=read.get("eta"),
        ),
        states={word: State(state) for word, state in node["states"].items()},
        listing=Listing(operation=listing["operation"], each=listing["each"]) if listing else None,
        cancel=_move(node.get("cancel")),
        forget=_move(node.get("forget")),
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
    raise LookupError(f"no path has the operation {operation}")


def _move(node: Node | None) -> Move | None:
    return Move(operation=node["operation"], allowed=_allowed(node)) if node else None


def _link(node: Node) -> Link:
    return Link(
        url=node.get("url") or node["inline"],
        operation=node.get("operation"),
        allowed=_allowed(node),
        expires=_expires(node),
        renew=node.get("renew", False),
    )


def _links(node: Node) -> Links:
    return Links(each=node["each"], allowed=_allowed(node), expires=_expires(node))


def _allowed(node: Node) -> frozenset[State]:
    return frozenset(State(state) for state in node.get("while", State))


def _expires(node: Node) -> float | None:
    return parse_duration(node["expires"]) if "expires" in node else None
