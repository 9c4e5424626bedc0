"""Operations of a document, and where in their requests a name of a resource may be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from safelight_lifecycle import schema_example

METHODS = ("get", "put", "post", "patch", "delete")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation of a document, with the parameters and fields that may name a resource."""

    name: str
    method: str
    path: str
    in_path: frozenset[str]
    in_query: frozenset[str]
    in_body: frozenset[str]
    body: Json = field(default_factory=dict)
    is_form: bool = False

    def takes(self, *known: str) -> bool:
        """Whether something can be named that is not known already."""
        return bool((self.in_path | self.in_query | self.in_body).difference(known))

    def ask(self, client: httpx.Client, thing: str, **known: str) -> httpx.Response:
        """Call it with a name in every such parameter and field."""
        path = self.path.format_map({name: known.get(name, thing) for name in self.in_path})
        query = {name: known.get(name, thing) for name in self.in_query}
        body = {**self.body, **dict.fromkeys(self.in_body, thing)}
        form = {"files": {name: (None, str(value)) for name, value in body.items()}}
        sent: Json = {} if not body else form if self.is_form else {"json": body}
        return client.request(self.method, path, params=query, **sent)


def described(document: Json, prefix: str) -> Iterator[Operation]:
    """Yield every operation of a document."""
    for path, item in document["paths"].items():
        server = item.get("servers", document["servers"])[0]["url"]
        for method in METHODS:
            if method in item:
                parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                yield _operation(
                    document,
                    method,
                    prefix + urlsplit(server).path.rstrip("/") + path,
                    item[method],
                    parameters,
                )


def _operation(document: Json, method: str, path: str, result: Json, parameters: Sequence[Json]) -> Operation:
    contents: Json = result.get("requestBody", {}).get("content", {})
    media = next(iter(contents), "")
    body = _resolved(document, contents.get(media, {}).get("schema", {}))
    return Operation(
        name=result["operationId"],
        method=method.upper(),
        path=path,
        in_path=frozenset(one["name"] for one in parameters if one["in"] == "path"),
        in_query=frozenset(
            one["name"]
            for one in parameters
            if one["in"] == "query" and one["name"] != "vendor" and _is_name(document, one["schema"])
        ),
        in_body=frozenset(name for name in body.get("properties", ()) if name.endswith("_id")),
        body=_least(body, document),
        is_form=media.startswith("multipart/"),
    )


def _resolved(document: Json, schema: Json) -> Json:
    reference: str = schema.get("$ref", "")
    return document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def _is_name(document: Json, schema: Json) -> bool:
    return _resolved(document, schema).get("type") == "string" and "enum" not in schema


def _least(schema: Json, document: Json) -> Json:
    """Return the least body; a list, which has no names in it, is left out."""
    least = schema_example(schema, document, required_only=True, text="failed")
    return least if isinstance(least, dict) else {}
