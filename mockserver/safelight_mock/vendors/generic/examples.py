"""Operations of no lifecycle: they respond with the example of the document, or a value of its schema."""

from collections.abc import Iterator
from random import Random

from safelight_lifecycle import RefusalKind
from safelight_mock.core.engine import Engine
from safelight_mock.vendors.generic.bodies.responses import Described
from safelight_mock.vendors.generic.bodies.templates import Media, made_headers, response_of
from safelight_mock.vendors.generic.schemas.body_edits import copied
from safelight_mock.vendors.generic.schemas.made_values import Maker
from safelight_mock.vendors.generic.schemas.plain_values import plain_values
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.problem import Kind, Problem

EVENTS = "text/event-stream"
BYTES = (
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "audio/",
    "image/",
    "video/",
)  # beginnings of media types that no example of a document shows
UNKNOWN = "unknown"  # how the ids of what does not exist begin
EVERYTHING = ("",)
"""The pointer of a whole body: it is made up that there is something to respond with."""


def respond(described: Described, operation: str, engine: Engine, request: Request) -> Response:
    """Handle an operation that no lifecycle has; raises Problem if only one could say what it does."""
    check_known(described, request)
    request.trace.made_up = EVERYTHING
    media = described.media(operation, described.success(operation))
    missing = "" if media is None else _missing_key(media)
    if missing:
        raise Problem(Kind.NOT_SERVED, detail=f"{operation} is in no lifecycle: {missing}")
    return example_response(described, operation, engine)


def check_known(described: Described, request: Request) -> None:
    """Raise Problem for something that the request names and that does not exist.

    These are parameters that `refusals.unknown` has texts for, with a value that begins with `unknown`.
    """
    refusal = described.jobs.refusals.kinds.get(RefusalKind.UNKNOWN)
    for name in refusal.of if refusal is not None else ():
        if name in request.parameters and str(request.parameters[name]).startswith(UNKNOWN):
            raise Problem(Kind.UNKNOWN_JOB, field=name)


def example_response(described: Described, operation: str, engine: Engine) -> Response:
    """Return the example of an operation, or a value made for a sandbox.

    Documents have examples that their own schemas do not allow: the first body that the document allows is
    sent. Raises Problem if there is none.
    """
    status = described.success(operation)
    media = described.media(operation, status)
    if media is None:
        why = "it describes no response of success; add one, for example by an overlay"
        raise Problem(Kind.NOT_SERVED, detail=f"{operation}: {why}")
    chance = Random(f"{described.slug}/{engine.sandbox.name}/{operation}")  # noqa: S311 - not a secret
    headers = made_headers(described.shapes, media, chance)
    violations: list[str] = []
    for body in _bodies(described, media, chance):
        response = response_of(media, body, headers)
        violations.append(described.api.operations[operation].responses.violation(response))
        if not violations[-1]:
            return response
    why = "neither its example nor a value of its schema is as the document has it"
    remedy = "correct one of them, for example by an overlay"
    raise Problem(Kind.NOT_SERVED, detail=f"{operation}: {why}; {remedy}: {violations[0]}")


def _missing_key(media: Media) -> str:
    """Return which key of `x-async-jobs` says what is sent where no example can; empty if one can."""
    if media.media_type == EVENTS:
        return "name it in `stream.operation` of the lifecycle whose events it sends"
    if media.media_type.startswith(BYTES):
        return (
            "name it in `result.operation` (with `as: bytes`) or `result.content` of the lifecycle whose "
            "results it sends, or in `content` of `inputs`"
        )
    return ""


def _bodies(described: Described, media: Media, chance: Random) -> Iterator[JSON]:
    """Yield what may be sent, the best first."""
    yield from map(copied, media.examples)
    yield Maker(shapes=described.shapes, chance=chance).make(media.schema)
    yield from plain_values(described.api.document, media.schema)
