"""Follow `$ref` within one document; what leads out of it is named, and neither read nor fetched."""

from collections.abc import Iterable, Iterator

from safelight_lifecycle import format_pointer, is_array_index, parse_pointer, value_at
from safelight_openapi._reading.documents import JSON

Node = dict[str, JSON]

DEEPEST = 32  # a chain of references longer than this is a circle
OUTWARD = "leads out of the document; bundle all of it into one file"
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_DATA = frozenset({"const", "default", "enum", "example", "value"})
_MAPS = frozenset(  # members whose own members have names of the author's choice
    {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "examples"}
    | {"schemas", "responses", "parameters", "requestBodies", "headers", "links", "callbacks", "pathItems"}
)


def node_at(document: JSON, pointer: str) -> JSON:
    """Find what stands at a JSON pointer; None if nothing does."""
    try:
        node: JSON = value_at(pointer, document)  # no OpenAPI object is null, so None is as good as absent
    except ValueError:
        return None
    return node


def resolved(node: JSON, document: Node) -> Node:
    """Find the object a reference leads to, or the object itself; an empty one if there is none."""
    for _ in range(DEEPEST):
        if not isinstance(node, dict):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        node = node_at(document, reference.removeprefix("#"))
    return {}


def outward(document: JSON) -> Iterator[tuple[str, str]]:
    """Yield place and text of every reference to a file or an address.

    Members of any name are searched: a validator follows references that stand under keywords OpenAPI does
    not have, such as `definitions`. Plain data, as an example, is not; a property may be called `example`.
    What a reference leads to is searched too, wherever it stands.
    """
    followed, told = {""}, set[str]()
    waiting = [_references(document, ())]
    while waiting:
        for at, reference in waiting.pop():
            target = reference.removeprefix("#")
            if target == reference and at not in told:
                told.add(at)
                yield at, reference
            elif target != reference and target not in followed:
                followed.add(target)
                node = node_at(document, target)
                if node is not None:
                    waiting.append(_references(node, parse_pointer(target)))


def _references(document: JSON, at: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    """Yield place and text of every reference that does not stand in plain data."""
    match document:
        case dict():
            is_map = bool(at) and at[-1] in _MAPS
            for key, value in document.items():
                if key in _REFERENCES and isinstance(value, str):
                    yield format_pointer((*at, key)), value
                elif is_map or not (key in _DATA or key.startswith("x-")):
                    yield from _references(value, (*at, key))
        case list() if not at or at[-1] != "examples":
            for index, value in enumerate(document):
                yield from _references(value, (*at, index))


def alternatives(schema: JSON, document: Node) -> Iterator[Node]:
    """Give every object schema a value of `schema` may be described by: itself, its parts, its choices."""
    return _alternatives(schema, document, set())


def _alternatives(schema: JSON, document: Node, passed: set[str]) -> Iterator[Node]:
    """Follow each reference once, so that neither circles nor many ways to one schema take long."""
    if not isinstance(schema, dict):
        return
    yield schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in passed:
        passed.add(reference)
        yield from _alternatives(resolved(schema, document), document, passed)
    for key in ("allOf", "anyOf", "oneOf"):
        members = schema.get(key)
        for member in members if isinstance(members, list) else []:
            yield from _alternatives(member, document, passed)


def schemas_at(schema: JSON, tokens: Iterable[str], document: Node) -> list[Node]:
    """Find the schemas of what reference tokens lead to in instances of `schema`, none for nothing."""
    found = list(alternatives(schema, document))
    for key in tokens:
        steps = [step for one in found for step in _below(one, key)]
        found = [deeper for step in steps for deeper in alternatives(step, document)]
    return found


def _below(schema: Node, key: str) -> list[JSON]:
    properties, items = schema.get("properties"), schema.get("items")
    if isinstance(properties, dict) and key in properties:
        return [properties[key]]
    return [items] if is_array_index(key) and items is not None else []
