"""Parts of an `allOf` that exclude one another's properties are read as one object.

`additionalProperties: false` in a part forbids the properties of all other parts, so no value with properties
of two parts is valid. `unevaluatedProperties: false` of the whole is meant (JSON Schema 2020-12, 11.3).
"""

from collections import Counter

from safelight_lifecycle import value_at
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import Rules, rewrite_objects
from safelight_openapi._structure.references import Node

CLOSED = "additionalProperties"
WHOLE = "unevaluatedProperties"
NOTE = (
    "parts of an allOf exclude one another's properties by additionalProperties; they are read as one object"
)


def open_branches(document: Node) -> tuple[Node, list[str]]:
    """Return a document without such parts, and a sentence if there are any."""
    opened: Counter[str] = Counter()

    def schema(node: Node) -> Node:
        branches = node.get("allOf")
        if not isinstance(branches, list) or not _exclude(node, branches, document):
            return node
        opened[NOTE] += 1
        parts = [_opened(branch, document) for branch in branches]
        return {**_without(node), "allOf": parts, WHOLE: False}

    rules: Rules = {"schema": schema}
    rewritten = rewrite_objects(document, rules)
    notes = [text if count == 1 else f"{text} ({count} times)" for text, count in opened.items()]
    return (rewritten if isinstance(rewritten, dict) and notes else document), notes


def _exclude(node: Node, branches: list[JSONValue], document: Node) -> bool:
    """Whether one of several parts with properties is closed; the object beside `allOf` is a part, too."""
    parts = [part for part in (node, *(_resolved(one, document) for one in branches)) if "properties" in part]
    closed = node.get(CLOSED) is False or any(part.get(CLOSED) is False for part in parts)
    return closed and (len(parts) > 1 or (node.get(CLOSED) is False and "properties" not in node))


def _opened(branch: JSONValue, document: Node) -> JSONValue:
    part = _resolved(branch, document)
    return _without(part) if part.get(CLOSED) is False else branch


def _resolved(branch: JSONValue, document: Node) -> Node:
    if not isinstance(branch, dict):
        return {}
    reference = branch.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#"):
        return branch
    part = value_at(reference.removeprefix("#"), document)
    return part if isinstance(part, dict) else {}


def _without(node: Node) -> Node:
    return {name: value for name, value in node.items() if name != CLOSED or value is not False}
