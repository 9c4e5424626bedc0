"""Media types as names: without parameters, in lower case, and for responses without wildcards."""

from collections import Counter
from collections.abc import Mapping

from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._structure.grammar import Rules, rewrite_objects, walk_objects
from safelight_openapi._structure.references import Node

JSON_MEDIA = "application/json"
USUAL: Mapping[str, str] = {  # what is sent for a range of types
    "*/*": JSON_MEDIA,
    "application/*": JSON_MEDIA,
    "audio/*": "audio/mpeg",
    "image/*": "image/png",
    "text/*": "text/plain",
    "video/*": "video/mp4",
}
BYTES = "application/octet-stream"


def plain_media_types(document: Node) -> tuple[Node, list[str]]:
    """Return a document with plain names of media types, and a sentence for each kind of change."""
    if not any(map(_is_odd, _names(document))):
        return document, []
    counts: Counter[str] = Counter()

    def request_body(node: Node) -> Node:
        return _renamed(node, counts, is_response=False)

    def response(node: Node) -> Node:
        return _renamed(node, counts, is_response=True)

    rules: Rules = {"request body": request_body, "response": response}
    rewritten = rewrite_objects(document, rules)
    notes = [text if count == 1 else f"{text} ({count} times)" for text, count in sorted(counts.items())]
    return rewritten if isinstance(rewritten, dict) else {}, notes


def _names(document: Node) -> list[str]:
    contents = (
        one.node.get("content")
        for one in walk_objects(document, leaves=("schema",))
        if one.kind in ("request body", "response")
    )
    return [str(name) for content in contents if isinstance(content, dict) for name in content]


def _is_odd(name: str) -> bool:
    return ";" in name or "*" in name or name != name.lower()


def _renamed(node: Node, counts: Counter[str], *, is_response: bool) -> Node:
    content = node.get("content")
    if not isinstance(content, dict) or not any(map(_is_odd, content)):
        return node
    renamed: Node = {}
    for name, media in content.items():
        plain = name.partition(";")[0].strip().lower()
        if is_response and plain in USUAL:
            chosen = _usual(plain, media)
            counts[f"a response of {plain} is sent as {chosen}"] += 1
            plain = chosen
        renamed.setdefault(plain, media)
    return {**node, "content": renamed}


def _usual(name: str, media: JSONValue) -> str:
    """Return the type that is sent for a range of types: bytes for a text that is not described."""
    schema = media.get("schema") if isinstance(media, dict) else None
    is_text = not isinstance(schema, dict) or schema.get("type") == "string"
    return BYTES if is_text and USUAL[name] == JSON_MEDIA else USUAL[name]
