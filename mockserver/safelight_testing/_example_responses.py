"""One successful response for each operation: the document's example, or one made from its schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from PIL import Image

from safelight_lifecycle import State, media_example, parse_path, schema_example
from safelight_mock.wire.api import Api
from safelight_mock.wire.described_responses import UndocumentedResponseError, response_key
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.schema import resolve

SUCCESSES = range(200, 300)
SIDE = 64  # pixels of the image that every link leads to


def picture(media_type: str = "image/png") -> bytes:
    """Return a small image."""
    file = BytesIO()
    Image.new("RGB", (SIDE, SIDE), "teal").save(file, media_type.removeprefix("image/"))
    return file.getvalue()


@dataclass(frozen=True)
class ExampleResponses:
    """One successful response for each operation; jobs have succeeded, and links lead to `link`."""

    api: Api
    link: str

    def response(self, operation: Operation) -> Response:
        """Return the response of an operation; raises UndocumentedResponseError without an example."""
        responses = operation.described["responses"]
        status, key = _success(operation.id, responses)
        described = resolve(self.api.document, responses[key])
        headers = {
            name.lower(): _text(self._header(resolve(self.api.document, header)))
            for name, header in described.get("headers", {}).items()
        }
        response = self._with_body(operation.id, Response(status=status, headers=headers), described)
        operation.check(response)
        return response

    def _with_body(self, operation: str, head: Response, described: Mapping[str, JSON]) -> Response:
        for media_type, media in described.get("content", {}).items():
            if media_type.startswith("image/"):
                headers = {**head.headers, "content-type": media_type}
                return Response(status=head.status, headers=headers, content=picture(media_type))
            value = self._linked(_succeeded(self.api, operation, media_example(media, self.api.document)))
            return Response.json(head.status, value, head.headers)
        return head

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
        results = [one.result for one in self.api.async_jobs.lifecycles.values() if one.result]
        pointers = [location.pointer for result in results for location in result.places]
        paths = [parse_path(result.each) for result in results if result.each]
        return frozenset(steps[-1] for steps in (*pointers, *paths) if steps and steps[-1] is not None)


def _success(operation: str, responses: Mapping[str, JSON]) -> tuple[int, str]:
    """Return the lowest 2xx documented by its code, else 200 by a range or `default`, and its key."""
    statuses = sorted(SUCCESSES, key=lambda status: (str(status) not in responses, status))
    keys = ((status, response_key(responses, status)) for status in statuses)
    for status, key in keys:
        if key is not None:
            return status, key
    raise UndocumentedResponseError(f"{operation} documents no success, only {', '.join(responses)}")


def _succeeded(api: Api, operation: str, value: JSON) -> JSON:
    """Set the state in the response of the operation that reads a job to the vendor's for succeeded."""
    cycle = api.lifecycles[api.lifecycle_of[operation]] if api.lifecycles else None
    read = None if cycle is None else cycle.described.read
    if cycle is None or read is None or operation != read.operation:
        return value
    return _replaced(value, read.state[0].pointer, cycle.vendor_state(State.SUCCEEDED))


def _replaced(value: JSON, tokens: tuple[str, ...], new: JSON) -> JSON:
    """Return a copy with another value at the reference tokens (RFC 6901)."""
    return {**value, tokens[0]: _replaced(value[tokens[0]], tokens[1:], new)} if tokens else new


def _text(value: JSON) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
