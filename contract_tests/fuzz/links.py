"""Links from submissions to the operations of their jobs, made of lifecycles for link sequences."""

import re
from collections.abc import Iterator
from typing import Any

from safelight_lifecycle import Lifecycle, Removal, State

Json = dict[str, Any]


def operations_on(lifecycle: Lifecycle) -> dict[str, str]:
    """Return what can be done with a job whose id is known: `read`, `cancel`, `delete` and others."""
    parts = {
        "read": lifecycle.read,
        "input": lifecycle.input,
        "result": lifecycle.result,
        **lifecycle.results,
    }
    named = {name: part.operation for name, part in parts.items() if part is not None}
    moves = {move.operation: move.operation for move in lifecycle.moves if not move.every}
    cancel, delete = lifecycle.operation_to(State.CANCELLED), lifecycle.operation_to(Removal.DELETED)
    known = {**named, **moves, "cancel": cancel, "delete": delete}
    return {name: operation for name, operation in known.items() if operation}


def add_links(lifecycle: Lifecycle, operations: dict[str, Json]) -> None:
    """Add links between operations, by their ids, wherever the document has none."""
    further = dict.fromkeys(operations_on(lifecycle).values()) if lifecycle.ids.parameter else {}
    for origin in dict.fromkeys((*lifecycle.submissions, *further)):
        known = (
            _submitted(lifecycle, origin)
            if origin in lifecycle.submissions
            else _requested(operations[origin])
        )
        for response in _successes(operations[origin]):
            links = response.setdefault("links", {})
            for target in sorted({*further} - {link["operationId"] for link in links.values()}):
                names = [one["name"] for one in operations[target]["parameters"]]
                parameters = {name: known[name] for name in names if name in known}
                links[f"then {target}"] = {"operationId": target, "parameters": parameters}


def _submitted(lifecycle: Lifecycle, operation: str) -> dict[str, str]:
    """Return the parameters of later requests, by the request and the response of a submission."""
    ids = lifecycle.ids_of(operation)
    others = {name: str(place) for name, place in ids.others.items()}
    return {**others, ids.parameter: str(ids.places[0]) if ids.places else _inside_url(lifecycle)}


def _inside_url(lifecycle: Lifecycle) -> str:
    """Return the place of an id within a URL, in the form of schemathesis."""
    ids = lifecycle.ids
    before, _, after = ids.template.partition(f"{{{ids.parameter}}}")
    return f"{ids.urls[0]}#regex:{re.escape(before.rpartition('}')[2])}([^/?]+){re.escape(after)}"


def _requested(operation: Json) -> dict[str, str]:
    return {one["name"]: f"$request.{one['in']}.{one['name']}" for one in operation["parameters"]}


def _successes(operation: Json) -> Iterator[Json]:
    codes = [code for code in operation["responses"] if code.startswith("2")]
    yield from (operation["responses"][code] for code in codes or ["default"])
