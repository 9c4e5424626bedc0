"""The part of a document that the references of a schema lead to, as a validator needs it.

Compiling a schema with all components of a document costs as much as compiling them: 0.1 s and 30 MB for a
document of 3 MB, for each schema.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from safelight_lifecycle import parse_pointer
from safelight_mock.wire.messages import JSON

SAFE = "#/~:@!$&'()*+,;=-._"  # characters of a fragment that are not percent-encoded (RFC 3986)


def with_referenced(document: Mapping[str, JSON], described: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return a schema, and beside it all that its references lead to, where it is in the document."""
    referenced = _closure(document, described)
    root = {**_skeleton(document, referenced), **described}
    if any(quote(reference, safe=SAFE) != reference for reference in referenced):
        return dict(_encoded(root))
    return root


def _closure(document: Mapping[str, JSON], described: JSON) -> dict[str, JSON]:
    """Return the value of each reference of a schema, and of those in these values."""
    referenced: dict[str, JSON] = {}
    pending = [described]
    while pending:
        for reference in _references(pending.pop()):
            if reference not in referenced and reference.startswith("#"):
                referenced[reference] = _at(document, parse_pointer(reference.removeprefix("#")))
                pending.append(referenced[reference])
    return referenced


def _references(value: JSON) -> Iterator[str]:
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                yield reference
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _skeleton(document: Mapping[str, JSON], references: Mapping[str, JSON]) -> dict[str, Any]:
    """Return a document with nothing but the values at some pointers; lists are kept as a whole."""
    root: dict[str, Any] = {}
    whole: set[tuple[str, ...]] = set()
    for reference in sorted(references):  # what is above another one comes before it
        path = _above_lists(document, parse_pointer(reference.removeprefix("#")))
        if any(path[:length] in whole for length in range(1, len(path) + 1)):
            continue
        whole.add(path)
        node = root
        for token in path[:-1]:
            node = node.setdefault(token, {})
        if path:
            node[path[-1]] = _at(document, path)
    return root


def _above_lists(document: Mapping[str, JSON], tokens: tuple[str, ...]) -> tuple[str, ...]:
    node: JSON = document
    for index, token in enumerate(tokens):
        if isinstance(node, list):
            return tokens[:index]
        node = node.get(token) if isinstance(node, dict) else None
    return tokens


def _at(document: JSON, tokens: tuple[str, ...]) -> JSON:
    """Return the value at a pointer; a schema that allows anything, if it does not exist."""
    node = document
    for token in tokens:
        try:
            node = node[int(token)] if isinstance(node, list) else node[token]
        except (KeyError, ValueError, IndexError, TypeError):
            return {}
    return node


def _encoded(node: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return a copy with references as URI fragments, which those to paths with parameters are not."""
    if isinstance(node, dict):
        return {
            key: quote(value, safe=SAFE) if key == "$ref" and isinstance(value, str) else _encoded(value)
            for key, value in node.items()
        }
    return [_encoded(one) for one in node] if isinstance(node, list) else node
