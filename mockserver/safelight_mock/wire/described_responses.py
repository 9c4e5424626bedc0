"""The responses that a document describes for an operation, and what is wrong with one that it does not."""

from collections.abc import Container, Mapping
from functools import cached_property

import msgspec

from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.schema import Schema, resolve, schema_of, unambiguous

DOCUMENT = "application/json"
ERRORS = 400  # and above
SHORT = 4 * 1024  # bytes of the longest body that is remembered
REMEMBERED = 64  # bodies of a response


class UndocumentedResponseError(Exception):
    """A response of ours that the spec does not describe."""


def response_key(responses: Container[str], status: int) -> str | None:
    """Return which key of a Responses Object describes a status; None if none does.

    An exact code takes precedence over its range, such as `4XX`; `default` covers all others
    (OpenAPI 3.1.2, Responses Object).
    """
    keys = (str(status), f"{status // 100}XX", "default")
    return next((key for key in keys if key in responses), None)


class DescribedResponse(msgspec.Struct, frozen=True, dict=True):
    """A response object of a document, its reference followed."""

    document: Mapping[str, JSON]
    described: Mapping[str, JSON]

    def violation(self, response: Response) -> str:
        """Return a message about the first violation; empty if the response is as described."""
        bodies = self.bodies
        media_type = response.headers.get("content-type", "").partition(";")[0]
        is_other = bool(bodies) and media_type not in bodies and not self._has_range(media_type)
        is_file = not isinstance(response.content, bytes)  # whose bytes are not looked at
        is_forgotten = is_file and not bodies  # documents of downloads forget to say so
        if (bool(bodies) != bool(response.content) and not is_forgotten) or is_other:
            return f"{response.status} has no body of {media_type or 'no type'}"
        if media_type == DOCUMENT and not is_file and not self._accepts(response):
            wrong = unambiguous(bodies[media_type].errors(response.value))
            problems = bodies[media_type].problems(wrong[:1])
            return f"{response.status}: {problems[0].text}" if problems else ""
        return self._header_violation(response) if self.headers else ""

    def _accepts(self, response: Response) -> bool:
        """Return whether a JSON body is as described; one that was sent before is not read again."""
        content = response.content
        if not isinstance(content, bytes) or len(content) > SHORT:
            return self.bodies[DOCUMENT].accepts(response.value)
        if content in self._accepted:
            return True
        is_valid = self.bodies[DOCUMENT].accepts(response.value)
        if is_valid:
            if len(self._accepted) >= REMEMBERED:
                self._accepted.clear()
            self._accepted.add(content)
        return is_valid

    @property
    def has_body(self) -> bool:
        """Whether it is described with a body."""
        return bool(self.bodies)

    def _has_range(self, media_type: str) -> bool:
        """Return whether a range of media types is described that has this one (RFC 9110, section 12.5.1)."""
        return f"{media_type.partition('/')[0]}/*" in self.bodies or "*/*" in self.bodies

    def _header_violation(self, response: Response) -> str:
        for name, schema in self.headers.items():
            text = response.headers.get(name)
            if text is None or not schema.accepts(schema.read(text, strict=True)):
                return f"{response.status}: the header {name} is {text!r}"
        return ""

    @cached_property
    def bodies(self) -> Mapping[str, Schema]:
        """The schemas of the bodies by media type."""
        content = self.described.get("content", {})
        return {name: Schema(self.document, schema_of(media)) for name, media in content.items()}

    @cached_property
    def _accepted(self) -> set[bytes]:
        """Bodies that are as described."""
        return set()

    @cached_property
    def headers(self) -> Mapping[str, Schema]:
        """The schemas of the headers that are described, by name in lower case."""
        headers = self.described.get("headers", {})
        nodes = {name.lower(): resolve(self.document, node) for name, node in headers.items()}
        return {name: Schema(self.document, schema_of(node)) for name, node in nodes.items()}


class DescribedResponses(msgspec.Struct, frozen=True, dict=True):
    """The Responses Object of an operation: a response by each code, range such as `4XX`, or `default`.

    Unless it `describes_errors`, other errors may be sent, too, and those without a described body may have
    one; and if no success is described at all, one without a body may be sent.
    """

    document: Mapping[str, JSON]
    described: Mapping[str, Mapping[str, JSON]]
    describes_errors: bool = True

    def describes(self, status: int) -> bool:
        """Return whether there is a response with a status, by itself, by a range or by `default`."""
        return self._with(status) is not None

    def violation(self, response: Response) -> str:
        """Return a message about the first violation; empty if the response is as described."""
        described = self._by_status.get(response.status) or self._with(response.status)
        may_be_sent = response.status >= ERRORS and not self.describes_errors
        if described is not None:
            return "" if may_be_sent and not described.has_body else described.violation(response)
        is_forgotten = not (self.describes_errors or self.has_success or response.content)
        return "" if may_be_sent or is_forgotten else f"{response.status} is not described"

    @cached_property
    def has_success(self) -> bool:
        """Whether it has a response of success."""
        return any(key.startswith("2") or key == "default" for key in self.described)

    def schema(self, status: int, media_type: str) -> Schema | None:
        """Return the schema of a body; None if the document has no body of this type with this status."""
        described = self._with(status)
        return None if described is None else described.bodies.get(media_type)

    def headers(self, status: int) -> frozenset[str]:
        """Return the names of the headers that are described with a status, in lower case."""
        described = self._with(status)
        return frozenset() if described is None else frozenset(described.headers)

    def _with(self, status: int) -> DescribedResponse | None:
        if status not in self._by_status:
            key = response_key(self._by_key, status)
            self._by_status[status] = None if key is None else self._by_key[key]
        return self._by_status[status]

    @cached_property
    def _by_status(self) -> dict[int, DescribedResponse | None]:
        """The responses that were looked for before, as they are for each request."""
        return {}

    @cached_property
    def _by_key(self) -> Mapping[str, DescribedResponse]:
        return {
            key: DescribedResponse(self.document, resolve(self.document, node))
            for key, node in self.described.items()
            if not key.startswith("x-")
        }
