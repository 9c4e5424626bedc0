"""Operations of no lifecycle: they respond with the example of the document, or a value of its schema."""

from random import Random

from safelight_mock.core.engine import Engine
from safelight_mock.vendors.generic.body_edits import copied
from safelight_mock.vendors.generic.made_values import Maker
from safelight_mock.vendors.generic.responses import Described
from safelight_mock.vendors.generic.templates import made_headers, response_of
from safelight_mock.wire.messages import Request, Response

EVERYTHING = ("",)
"""The pointer of a whole body: it is made up that there is something to respond with."""


def respond(described: Described, operation: str, engine: Engine, request: Request) -> Response:
    """Handle an operation that no lifecycle has."""
    request.trace.made_up = EVERYTHING
    return example_response(described, operation, engine)


def example_response(described: Described, operation: str, engine: Engine) -> Response:
    """Return the example of an operation, or a value made for a sandbox."""
    status = described.success(operation)
    media = described.media(operation, status)
    if media is None:
        return Response(status=status)
    chance = Random(f"{described.slug}/{engine.sandbox.name}/{operation}")  # noqa: S311 - not a secret
    maker = Maker(shapes=described.shapes, chance=chance)
    body = copied(media.examples[0]) if media.examples else maker.make(media.schema)
    return response_of(media, body, made_headers(described.shapes, media, chance))
