"""Members that a schema both requires and forbids are not required: no value would be valid otherwise."""

from collections import Counter

from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import Rules, rewrite_objects
from safelight_openapi._structure.references import Node

_OTHERS = ("patternProperties", "allOf", "anyOf", "oneOf", "$ref")  # which may describe further members


def allow_values(document: Node) -> tuple[Node, list[str]]:
    """Return a document without such requirements, and a sentence for each member."""
    forbidden: Counter[str] = Counter()

    def schema(node: Node) -> Node:
        names = _forbidden(node)
        if not names:
            return node
        forbidden.update(names)
        required: list[JSONValue] = [name for name in _listed(node, "required") if name not in names]
        return {**node, "required": required}

    rules: Rules = {"schema": schema}
    rewritten = rewrite_objects(document, rules)
    notes = [
        f"{name} is required and forbidden by one schema; it is not required ({count} times)"
        for name, count in forbidden.items()
    ]
    return (rewritten if isinstance(rewritten, dict) and notes else document), notes


def _forbidden(node: Node) -> set[str]:
    if node.get("additionalProperties") is not False or any(key in node for key in _OTHERS):
        return set()
    properties = node.get("properties")
    known = set(properties) if isinstance(properties, dict) else set()
    return {name for name in _listed(node, "required") if isinstance(name, str) and name not in known}


def _listed(node: Node, key: str) -> list[JSONValue]:
    value = node.get(key)
    return value if isinstance(value, list) else []
