"""Matches operations of two documents, which may have been moved or renamed."""

import json
import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from safelight_codegen._drift.messages import LocatedObject, resolve_at
from safelight_lifecycle import format_pointer
from safelight_openapi import METHODS, Node, as_mapping

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_PROSE = ("operationId", "summary", "description", "tags", "externalDocs", "deprecated")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOperation:
    """An operation of a path or a webhook, with the path item it inherits from."""

    method: str
    path: str
    item: LocatedObject
    operation: LocatedObject

    @property
    def operation_id(self) -> str | None:
        """The operationId, if there is one; the conversion names others by method and path."""
        name = self.operation.node.get("operationId")
        return name if isinstance(name, str) and name != self.label else None

    @property
    def label(self) -> str:
        """Method and path, for reports."""
        return f"{self.method.upper()} {self.path}"

    @property
    def name(self) -> str:
        """Its name in reports: the operationId, or else method and path."""
        return self.operation_id or self.label

    @property
    def route(self) -> tuple[str, str]:
        """Method and path without the names of path parameters."""
        return self.method, _PLACEHOLDER.sub("{}", self.path)

    def parameters(self, document: Node) -> dict[tuple[str, str], LocatedObject]:
        """Return parameters by location and name; those of the operation override those of its path."""
        located: dict[tuple[str, str], LocatedObject] = {}
        for container in (self.item, self.operation):
            for one in _listed(container, "parameters", document):
                located[str(one.node.get("in")), _cased(one.node)] = one
        return located

    def body(self, document: Node) -> LocatedObject:
        """Return the request body, or an empty object."""
        return resolve_at(
            self.operation.node.get("requestBody"), self.operation.pointer + "/requestBody", document
        )

    def responses(self, document: Node) -> dict[str, LocatedObject]:
        """Return the responses by status."""
        container = self.operation.member("responses")
        return {
            status: resolve_at(node, container.pointer + format_pointer((status,)), document)
            for status, node in container.node.items()
            if not status.startswith("x-")
        }


def list_operations(document: Node, part: str = "paths") -> list[ComparedOperation]:
    """Return the operations under `paths` or `webhooks`."""
    return [
        ComparedOperation(method=method, path=path, item=item, operation=item.member(method))
        for path, node in as_mapping(document.get(part)).items()
        for item in [resolve_at(node, format_pointer((part, path)), document)]
        for method in METHODS
        if method in item.node
    ]


def pair_operations(
    old: list[ComparedOperation], new: list[ComparedOperation]
) -> tuple[
    list[tuple[ComparedOperation, ComparedOperation]], list[ComparedOperation], list[ComparedOperation]
]:
    """Pair operations by method and path, else by operationId, else by equal content.

    Return the pairs, and the operations of each document that have no partner.
    """
    pairs = list[tuple[ComparedOperation, ComparedOperation]]()
    for key in _KEYS:
        known = {key(one): one for one in new if key(one) is not None}
        for one in list(old):
            partner = known.pop(key(one), None)
            if partner is not None:
                pairs.append((one, partner))
                old, new = _without(old, one), _without(new, partner)
    return pairs, old, new


def shared_operations(old: Node, new: Node) -> int:
    """Return how many operations two documents share, by method and path or by operationId."""
    ours, theirs = list_operations(old), list_operations(new)
    shared = [
        one
        for one in ours
        if any(
            one.route == other.route
            or (one.operation_id is not None and one.operation_id == other.operation_id)
            for other in theirs
        )
    ]
    return len(shared)


def sent_schemas(document: Node) -> frozenset[str]:
    """Return the pointers of components that are the body of a request."""
    bodies = [one.body(document).member("content").node.values() for one in list_operations(document)]
    references = [
        as_mapping(as_mapping(media).get("schema")).get("$ref") for body in bodies for media in body
    ]
    return frozenset(one.removeprefix("#") for one in references if isinstance(one, str))


def _content(call: ComparedOperation) -> Hashable:
    sent = {key: value for key, value in call.operation.node.items() if key not in _PROSE}
    return call.method, json.dumps(sent, sort_keys=True)


_KEYS: tuple[Callable[[ComparedOperation], Hashable], ...] = (
    lambda call: call.route,
    lambda call: call.operation_id,
    _content,
)


def _without(operations: list[ComparedOperation], one: ComparedOperation) -> list[ComparedOperation]:
    return [other for other in operations if other is not one]


def _cased(parameter: Node) -> str:
    """Return the name of a parameter; names of headers are case-insensitive (RFC 9110)."""
    name = str(parameter.get("name"))
    return name.lower() if parameter.get("in") == "header" else name


def _listed(container: LocatedObject, key: str, document: Node) -> Iterator[LocatedObject]:
    members = container.node.get(key)
    listed = members if isinstance(members, list) else []
    yield from (
        resolve_at(one, container.pointer + format_pointer((key, index)), document)
        for index, one in enumerate(listed)
    )
