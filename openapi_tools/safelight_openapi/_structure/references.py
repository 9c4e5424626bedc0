"""Resolves `$ref` within one document; references to files and URLs are listed, and never read or fetched."""

from collections.abc import Iterable, Iterator

from safelight_lifecycle import format_pointer, is_array_index, parse_pointer, value_at
from safelight_openapi._reading.documents import JSONValue

Node = dict[str, JSONValue]

MAX_REFERENCES = 32  # in a row; a longer chain is treated as a cycle
EXTERNAL = "leads out of the document; bundle all of it into one file"
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_DATA = frozenset({"const", "default", "enum", "example", "value"})
_MAPS = frozenset(  # members whose keys are names chosen by the author, not keywords
    {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "examples"}
    | {"schemas", "responses", "parameters", "requestBodies", "headers", "links", "callbacks", "pathItems"}
)


def node_at(document: JSONValue, pointer: str) -> JSONValue:
    """Return the value at a JSON pointer; None if it does not exist."""
    try:
        node: JSONValue = value_at(pointer, document)  # no OpenAPI object is null
    except ValueError:
        return None
    return node


def resolve(node: JSONValue, document: Node) -> Node:
    """Return the object a reference leads to, or `node` itself; an empty object if it does not resolve."""
    for _ in range(MAX_REFERENCES):
        if not isinstance(node, dict):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        node = node_at(document, reference.removeprefix("#"))
    return {}


def external_references(document: JSONValue) -> Iterator[tuple[str, str]]:
    """Yield pointer and text of every reference to a file or a URL.

    All members are searched, also under keywords that OpenAPI does not have, such as `definitions`, because a
    validator follows references there too. Plain data, such as examples, is not searched; a property may be
    called `example`. The target of each reference is searched, also if it is inside plain data.
    """
    followed, reported = {""}, set[str]()
    pending = [_references(document, ())]
    while pending:
        for at, reference in pending.pop():
            target = reference.removeprefix("#")
            if target == reference and at not in reported:
                reported.add(at)
                yield at, reference
            elif target != reference and target not in followed:
                followed.add(target)
                node = node_at(document, target)
                if node is not None:
                    pending.append(_references(node, parse_pointer(target)))


def local_references(document: JSONValue) -> Iterator[tuple[str, str]]:
    """Yield pointer and text of every reference outside plain data."""
    return _references(document, ())


def _references(document: JSONValue, at: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    """Yield pointer and text of every reference outside plain data."""
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


def alternatives(schema: JSONValue, document: Node) -> Iterator[Node]:
    """Yield every schema that can apply to a value: `schema`, its reference, `allOf`, `anyOf`, `oneOf`."""
    return _alternatives(schema, document, set())


def _alternatives(schema: JSONValue, document: Node, passed: set[str]) -> Iterator[Node]:
    """Follow each reference once: cycles end, and a schema reached by many paths is visited once."""
    if not isinstance(schema, dict):
        return
    yield schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in passed:
        passed.add(reference)
        yield from _alternatives(resolve(schema, document), document, passed)
    for key in ("allOf", "anyOf", "oneOf"):
        members = schema.get(key)
        for member in members if isinstance(members, list) else []:
            yield from _alternatives(member, document, passed)


def schemas_at(schema: JSONValue, tokens: Iterable[str], document: Node) -> list[Node]:
    """Return the schemas of the value that reference tokens lead to in instances of `schema`."""
    schemas = list(alternatives(schema, document))
    for key in tokens:
        members = [member for one in schemas for member in _below(one, key)]
        schemas = [deeper for member in members for deeper in alternatives(member, document)]
    return schemas


def _below(schema: Node, key: str) -> list[JSONValue]:
    properties, items = schema.get("properties"), schema.get("items")
    if isinstance(properties, dict) and key in properties:
        return [properties[key]]
    return [items] if is_array_index(key) and items is not None else []
