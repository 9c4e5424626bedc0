"""Schemas without references and `allOf`: the list of all schema objects that apply at the same time.

Nothing is copied or merged, and each object keeps its pointer. So recursive schemas can be represented, and
every difference has a location.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from safelight_lifecycle import format_pointer
from safelight_openapi import JSONValue, Node, as_mapping, node_at

_MAX_CHOICES = 500  # of one schema that are compared; choices within choices multiply
_MAX_CHOICE_DEPTH = 6  # choices within choices
_KEYS = ("anyOf", "oneOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaPart:
    """A schema object and its pointer."""

    pointer: str
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class FlattenedSchema:
    """All schema objects that apply to one value; `pointer` is that of the first."""

    pointer: str
    parts: tuple[SchemaPart, ...]

    @property
    def locations(self) -> tuple[str, ...]:
        """The pointers of all parts, which identify this schema within its document."""
        return tuple(part.pointer for part in self.parts)

    def parts_with(self, keyword: str) -> list[SchemaPart]:
        """Return the parts that have a keyword."""
        return [part for part in self.parts if keyword in part.node]

    def values(self, keyword: str) -> list[JSONValue]:
        """Return the values of a keyword in all parts."""
        return [part.node[keyword] for part in self.parts if keyword in part.node]

    def pointer_of(self, keyword: str) -> str | None:
        """Return the pointer of the first occurrence of a keyword; None if no part has it."""
        return next(
            (part.pointer + format_pointer((keyword,)) for part in self.parts if keyword in part.node), None
        )


def flatten(schema: JSONValue, pointer: str, document: Node) -> FlattenedSchema:
    """Return a schema of `document` at `pointer` with everything that it refers to or includes."""
    return FlattenedSchema(pointer=pointer, parts=tuple(_parts(schema, pointer, document, set())))


def combine(*schemas: FlattenedSchema) -> FlattenedSchema:
    """Return the combination of several schemas, all of which apply."""
    parts = {part.pointer: part for one in schemas for part in one.parts}
    return FlattenedSchema(pointer=schemas[-1].pointer, parts=tuple(parts.values()))


def choices(whole: FlattenedSchema, document: Node, depth: int = _MAX_CHOICE_DEPTH) -> list[FlattenedSchema]:
    """Return a schema for each combination of members of `anyOf` and `oneOf`, or the schema itself."""
    groups = [
        list(islice(_members(part, key, document, depth), _MAX_CHOICES))
        for part in whole.parts
        for key in _KEYS
    ]
    groups = [group for group in groups if group]
    return [combine(whole, *choice) for choice in islice(product(*groups), _MAX_CHOICES)]


def is_truncated(schemas: list[FlattenedSchema]) -> bool:
    """Whether the schema has more choices than `choices` returned."""
    return len(schemas) >= _MAX_CHOICES or any(
        key in choice.parts[-1].node for choice in schemas for key in _KEYS
    )


def properties(whole: FlattenedSchema, document: Node) -> dict[str, FlattenedSchema]:
    """Return the schema of each property by its name."""
    described: dict[str, FlattenedSchema] = {}
    for part in whole.parts:
        for name, schema in as_mapping(part.node.get("properties")).items():
            schema_view = flatten(schema, part.pointer + format_pointer(("properties", name)), document)
            described[name] = combine(described[name], schema_view) if name in described else schema_view
    return described


def subschema(whole: FlattenedSchema, keyword: str, document: Node) -> FlattenedSchema:
    """Return the schema under a keyword such as `items`; without one, a schema that allows everything."""
    schema_view = [
        flatten(part.node[keyword], part.pointer + format_pointer((keyword,)), document)
        for part in whole.parts_with(keyword)
    ]
    return (
        combine(*schema_view)
        if schema_view
        else flatten({}, whole.pointer + format_pointer((keyword,)), document)
    )


def _parts(schema: JSONValue, pointer: str, document: Node, passed: set[str]) -> Iterator[SchemaPart]:
    """Yield the parts, each once, although it may be referred to several times."""
    if pointer in passed:
        return
    passed.add(pointer)
    node = as_mapping(schema) if schema is not False else {"not": {}}
    yield SchemaPart(pointer=pointer, node=node)
    if isinstance(reference := node.get("$ref"), str):
        target = reference.removeprefix("#")
        yield from _parts(node_at(document, target), target, document, passed)
    members = node.get("allOf")
    for index, member in enumerate(members if isinstance(members, list) else ()):
        yield from _parts(member, f"{pointer}/allOf/{index}", document, passed)


def _members(part: SchemaPart, key: str, document: Node, depth: int) -> Iterator[FlattenedSchema]:
    members = part.node.get(key)
    for index, member in enumerate(members if isinstance(members, list) and depth else ()):
        schema_view = flatten(member, f"{part.pointer}/{key}/{index}", document)
        yield from choices(schema_view, document, depth - 1)
