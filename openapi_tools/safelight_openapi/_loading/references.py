"""References that lead nowhere, out of the document, or back to themselves."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from urllib.parse import unquote

from safelight_lifecycle import format_pointer, parse_pointer
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.references import Node, local_references, node_at

EXTERNAL = "it leads out of the document; bundle all files into one, for example with `redocly bundle`"
_WITHIN = ("allOf", "anyOf", "oneOf")  # schemas for the value itself, not for a part of it


References = Mapping[str, str]
"""The texts of references by the JSON pointers where they are."""


def decode_references(document: Node) -> tuple[Node, References]:
    """Return a document in which references within it have no percent-encoding (`%7Bid%7D`), and these.

    A reference is a URI fragment, so both forms are published for paths with parameters.
    """
    references = dict(local_references(document))
    decoded = {at: unquote(reference) for at, reference in references.items() if "%" in reference}
    return (_replaced(document, decoded) if decoded else document), {**references, **decoded}


def reference_problems(document: Node, references: References) -> Iterator[str]:
    """Yield a sentence, with its JSON pointer, for each reference that cannot be followed."""
    known: dict[str, bool] = {}
    for at, reference in references.items():
        if not reference.startswith("#"):
            yield f"{at}: {reference} cannot be used: {EXTERNAL}"
            continue
        if reference not in known:
            known[reference] = node_at(document, reference.removeprefix("#")) is not None
        if not known[reference]:
            yield f"{at}: {reference} does not exist{_similar(document, reference)}"
    if all(known.values()):
        yield from _cycles(document, [*known])


def _similar(document: Node, reference: str) -> str:
    above, _, name = reference.rpartition("/")
    siblings = node_at(document, above.removeprefix("#"))
    names = [str(key) for key in siblings] if isinstance(siblings, dict) else []
    similar = get_close_matches(parse_pointer(f"/{name}")[0], names, n=1)
    return f"; did you mean {above}{format_pointer((similar[0],))}?" if similar else "; add it, or correct it"


def _cycles(document: Node, references: list[str]) -> Iterator[str]:
    """Yield references that lead to themselves with no property or item between.

    Each is reported once, at the first of its cycle.
    """
    ended: set[str] = set()
    for start in references:
        path = [start]
        pending = [_direct(node_at(document, start.removeprefix("#")))]
        while pending and start not in ended:
            reference = next(pending[-1], None)
            if reference is None:
                pending.pop()
                ended.add(path.pop())
            elif reference in path:
                around = " → ".join([*path[path.index(reference) :], reference])
                yield f"{reference} is nothing but itself ({around}); remove one of these references"
                ended.update(path)
            elif reference not in ended:
                path.append(reference)
                pending.append(_direct(node_at(document, reference.removeprefix("#"))))


def _direct(node: JSONValue) -> Iterator[str]:
    """Yield the references that apply to the same value as a schema."""
    if not isinstance(node, dict):
        return
    reference = node.get("$ref")
    if isinstance(reference, str):
        yield reference
    for key in _WITHIN:
        listed = node.get(key)
        for one in listed if isinstance(listed, list) else []:
            yield from _direct(one)


def _replaced(document: Node, values: Mapping[str, str]) -> Node:
    """Return a document with other values at JSON pointers; what does not change is shared."""
    copy: Node = dict(document)
    copied: dict[tuple[str | int, ...], JSONValue] = {(): copy}
    for pointer, value in values.items():
        *path, last = parse_pointer(pointer)
        node: JSONValue = copy
        for length in range(1, len(path) + 1):
            at = tuple(path[:length])
            inner = _member(node, path[length - 1])
            if at not in copied:
                copied[at] = dict(inner) if isinstance(inner, dict) else list(inner)  # type: ignore[arg-type] # a container: the pointer goes on
                _set(node, path[length - 1], copied[at])
            node = copied[at]
        _set(node, last, value)
    return copy


def _member(node: JSONValue, key: str | int) -> JSONValue:
    if isinstance(node, list):
        return node[int(key)]
    return node[str(key)] if isinstance(node, dict) else None


def _set(node: JSONValue, key: str | int, value: JSONValue) -> None:
    if isinstance(node, list):
        node[int(key)] = value
    elif isinstance(node, dict):
        node[str(key)] = value
