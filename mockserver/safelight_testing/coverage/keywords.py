"""Schema keywords of what operations accept, by JSON pointer.

Each name that is `required` counts as a keyword of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from safelight_lifecycle import JSON, format_pointer, value_at

METHODS: Final = ("get", "put", "post", "delete", "patch")

# Keywords that can reject a value, and the types they apply to: values of other types they accept unseen.
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

# Keywords with subschemas: one, a list, or a mapping of them. `not` is left out: what is below it describes
# unwanted values, so only `not` itself can be satisfied.
ONE: Final = ("items", "additionalProperties")
SEVERAL: Final = ("anyOf", "oneOf", "allOf", "prefixItems")
NAMED: Final = ("properties", "patternProperties")


def steps(*parts: str | int) -> str:
    """Return the end of a JSON pointer (RFC 6901)."""
    return format_pointer(parts)


@dataclass(frozen=True)
class Keywords:
    """The keywords of one effective spec."""

    spec: JSON

    @cached_property
    def operations(self) -> Mapping[str, str]:
        """The pointer of each operation, by operationId."""
        return {
            item[method]["operationId"]: steps("paths", path, method)
            for path, item in self.spec["paths"].items()
            for method in METHODS
            if method in item
        }

    def roots(self, operation: str) -> Mapping[str, str]:
        """Return the schemas of a request, by keys such as `query limit` and `body application/json`."""
        pointer = self.operations[operation]
        shared = pointer.rpartition("/")[0] + "/parameters"
        parameters = [*self._items(shared), *self._items(pointer + "/parameters")]
        roots = {f"{self.at(one)['in']} {self.at(one)['name']}": f"{one}/schema" for one in parameters}
        content = self._resolved(pointer + "/requestBody") + "/content"
        for media_type in self.at(content) or ():
            roots[f"body {media_type}"] = content + steps(media_type, "schema")
        return roots

    @cached_property
    def of(self) -> Mapping[str, frozenset[str]]:
        """The pointers of all keywords that validate requests of an operation."""
        return {operation: frozenset(self._of(operation)) for operation in self.operations}

    def at(self, pointer: str) -> JSON:
        """Return the node at a pointer, or None."""
        return value_at(pointer, self.spec)

    def _of(self, operation: str) -> set[str]:
        pointers: set[str] = set()
        visited: set[str] = set()
        for root in self.roots(operation).values():
            self._collect(root, pointers, visited)
        return pointers

    def _collect(self, pointer: str, pointers: set[str], visited: set[str]) -> None:
        pointer = self._resolved(pointer)
        schema = self.at(pointer)
        if pointer in visited or not isinstance(schema, dict):
            return
        visited.add(pointer)
        for name in ASSERTIONS.keys() & schema.keys():
            pointers.update(counted(pointer + steps(name), name, schema[name]))
        for below in _below(pointer, schema):
            self._collect(below, pointers, visited)

    def _items(self, pointer: str) -> Iterator[str]:
        for index in range(len(self.at(pointer) or ())):
            yield self._resolved(pointer + steps(index))

    def _resolved(self, pointer: str) -> str:
        node = self.at(pointer)
        while isinstance(node, dict) and "$ref" in node:
            pointer = node["$ref"].removeprefix("#")
            node = self.at(pointer)
        return pointer


def counted(pointer: str, name: str, value: JSON) -> Iterator[str]:
    """Yield the pointers a keyword counts as: one per `required` name, none for a schema."""
    if name == "required":
        yield from (pointer + steps(index) for index in range(len(value)))
    elif name != "additionalProperties" or value is False:
        yield pointer


def _below(pointer: str, schema: JSON) -> Iterator[str]:
    for name in ONE:
        yield pointer + steps(name)
    for name in SEVERAL:
        yield from (pointer + steps(name, index) for index in range(len(schema.get(name, ()))))
    for name in NAMED:
        yield from (pointer + steps(name, key) for key in schema.get(name, ()))
