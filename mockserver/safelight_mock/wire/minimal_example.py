"""The least that a schema takes: what it requires, by its own defaults, choices and examples."""

from collections.abc import Callable, Mapping

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.schema import Schema, resolve

Node = Mapping[str, JSON]

BRANCHES = ("oneOf", "anyOf")


def smallest(schema: Schema, address: str) -> JSON:
    """Return a value; a text of which nothing is known, or that is an address, is this one."""
    return _Smallest(schema.document, address).of(schema.described)


class _Smallest:
    def __init__(self, document: Node, address: str) -> None:
        self._document = document
        self._address = address

    def of(self, described: Node) -> JSON:
        """Return the least that a schema takes."""
        node = resolve(self._document, described)
        if "default" in node:
            return node["default"]
        if "const" in node or "enum" in node:
            return node["const"] if "const" in node else node["enum"][0]
        branches = next((node[name] for name in BRANCHES if name in node), ())
        return self.of(branches[0]) if branches and "type" not in node else self._typed(node)

    def _typed(self, node: Node) -> JSON:
        told = node.get("type", "object")
        makers: Mapping[str, Callable[[Node], JSON]] = {
            "object": self._object,
            "array": lambda node: [self.of(node["items"])] * max(1, node.get("minItems", 1)),
            "string": self._text,
            "integer": lambda node: node.get("minimum", 1),
            "number": lambda node: node.get("minimum", 1),
            "boolean": lambda _: False,
            "null": lambda _: None,
        }
        return makers[told if isinstance(told, str) else told[0]](node)

    def _object(self, node: Node) -> JSON:
        named = node.get("properties", {})
        return {name: self.of(named[name]) for name in node.get("required", ())}

    def _text(self, node: Node) -> str:
        example = str(node.get("example") or next(iter(node.get("examples", ())), self._address))
        return self._address if "://" in example else example
