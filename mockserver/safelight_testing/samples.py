"""Answers that always are the same: a document's own examples, or what its schemas allow."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from PIL import Image

from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import JSON, Reply
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.responses import UndocumentedReplyError, response_key
from safelight_mock.wire.schema import resolve

TEXTS: Mapping[str, str] = {
    "uuid": "6f1d3c52-90ab-4c1e-8d2f-7a4b5c6d7e8f",
    "date-time": "2026-11-21T12:00:00Z",
    "uri": "https://example.com/",
}
PATTERNED = ("0" * 64, "1%")  # a schema whose pattern none of these fits needs an example of its own
PLAIN: Mapping[str, JSON] = {"integer": 1, "number": 1, "boolean": True, "null": None}
SUCCESSES = range(200, 300)
SIDE = 64  # pixels of the picture that stands for every result


def picture(media_type: str = "image/png") -> bytes:
    """Return a small picture."""
    file = BytesIO()
    Image.new("RGB", (SIDE, SIDE), "teal").save(file, media_type.removeprefix("image/"))
    return file.getvalue()


@dataclass(frozen=True)
class Samples:
    """One successful answer for each operation; jobs are over there, and links lead to `link`."""

    api: Api
    link: str

    def reply(self, operation: Operation) -> Reply:
        """Answer an operation; raises UndocumentedReplyError where no example can be made."""
        responses = operation.described["responses"]
        status, key = _success(operation.id, responses)
        described = resolve(self.api.document, responses[key])
        headers = {
            name.lower(): _text(self._sample(resolve(self.api.document, header)["schema"]))
            for name, header in described.get("headers", {}).items()
        }
        reply = self._with_body(operation.id, Reply(status=status, headers=headers), described)
        operation.check(reply)
        return reply

    def _with_body(self, operation: str, reply: Reply, described: Mapping[str, JSON]) -> Reply:
        for media_type, media in described.get("content", {}).items():
            if media_type.startswith("image/"):
                told = {**reply.headers, "content-type": media_type}
                return Reply(status=reply.status, headers=told, content=picture(media_type))
            value = self._linked(_over(self.api, operation, self._example(media)))
            return Reply.json(reply.status, value, reply.headers)
        return reply

    def _example(self, media: Mapping[str, JSON]) -> JSON:
        written = [example["value"] for example in media.get("examples", {}).values()]
        return media.get("example", written[0] if written else self._sample(media["schema"]))

    def _sample(self, schema: Mapping[str, JSON]) -> JSON:
        schema = resolve(self.api.document, schema)
        for choice in _said(schema):
            return choice
        for branch in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
            return self._sample(branch)
        kinds = schema.get("type", "object")
        match kinds if isinstance(kinds, str) else kinds[0]:
            case "object":
                return {name: self._sample(node) for name, node in schema.get("properties", {}).items()}
            case "array":
                return [self._sample(schema["items"])]
            case "string":
                fitting = (text for text in PATTERNED if re.search(schema.get("pattern", "^$"), text))
                return TEXTS.get(schema.get("format", ""), next(fitting, "text"))
            case kind:
                return schema.get("minimum", PLAIN[kind])

    def _linked(self, value: JSON, name: str = "") -> JSON:
        match value:
            case dict():
                return {key: self._linked(entry, key) for key, entry in value.items()}
            case list():
                return [self._linked(entry, name) for entry in value]
            case str() if name in self._links or value.startswith(("https://", "http://")):
                return self.link
        return value

    @cached_property
    def _links(self) -> frozenset[str]:
        """What links to results are called."""
        results = [cycle.get("result", {}) for cycle in self.api.document["x-async-jobs"].values()]
        places = (result.get(way, "") for result in results for way in ("url", "inline", "each"))
        return frozenset(place.rpartition("/" if "#" in place else ".")[2] for place in places)


def _success(operation: str, responses: Mapping[str, JSON]) -> tuple[int, str]:
    """Find the lowest success that is documented by its code, or 200 by a range or by `default`."""
    statuses = sorted(SUCCESSES, key=lambda status: (str(status) not in responses, status))
    keys = ((status, response_key(responses, status)) for status in statuses)
    for status, key in keys:
        if key is not None:
            return status, key
    raise UndocumentedReplyError(f"{operation}: no success is described, only {', '.join(responses)}")


def _said(schema: Mapping[str, JSON]) -> Iterator[Any]:
    """Yield what the document itself gives for a value."""
    yield from (schema[name] for name in ("example", "const") if name in schema)
    yield from schema.get("examples", ())
    yield from schema.get("enum", ())


def _over(api: Api, operation: str, value: JSON) -> JSON:
    """Let the job that is told of have succeeded."""
    cycle = api.lifecycles[api.lifecycle_of[operation]] if api.lifecycles else None
    if cycle is None or operation != cycle.read.operation:
        return value
    ended = next(word for word, state in cycle.states.items() if state == "succeeded")
    return _placed(value, cycle.read.state.partition("#/")[2].split("/"), ended)


def _placed(value: JSON, path: list[str], new: JSON) -> JSON:
    return {**value, path[0]: _placed(value[path[0]], path[1:], new)} if path else new


def _text(value: JSON) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
