"""Keywords of schemas that no validator accepts are ignored, or repeated entries of them, with a note.

Published documents of OpenAPI 3.1 still have `exclusiveMinimum: true`, regular expressions of other
languages, or a `type` that does not exist: the rest of the schema is used.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from safelight_lifecycle import format_pointer, parse_pointer, value_at
from safelight_openapi._checks.validation import refuse_retrieval
from safelight_openapi._structure.grammar import walk_objects
from safelight_openapi._structure.references import Node, local_references

SAFE = "/~:@!$&'()*+,;=-._"  # characters of a fragment that are not percent-encoded (RFC 3986)
META = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
LONGEST = 60  # characters of a value in a message


def usable_schemas(document: Node, references: Iterable[str] | None = None) -> tuple[Node, list[str]]:
    """Return a document whose schemas all compile, and a sentence for each keyword that is left out.

    `references` are the texts of the references in it, if they are known.
    """
    if references is None:
        references = [text for _, text in local_references(document)]
    if _compiles(document, references):
        return document, []
    wrong = {pointer: reason for at in _outermost(document) for pointer, reason in _wrong(document, at)}
    return _without(document, wrong), [f"{pointer}: ignored, because {wrong[pointer]}" for pointer in wrong]


def _compiles(document: Node, references: Iterable[str]) -> bool:
    """Whether the schemas of a document compile, all in one go: 0.1 s for a document of 3 MB."""
    encoded = {reference: quote(reference, safe=f"#{SAFE}") for reference in references}
    if any(old != new for old, new in encoded.items()):
        document = _encoded(document, encoded)
    roots = [{"$ref": f"#{quote(at, safe=SAFE)}"} for at in _outermost(document)]
    try:
        jsonschema_rs.Draft202012Validator(
            {**document, "allOf": roots}, validate_formats=True, retriever=refuse_retrieval
        )
    except jsonschema_rs.ValidationError:
        return False
    return True


def _outermost(document: Node) -> list[str]:
    """Return the pointers of the schemas that are in no other schema."""
    schemas = walk_objects(document, leaves=("schema",))
    return [spec_object.pointer for spec_object in schemas if spec_object.kind == "schema"]


def _wrong(document: Node, at: str) -> Iterator[tuple[str, str]]:
    """Yield the pointer of each keyword of a schema whose value no validator accepts, and why."""
    schema = value_at(at, document)
    for error in _meta().iter_errors(schema):
        pointer = at + format_pointer(tuple(error.instance_path))
        yield pointer, " ".join(error.message.split())[: 2 * LONGEST]
    for tokens, pattern in _patterns(schema, ()):
        if not _is_regex(pattern):
            yield at + format_pointer(tokens), f'"{pattern[:LONGEST]}" is not a "regex"'


def _patterns(node: object, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each value of `pattern` with its location."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in members:
        here = (*at, str(key))
        if key == "pattern" and isinstance(inner, str):
            yield here, inner
        yield from _patterns(inner, here)


@cache
def _is_regex(pattern: str) -> bool:
    """Whether it compiles: the format `regex` allows more than that, such as halves of surrogates."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, validate_formats=True)
    except jsonschema_rs.ValidationError:
        return False
    return True


@cache
def _meta() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(META, validate_formats=True)


def _without(document: Node, pointers: Mapping[str, str]) -> Node:
    """Return a document without the values at some pointers; what does not change is shared."""
    copy: Any = dict(document)
    copied: dict[tuple[str, ...], Any] = {(): copy}
    for pointer in pointers:
        *path, last = parse_pointer(pointer)
        node = copy
        for length, token in enumerate(path, start=1):
            at = tuple(path[:length])
            key = int(token) if isinstance(node, list) else token
            if at not in copied:
                node[key] = copied[at] = type(node[key])(node[key])
            node = copied[at]
        if isinstance(node, list):
            node[int(last)] = {}  # a schema that allows anything: the others keep their places
        elif isinstance(node.get(last), list) and len(once := _once(node[last])) < len(node[last]):
            node[last] = once
        else:
            node.pop(last, None)
    return dict(copy)


def _once(values: list[Any]) -> list[Any]:
    """Return a list without repetitions."""
    return [value for index, value in enumerate(values) if value not in values[:index]]


def _encoded(node: Any, references: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return a copy with references as URI fragments, which paths with parameters are not."""
    if isinstance(node, dict):
        return {
            key: references.get(value, value)
            if key == "$ref" and isinstance(value, str)
            else _encoded(value, references)
            for key, value in node.items()
        }
    return [_encoded(one, references) for one in node] if isinstance(node, list) else node
