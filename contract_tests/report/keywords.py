"""Schema keywords of what operations take, by where they stand.

A keyword is named by its JSON pointer in the effective spec; each name that is `required` counts as one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

Json = Any  # a document, or a value held against one

METHODS: Final = ("get", "put", "post", "delete", "patch")

# The keywords that may refuse a value, and what they look at: of anything else they say nothing.
ASSERTIONS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "type": object,
    "enum": object,
    "const": object,
    "anyOf": object,
    "oneOf": object,
    "not": object,
    "minimum": (int, float),
    "maximum": (int, float),
    "exclusiveMinimum": (int, float),
    "exclusiveMaximum": (int, float),
    "multipleOf": (int, float),
    "minLength": str,
    "maxLength": str,
    "pattern": str,
    "format": str,
    "minItems": list,
    "maxItems": list,
    "uniqueItems": list,
    "required": dict,
    "minProperties": dict,
    "maxProperties": dict,
    "additionalProperties": dict,  # where it is false
}

# Keywords below which values are described, each by a schema, a list of schemas or schemas by name. Below
# `not` are values that are not wanted: only `not` itself can be kept.
ONE: Final = ("items", "additionalProperties")
SEVERAL: Final = ("anyOf", "oneOf", "allOf", "prefixItems")
NAMED: Final = ("properties", "patternProperties")


def steps(*parts: str | int) -> str:
    """Write the end of a JSON pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


@dataclass(frozen=True)
class Keywords:
    """The keywords of one effective spec."""

    spec: Json

    @cached_property
    def operations(self) -> Mapping[str, str]:
        """The place of each operation, by its id."""
        return {
            item[method]["operationId"]: steps("paths", path, method)
            for path, item in self.spec["paths"].items()
            for method in METHODS
            if method in item
        }

    def roots(self, operation: str) -> Mapping[str, str]:
        """Return the places of the schemas a call is held against: `query limit`, `body application/json`."""
        place = self.operations[operation]
        beside = place.rpartition("/")[0] + "/parameters"
        told = [*self._items(beside), *self._items(place + "/parameters")]
        roots = {f"{self.at(one)['in']} {self.at(one)['name']}": f"{one}/schema" for one in told}
        body = self._resolved(place + "/requestBody") + "/content"
        for media_type in self.at(body) or ():
            roots[f"body {media_type}"] = body + steps(media_type, "schema")
        return roots

    @cached_property
    def of(self) -> Mapping[str, Mapping[str, str]]:
        """The name of every keyword a call of an operation is held against, by its place."""
        return {operation: self._of(operation) for operation in self.operations}

    def at(self, place: str) -> Json:
        """Return what stands at a place; None, if nothing does."""
        node = self.spec
        for part in place.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and key.isdecimal() and int(key) < len(node):
                node = node[int(key)]
            elif isinstance(node, dict) and key in node:
                node = node[key]
            else:
                return None
        return node

    def _of(self, operation: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for root in self.roots(operation).values():
            self._collect(root, found, set())
        return found

    def _collect(self, place: str, found: dict[str, str], seen: set[str]) -> None:
        place = self._resolved(place)
        schema = self.at(place)
        if place in seen or not isinstance(schema, dict):
            return
        seen.add(place)
        for name in ASSERTIONS.keys() & schema.keys():
            found.update(dict.fromkeys(places(place + steps(name), name, schema[name]), name))
        for below in _below(place, schema):
            self._collect(below, found, seen)

    def _items(self, place: str) -> Iterator[str]:
        for index in range(len(self.at(place) or ())):
            yield self._resolved(place + steps(index))

    def _resolved(self, place: str) -> str:
        node = self.at(place)
        while isinstance(node, dict) and "$ref" in node:
            place = node["$ref"].removeprefix("#")
            node = self.at(place)
        return place


def places(place: str, name: str, said: Json) -> Iterator[str]:
    """Yield what a keyword counts as: one for each name that is `required`, none where it is a schema."""
    if name == "required":
        yield from (place + steps(index) for index in range(len(said)))
    elif name != "additionalProperties" or said is False:
        yield place


def _below(place: str, schema: Json) -> Iterator[str]:
    for name in ONE:
        yield place + steps(name)
    for name in SEVERAL:
        yield from (place + steps(name, index) for index in range(len(schema.get(name, ()))))
    for name in NAMED:
        yield from (place + steps(name, key) for key in schema.get(name, ()))
