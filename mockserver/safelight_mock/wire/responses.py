"""What a spec says of one reply, and what is wrong with one of ours."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property

from safelight_mock.wire.messages import JSON, Reply
from safelight_mock.wire.schema import Schema, resolve

DOCUMENT = "application/json"


class UndocumentedReplyError(Exception):
    """A reply of ours that the spec does not describe."""


def response_key(responses: Container[str], status: int) -> str | None:
    """Return which key of a Responses Object describes a status; None if none does.

    An exact code goes before the range it lies in, as `4XX`, and `default` covers what neither names
    (OpenAPI 3.1.2, Responses Object).
    """
    keys = (str(status), f"{status // 100}XX", "default")
    return next((key for key in keys if key in responses), None)


@dataclass(frozen=True)
class DescribedReply:
    """A response object of a document, its reference followed."""

    document: Mapping[str, JSON]
    described: Mapping[str, JSON]

    def fault(self, reply: Reply) -> str:
        """Say what is wrong with a reply; nothing, if it is as described."""
        media_type = reply.headers.get("content-type", "").partition(";")[0]
        if bool(self._bodies) != bool(reply.content) or (self._bodies and media_type not in self._bodies):
            return f"{reply.status} has no body of {media_type or 'no type'}"
        if media_type == DOCUMENT and not self._bodies[media_type].accepts(reply.value):
            return f"{reply.status}: {self._bodies[media_type].first_fault(reply.value)}"
        for name in self._headers:
            fault = self._header_fault(name, reply)
            if fault:
                return fault
        return ""

    def _header_fault(self, name: str, reply: Reply) -> str:
        schema, text = self._headers[name], reply.headers.get(name)
        if text is not None and schema.accepts(schema.read(text, strict=True)):
            return ""
        return f"{reply.status}: the header {name} is {text!r}"

    @cached_property
    def _bodies(self) -> Mapping[str, Schema]:
        content = self.described.get("content", {})
        return {name: Schema(self.document, media["schema"]) for name, media in content.items()}

    @cached_property
    def _headers(self) -> Mapping[str, Schema]:
        """The schemas of the headers that are described, by name in lower case."""
        headers = self.described.get("headers", {})
        nodes = {name.lower(): resolve(self.document, node) for name, node in headers.items()}
        return {name: Schema(self.document, node["schema"]) for name, node in nodes.items()}
