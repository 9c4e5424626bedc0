"""Values worth sending for a schema: what it takes, and what it refuses by a little."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

JSON = Any  # what a body consists of
Schema = Mapping[str, JSON]

WRONG: Final[Mapping[str, tuple[JSON, ...]]] = {
    "string": (7, None, []),
    "integer": ("7", 1.5, None, True),
    "number": ("x", None),
    "boolean": ("yes", 1, None),
    "object": ("x", None, []),
    "array": ({}, "x", None),
}
DEEPEST: Final = 5


def candidates(schema: Schema, components: Mapping[str, JSON], depth: int = 0) -> Iterator[JSON]:
    """Yield values for a schema, those it takes first; objects vary one member at a time."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    if depth > DEEPEST:
        return
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from candidates(branch, components, depth + 1)
    if "enum" in schema or "const" in schema:
        yield from (
            *schema.get("enum", ()),
            *([schema["const"]] if "const" in schema else ()),
            "none of these",
        )
        return
    types = schema.get("type", ())
    for kind in [types] if isinstance(types, str) else types:
        yield from _of_type(kind, schema, components, depth)
        yield from WRONG.get(kind, ())


def smallest(schema: Schema, components: Mapping[str, JSON]) -> JSON:
    """Return the required members of an object, each with its first candidate."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    return {
        name: next(candidates(schema["properties"][name], components), None)
        for name in schema.get("required", ())
    }


def _of_type(kind: str, schema: Schema, components: Mapping[str, JSON], depth: int) -> Iterator[JSON]:
    if kind == "object":
        least = smallest(schema, components)
        yield least
        for name, member in schema.get("properties", {}).items():
            for value in candidates(member, components, depth + 1):
                yield {**least, name: value}
        yield {**least, "surplus": 1}
    elif kind == "array":
        items = [*candidates(schema.get("items", {}), components, depth + 1)]
        yield from ([], items[:1], items[:3])
    elif kind in ("integer", "number"):
        low, high = schema.get("minimum", 0), schema.get("maximum", 100)
        yield from (low, high, low - 1, high + 1, (low + high) // 2)
    elif kind == "boolean":
        yield from (True, False)
    elif kind == "string":
        short, long_ = schema.get("minLength", 0), schema.get("maxLength", 40)
        yield from ("x" * max(short, 1), "x" * long_, "", "x" * (long_ + 1), "ünïcode", "10%", "#ff8800")
