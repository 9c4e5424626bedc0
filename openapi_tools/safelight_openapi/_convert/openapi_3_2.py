"""Converts OpenAPI 3.2 to 3.1: what both can say is rewritten, the rest is kept under `x-` and noted.

Methods that 3.1 does not have, such as QUERY, are met in documents of 3.1 as well.
"""

from collections import defaultdict
from collections.abc import Mapping

from safelight_openapi._structure.grammar import rewrite_objects
from safelight_openapi._structure.references import Node, resolve

ASIDE: Mapping[str, Mapping[str, str]] = {  # members that 3.1 does not have, by the kind of their object
    "path item": {
        "query": "OpenAPI 3.1 has no method QUERY, which is not served",
        "additionalOperations": "OpenAPI 3.1 has no methods beside its own, which are not served",
    },
    "media type": {
        "itemSchema": "items of a stream are not validated",
        "prefixEncoding": "parts of multipart/mixed are not encoded by it",
        "itemEncoding": "parts of multipart/mixed are not encoded by it",
    },
    "document": {"$self": ""},
    "response": {"summary": ""},
    "example": {"serializedValue": ""},
    "tag": {"summary": "", "parent": "", "kind": ""},
    "server": {"name": ""},
    "security scheme": {"oauth2MetadataUrl": "", "deprecated": ""},
    "flows": {"deviceAuthorization": ""},
}
SCHEMA_ASIDE = {"defaultMapping": "a default mapping of a discriminator is not used"}


def lower_3_2(document: Node, *, is_3_2: bool) -> tuple[Node, list[str]]:
    """Return a document of 3.1 or 3.2 without what 3.1 lacks, and a sentence for each kind of it."""
    rewriter = _Rewriter(document)
    rules = {"path item": rewriter.path_item}
    if is_3_2:
        rules |= {
            "document": rewriter.document,
            "media type": rewriter.media_type,
            "response": rewriter.response,
            "example": rewriter.example,
            "operation": rewriter.operation,
            "schema": rewriter.schema,
            "security scheme": rewriter.security_scheme,
        }
    rewritten = rewrite_objects(document, rules)
    return rewritten if isinstance(rewritten, dict) else {}, rewriter.notes


class _Rewriter:
    def __init__(self, document: Node) -> None:
        self._document = document
        own = document.get("$self")
        self._self = own if isinstance(own, str) else ""
        self._counts: dict[str, int] = defaultdict(int)

    @property
    def notes(self) -> list[str]:
        return [
            text if count == 1 else f"{text} ({count} times)" for text, count in sorted(self._counts.items())
        ]

    def document(self, node: Node) -> Node:
        document = self._all_without("server", self._without("document", node), "servers")
        document = self._all_without("tag", document, "tags")
        components = document.get("components")
        if isinstance(components, dict) and "mediaTypes" in components:
            document["components"] = {key: part for key, part in components.items() if key != "mediaTypes"}
        return document

    def path_item(self, node: Node) -> Node:
        return self._all_without("server", self._without("path item", node), "servers")

    def operation(self, node: Node) -> Node:
        node = self._all_without("server", node, "servers")
        listed = node.get("parameters")
        if not isinstance(listed, list):
            return node
        whole = [one for one in listed if resolve(one, self._document).get("in") == "querystring"]
        if not whole:
            return node
        self._note("a parameter in `querystring`", "the whole query is not validated")
        return {
            **node,
            "parameters": [one for one in listed if one not in whole],
            "x-querystring": [*whole],
        }

    def media_type(self, node: Node) -> Node:
        whole = {**resolve(node, self._document)} if "$ref" in node else node
        return self._without("media type", whole)

    def response(self, node: Node) -> Node:
        if "$ref" in node:
            return node
        described = {"description": str(node.get("summary", "")), **node}
        return self._without("response", described)

    def example(self, node: Node) -> Node:
        """Return an example with its `value`: the data, or else how it is written."""
        values = [node[key] for key in ("dataValue", "value", "serializedValue") if key in node]
        kept = {key: value for key, value in node.items() if key not in ("dataValue", "value")}
        return self._without("example", {**kept, "value": values[0]}) if values else node

    def security_scheme(self, node: Node) -> Node:
        scheme = self._without("security scheme", node)
        flows = scheme.get("flows")
        return {**scheme, "flows": self._without("flows", flows)} if isinstance(flows, dict) else scheme

    def schema(self, node: Node) -> Node:
        discriminator = node.get("discriminator")
        if isinstance(discriminator, dict) and "defaultMapping" in discriminator:
            self._note("`defaultMapping`", SCHEMA_ASIDE["defaultMapping"])
            kept = {
                ("x-defaultMapping" if key == "defaultMapping" else key): value
                for key, value in discriminator.items()
            }
            node = {**node, "discriminator": kept}
        reference = node.get("$ref")
        if self._self and isinstance(reference, str) and reference.startswith(f"{self._self}#"):
            return {**node, "$ref": reference.removeprefix(self._self)}
        return node

    def _all_without(self, kind: str, node: Node, key: str) -> Node:
        """Do the same for each object of a list."""
        listed = node.get(key)
        if not isinstance(listed, list):
            return node
        return {
            **node,
            key: [self._without(kind, one) if isinstance(one, dict) else one for one in listed],
        }

    def _without(self, kind: str, node: Node) -> Node:
        """Rename what 3.1 does not have to an extension."""
        unknown = ASIDE[kind]
        for key in unknown.keys() & node.keys():
            if unknown[key]:
                self._note(f"`{key}`", unknown[key])
        return {
            (f"x-{key.removeprefix('$')}" if key in unknown else key): value for key, value in node.items()
        }

    def _note(self, what: str, consequence: str) -> None:
        self._counts[f"{what}: {consequence}"] += 1
