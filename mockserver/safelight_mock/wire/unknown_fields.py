"""What is said in a document that no schema describes: services take it, and do nothing with it."""

from collections.abc import Iterator, Mapping, Sequence

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.schema import Schema, resolve

Node = Mapping[str, JSON]

CHOICES = ("allOf", "anyOf", "oneOf")


def surplus(schema: Schema, value: JSON) -> Iterator[str]:
    """Yield the path of each name that is not described; where any name may stand, none is."""
    if not _is_flat(schema, value):
        yield from _surplus(schema.document, [schema.described], value, "")


def _is_flat(schema: Schema, value: JSON) -> bool:
    """Tell whether a value has described names alone, with nothing below them, as most forms have."""
    if not isinstance(value, Mapping) or not value.keys() <= schema.properties.keys():
        return False
    return not any(isinstance(inner, (dict, list)) for inner in value.values())


def _surplus(document: Node, described: Sequence[Node], value: JSON, place: str) -> Iterator[str]:
    """Look at a value by all that is said of its place: of a choice, in any branch."""
    nodes = [branch for node in described for branch in _branches(document, node)]
    if isinstance(value, Mapping):
        for name, inner in value.items():
            known = [node["properties"][name] for node in nodes if name in node.get("properties", ())]
            if known:
                yield from _surplus(document, known, inner, f"{place}{name}.")
            elif not any(map(_is_open, nodes)):
                yield f"{place}{name}"
    elif isinstance(value, list):
        items = [node["items"] for node in nodes if "items" in node]
        for number, inner in enumerate(value):
            yield from _surplus(document, items, inner, f"{place}{number}.")


def _branches(document: Node, node: Node) -> Iterator[Node]:
    found = resolve(document, node)
    yield found
    for choice in CHOICES:
        for branch in found.get(choice, ()):
            yield from _branches(document, branch)


def _is_open(node: Node) -> bool:
    """Tell whether a schema takes any name: it says so, or it is an object of which nothing else is said."""
    if "additionalProperties" in node:
        return node["additionalProperties"] is not False
    return node.get("type") == "object" and "properties" not in node
