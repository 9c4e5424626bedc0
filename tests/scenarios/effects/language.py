"""The effects of the scenario language: those that its schema has, and those that a rule uses."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

Json = Any
PARTS = ("respond", "transfer", "job", "webhook")  # of a rule: what goes wrong


@cache
def schema() -> Mapping[str, Json]:
    """Return the schema of scenarios."""
    text = (files("safelight_mock.scenarios") / "scenario.schema.json").read_bytes()
    read: Mapping[str, Json] = msgspec.json.decode(text)
    return read


def effects_of(described: Mapping[str, Json]) -> set[str]:
    """Return each effect of a schema of scenarios by its path, such as `transfer/reset=before`."""
    rule = described["$defs"]["rule"]["properties"]
    return {path for part in PARTS for path in _described(described, rule[part], part)}


def effects_in(rule: Mapping[str, Json]) -> set[str]:
    """Return the effects that a rule uses."""
    described = schema()
    parts = described["$defs"]["rule"]["properties"]
    return {
        path for part in PARTS if part in rule for path in _used(described, parts[part], rule[part], part)
    }


def _described(described: Mapping[str, Json], node: Json, path: str) -> Iterator[str]:
    node = _resolved(described, node)
    if "enum" in node:
        yield from (f"{path}={value}" for value in node["enum"])
    elif "oneOf" in node:
        for inner in node["oneOf"]:
            yield from _described(described, inner, path)
    elif node.get("type") == "array":
        yield from _described(described, node["items"], path)
    elif "properties" in node:
        for name, inner in node["properties"].items():
            yield from _described(described, inner, f"{path}/{name}")
    else:
        yield path


def _used(described: Mapping[str, Json], node: Json, value: Json, path: str) -> Iterator[str]:
    node = _resolved(described, node)
    if "oneOf" in node:
        is_object = isinstance(value, Mapping)
        kinds = [_resolved(described, inner) for inner in node["oneOf"]]
        node = next(kind for kind in kinds if ("properties" in kind) == is_object)
    if "enum" in node:
        yield f"{path}={value}"
    elif node.get("type") == "array":
        for inner in value:
            yield from _used(described, node["items"], inner, path)
    elif "properties" in node:
        for name, inner in value.items():
            yield from _used(described, node["properties"][name], inner, f"{path}/{name}")
    else:
        yield path


def _resolved(described: Mapping[str, Json], node: Json) -> Json:
    return described["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
