"""The operations of a document, each with what it takes and answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from safelight_openapi._reading.documents import JSON
from safelight_openapi._structure.grammar import METHODS
from safelight_openapi._structure.references import Node, resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    name: str  # the operationId
    method: str
    path: str
    parameters: tuple[Node, ...]
    body: Node
    responses: dict[str, Node]

    @property
    def place(self) -> str:
        """How a person names it."""
        return f"{self.method.upper()} {self.path}"

    def parameter(self, name: str, place: str | None = None) -> Node | None:
        """Find a parameter by its name and, if given, by where it goes (path, query, header, cookie)."""
        fitting = (one for one in self.parameters if one.get("name") == name)
        return next((one for one in fitting if place in (None, one.get("in"))), None)

    def answers(self) -> Iterator[tuple[str, Node]]:
        """Give status and response of every successful answer; `default` if no other key covers success."""
        successes = [(status, node) for status, node in self.responses.items() if status.startswith("2")]
        default = [(status, node) for status, node in self.responses.items() if status == "default"]
        return iter(successes or default)


def operations(document: Node) -> dict[str, Operation]:
    """Give every operation under `paths` by its operationId."""
    found = (_operation(path, method, item, document) for path, method, item in _listed(document))
    return {operation.name: operation for operation in found}


def mapping(node: JSON) -> Node:
    """Take what should be a mapping for one; an empty one if it is something else."""
    return node if isinstance(node, dict) else {}


def _listed(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, item in mapping(document.get("paths")).items():
        whole = resolved(item, document)
        yield from ((path, method, whole) for method in METHODS if method in whole)


def _operation(path: str, method: str, item: Node, document: Node) -> Operation:
    node = mapping(item[method])
    parameters = [*_list(item.get("parameters")), *_list(node.get("parameters"))]
    responses = mapping(node.get("responses"))
    return Operation(
        name=str(node.get("operationId", f"{method} {path}")),
        method=method,
        path=path,
        parameters=tuple(resolved(parameter, document) for parameter in parameters),
        body=resolved(node.get("requestBody"), document),
        responses={status: resolved(response, document) for status, response in responses.items()},
    )


def _list(node: JSON) -> list[JSON]:
    return node if isinstance(node, list) else []
