"""The operations of a document, with parameters, request body and responses."""

from collections.abc import Iterator
from dataclasses import dataclass

from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import METHODS
from safelight_openapi._structure.references import Node, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOperation:
    """One method of one path; references of its parts are resolved."""

    name: str  # the operationId
    method: str
    path: str
    parameters: tuple[Node, ...]
    body: Node
    responses: dict[str, Node]

    @property
    def label(self) -> str:
        """Method and path, for messages."""
        return f"{self.method.upper()} {self.path}"

    @property
    def job_name(self) -> str:
        """The name by which lifecycles name it: without an operationId, method and path."""
        return self.label if self.name == f"{self.method} {self.path}" else self.name

    def parameter(self, name: str, location: str | None = None) -> Node | None:
        """Return a parameter by its name and, optionally, its location (path, query, header or cookie)."""
        named = (one for one in self.parameters if one.get("name") == name)
        return next((one for one in named if location in (None, one.get("in"))), None)

    def success_responses(self) -> Iterator[tuple[str, Node]]:
        """Yield status and response of every 2xx response; of `default` if the operation has no other."""
        successes = [(status, node) for status, node in self.responses.items() if status.startswith("2")]
        default = [(status, node) for status, node in self.responses.items() if status == "default"]
        return iter(successes or default)


def operations_by_id(document: Node) -> dict[str, DocumentOperation]:
    """Return the operations under `paths` by operationId; without one, by method and path."""
    listed = (_operation(path, method, item, document) for path, method, item in _listed(document))
    return {operation.name: operation for operation in listed}


def as_mapping(node: JSONValue) -> Node:
    """Return a value that should be a mapping, or an empty mapping if it is something else."""
    return node if isinstance(node, dict) else {}


def _listed(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, item in as_mapping(document.get("paths")).items():
        whole = resolve(item, document)
        yield from ((path, method, whole) for method in METHODS if method in whole)


def _operation(path: str, method: str, item: Node, document: Node) -> DocumentOperation:
    node = as_mapping(item[method])
    parameters = [*_list(item.get("parameters")), *_list(node.get("parameters"))]
    responses = as_mapping(node.get("responses"))
    return DocumentOperation(
        name=str(node.get("operationId", f"{method} {path}")),
        method=method,
        path=path,
        parameters=tuple(resolve(parameter, document) for parameter in parameters),
        body=resolve(node.get("requestBody"), document),
        responses={status: resolve(response, document) for status, response in responses.items()},
    )


def _list(node: JSONValue) -> list[JSONValue]:
    return node if isinstance(node, list) else []
