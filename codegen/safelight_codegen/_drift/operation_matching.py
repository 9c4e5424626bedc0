"""Which operation of a new document is which of the old one, though it may have moved or been renamed."""

import json
import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from safelight_codegen._drift.messages import Spot, spot
from safelight_lifecycle import format_pointer
from safelight_openapi import METHODS, Node, as_mapping

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_PROSE = ("operationId", "summary", "description", "tags", "externalDocs", "deprecated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One method of one path (or of one webhook), with what it inherits from the path."""

    method: str
    path: str
    item: Spot
    spot: Spot

    @property
    def operation_id(self) -> str | None:
        """The vendor's name for it, if there is one."""
        name = self.spot.node.get("operationId")
        return name if isinstance(name, str) else None

    @property
    def place(self) -> str:
        """Method and path, as a person says it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.operation_id or self.place

    @property
    def address(self) -> tuple[str, str]:
        """Method and path, whatever the path's placeholders are called."""
        return self.method, _PLACEHOLDER.sub("{}", self.path)

    def parameters(self, document: Node) -> dict[tuple[str, str], Spot]:
        """Give parameters by place and name; those of the operation go before those of its path."""
        found: dict[tuple[str, str], Spot] = {}
        for held in (self.item, self.spot):
            for one in _listed(held, "parameters", document):
                found[str(one.node.get("in")), _cased(one.node)] = one
        return found

    def body(self, document: Node) -> Spot:
        """Give the request body, an empty one if there is none."""
        return spot(self.spot.node.get("requestBody"), self.spot.at + "/requestBody", document)

    def answers(self, document: Node) -> dict[str, Spot]:
        """Give the answers by status."""
        held = self.spot.member("responses")
        return {
            status: spot(node, held.at + format_pointer((status,)), document)
            for status, node in held.node.items()
            if not status.startswith("x-")
        }


def calls(document: Node, part: str = "paths") -> list[Call]:
    """List the operations under `paths` or under `webhooks`."""
    return [
        Call(method=method, path=path, item=item, spot=item.member(method))
        for path, node in as_mapping(document.get(part)).items()
        for item in [spot(node, format_pointer((part, path)), document)]
        for method in METHODS
        if method in item.node
    ]


def paired(old: list[Call], new: list[Call]) -> tuple[list[tuple[Call, Call]], list[Call], list[Call]]:
    """Pair by method and path, else by operationId, else by what is sent and answered; and what is left."""
    pairs = list[tuple[Call, Call]]()
    for key in _KEYS:
        known = {key(one): one for one in new if key(one) is not None}
        for one in list(old):
            partner = known.pop(key(one), None)
            if partner is not None:
                pairs.append((one, partner))
                old, new = _without(old, one), _without(new, partner)
    return pairs, old, new


def shared_operations(old: Node, new: Node) -> int:
    """Count the operations two documents share, by address or by name."""
    ours, theirs = calls(old), calls(new)
    shared = [
        one
        for one in ours
        if any(
            one.address == other.address
            or (one.operation_id is not None and one.operation_id == other.operation_id)
            for other in theirs
        )
    ]
    return len(shared)


def sent_schemas(document: Node) -> frozenset[str]:
    """Give the places of the components that are the body of some request."""
    bodies = [one.body(document).member("content").node.values() for one in calls(document)]
    said = [as_mapping(as_mapping(media).get("schema")).get("$ref") for body in bodies for media in body]
    return frozenset(one.removeprefix("#") for one in said if isinstance(one, str))


def _essence(call: Call) -> Hashable:
    sent = {key: value for key, value in call.spot.node.items() if key not in _PROSE}
    return call.method, json.dumps(sent, sort_keys=True)


_KEYS: tuple[Callable[[Call], Hashable], ...] = (
    lambda call: call.address,
    lambda call: call.operation_id,
    _essence,
)


def _without(listed: list[Call], one: Call) -> list[Call]:
    return [left for left in listed if left is not one]


def _cased(parameter: Node) -> str:
    """Headers are known by their name in any case (RFC 9110)."""
    name = str(parameter.get("name"))
    return name.lower() if parameter.get("in") == "header" else name


def _listed(held: Spot, key: str, document: Node) -> Iterator[Spot]:
    members = held.node.get(key)
    listed = members if isinstance(members, list) else []
    yield from (
        spot(one, held.at + format_pointer((key, index)), document) for index, one in enumerate(listed)
    )
