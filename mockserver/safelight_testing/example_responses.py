"""The same successful response at every call: a document's own examples, or what its schemas allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from PIL import Image

from safelight_lifecycle import media_example, parse_expression, parse_path, read_lifecycles, schema_example
from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.schema import UndocumentedResponseError, resolve, response_key

SUCCESSES = range(200, 300)
SIDE = 64  # pixels of the picture that stands for every result


def picture(media_type: str = "image/png") -> bytes:
    """Return a small picture."""
    file = BytesIO()
    Image.new("RGB", (SIDE, SIDE), "teal").save(file, media_type.removeprefix("image/"))
    return file.getvalue()


@dataclass(frozen=True)
class ExampleResponses:
    """One successful response for each operation; jobs have succeeded, and links lead to `link`."""

    api: Api
    link: str

    def reply(self, operation: Operation) -> Response:
        """Return the response of an operation; raises UndocumentedResponseError without an example."""
        responses = operation.described["responses"]
        status, key = _success(operation.id, responses)
        described = resolve(self.api.document, responses[key])
        headers = {
            name.lower(): _text(self._header(resolve(self.api.document, header)))
            for name, header in described.get("headers", {}).items()
        }
        reply = self._with_body(operation.id, Response(status=status, headers=headers), described)
        operation.check(reply)
        return reply

    def _with_body(self, operation: str, reply: Response, described: Mapping[str, JSON]) -> Response:
        for media_type, media in described.get("content", {}).items():
            if media_type.startswith("image/"):
                headers = {**reply.headers, "content-type": media_type}
                return Response(status=reply.status, headers=headers, content=picture(media_type))
            value = self._linked(_succeeded(self.api, operation, media_example(media, self.api.document)))
            return Response.json(reply.status, value, reply.headers)
        return reply

    def _header(self, header: Mapping[str, JSON]) -> JSON:
        return schema_example(header["schema"], self.api.document)

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
        """The names of the fields that hold links to results."""
        lifecycles = read_lifecycles(self.api.document).values()
        pointers = [parse_expression(one.result.url).pointer for one in lifecycles if one.result]
        paths = [parse_path(one.results.each) for one in lifecycles if one.results]
        return frozenset(steps[-1] for steps in (*pointers, *paths) if steps and steps[-1] is not None)


def _success(operation: str, responses: Mapping[str, JSON]) -> tuple[int, str]:
    """Find the lowest success that is documented by its code, or 200 by a range or by `default`."""
    statuses = sorted(SUCCESSES, key=lambda status: (str(status) not in responses, status))
    keys = ((status, response_key(responses, status)) for status in statuses)
    for status, key in keys:
        if key is not None:
            return status, key
    raise UndocumentedResponseError(f"{operation}: no success is described, only {', '.join(responses)}")


def _succeeded(api: Api, operation: str, value: JSON) -> JSON:
    """Write the state word of a succeeded job into the response that reads a job."""
    cycle = api.lifecycles[api.lifecycle_of[operation]] if api.lifecycles else None
    if cycle is None or operation != cycle.read.operation:
        return value
    word = next(word for word, state in cycle.states.items() if state == "succeeded")
    return _replaced(value, parse_expression(cycle.read.state).pointer, word)


def _replaced(value: JSON, tokens: tuple[str, ...], new: JSON) -> JSON:
    """Return a copy with another value where the reference tokens lead."""
    return {**value, tokens[0]: _replaced(value[tokens[0]], tokens[1:], new)} if tokens else new


def _text(value: JSON) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
