"""Error responses in the shape that a document gives them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from http import HTTPStatus
from random import Random

import msgspec

from safelight_lifecycle import RefusalKind
from safelight_mock.vendors.generic.bodies.responses import Described
from safelight_mock.vendors.generic.bodies.templates import Media, made_headers, response_of
from safelight_mock.vendors.generic.error_texts import declared_text, shortened
from safelight_mock.vendors.generic.schemas.body_edits import BodyEdits, copied
from safelight_mock.vendors.generic.schemas.made_values import Maker
from safelight_mock.vendors.generic.schemas.plain_values import plain_values
from safelight_mock.vendors.generic.schemas.shapes import Shape, Shapes, Tokens, Wanted
from safelight_mock.vendors.generic.schemas.valid_parts import valid_parts
from safelight_mock.wire.errors import STANDARD, problem_of
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem, VendorError
from safelight_mock.wire.schema import Schema, unambiguous

MESSAGES = (
    "message",
    "detail",
    "error_message",
    "errorMessage",
    "msg",
    "err_msg",
    "error",
    "description",
    "title",
)
STATUSES = ("status", "statusCode", "status_code", "code")  # members that repeat the status code
DEEPEST = 5  # levels of an error body in which a text is looked for
FAMILY = 100

# The first that is declared counts.
REFUSALS: Mapping[Kind, tuple[RefusalKind, ...]] = {
    Kind.UNKNOWN_ROUTE: (RefusalKind.ROUTE,),
    Kind.WRONG_METHOD: (RefusalKind.ROUTE,),
    Kind.UNAUTHORIZED: (RefusalKind.UNAUTHORIZED,),
    Kind.FORBIDDEN: (RefusalKind.FORBIDDEN, RefusalKind.UNAUTHORIZED),
    Kind.LIMITED: (RefusalKind.LIMITED,),
    Kind.NO_CREDITS: (RefusalKind.UNPAID,),
    Kind.UNKNOWN_JOB: (RefusalKind.UNKNOWN,),
    Kind.WRONG_STATE: (RefusalKind.MOVED,),
    Kind.BAD_PARAMETER: (RefusalKind.PARAMETER, RefusalKind.INVALID),
    Kind.BAD_FIELD: (RefusalKind.INVALID,),
    Kind.BAD_BODY: (RefusalKind.INVALID,),
    Kind.UNSUPPORTED_TYPE: (RefusalKind.MEDIA, RefusalKind.INVALID),
    Kind.TOO_LARGE: (RefusalKind.LARGE,),
}

# The statuses of a refusal of which the lifecycle says nothing: the first that is documented, else the first.
USUAL: Mapping[RefusalKind, tuple[int, ...]] = {
    RefusalKind.UNKNOWN: (404, 410, 400, 422),
    RefusalKind.UNAUTHORIZED: (401, 403, 400),
    RefusalKind.EARLY: (404, 409, 425, 400, 422),
    RefusalKind.LATE: (404, 410, 400, 422),
    RefusalKind.FAILED: (422, 404, 409, 400),
    RefusalKind.MOVED: (409, 400, 422, 403, 404),
    RefusalKind.INVALID: (422, 400),
    RefusalKind.LIMITED: (429, 403, 400),
    RefusalKind.UNPAID: (402, 403, 400),
}
EXACT: Mapping[Kind, tuple[int, ...]] = {  # kinds that have a status of their own where that is documented
    Kind.FORBIDDEN: (403,),
    Kind.UNSUPPORTED_TYPE: (415,),
    Kind.BAD_BODY: (400,),
    Kind.TOO_LARGE: (413,),
}


class JobRequestError(VendorError):
    """A request about a job that cannot be met, for a reason that lifecycles know."""

    def __init__(self, why: RefusalKind, message: str, status: int = 0) -> None:
        super().__init__(status or USUAL[why][0], message)
        self.why = why
        self.is_exact = bool(status)


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """An error response without its message, and where that is written."""

    media: Media
    body: JSON
    message: Tokens | None
    headers: Mapping[str, str]


class ErrorResponses(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Makes the error responses of one API."""

    described: Described

    def respond(self, error: Exception, operation: str) -> Response:
        """Return the response of an operation to a Problem, a VendorError or an error of the engine.

        `operation` is empty for a path that no operation has.
        """
        why, status, message, headers = self._reason(error, operation)
        described = self._body(operation, status, why)
        if not described.media.media_type.endswith("json"):
            return response_of(described.media, message, {**described.headers, **headers})
        body = copied(described.body)
        if described.message is not None:
            body = self._with_phrase(_put(body, described.message, message), status, message)
        headers = {"content-type": described.media.media_type, **described.headers, **headers}
        return Response.json(status, body, headers)

    def _reason(
        self, error: Exception, operation: str
    ) -> tuple[RefusalKind | None, int, str, Mapping[str, str]]:
        """Return kind, status, message and headers of an error."""
        if isinstance(error, JobRequestError):
            status = error.status if error.is_exact else self._status(error.why, (), operation)
            text = self._declared_text(error.why, Problem(Kind.UNKNOWN_JOB, detail=str(error)))
            return error.why, status, text or str(error), error.headers
        if isinstance(error, VendorError):
            return None, error.status, str(error), error.headers
        problem = problem_of(error)
        standard = STANDARD[problem.kind].filled(field=problem.field, detail=str(problem))
        why, exact = self._why(problem.kind), EXACT.get(problem.kind, ())
        is_declared = why in self.described.jobs.refusals.kinds
        has_usual = is_declared or exact or why in USUAL
        status = self._status(why, exact, operation) if has_usual else standard.status
        usual = shortened(str(problem)) if problem.kind in DETAILED else standard.message
        headers = {**({} if is_declared else standard.headers), **problem.headers}
        return why, status, self._declared_text(why, problem) or usual, headers

    def _why(self, kind: Kind) -> RefusalKind | None:
        """Return the first refusal for a kind of problem that is declared; else the most general one."""
        declared, known = self.described.jobs.refusals.kinds, REFUSALS.get(kind, ())
        return next((one for one in known if one in declared), known[-1] if known else None)

    def _declared_text(self, why: RefusalKind | None, problem: Problem) -> str:
        refusals = self.described.jobs.refusals
        declared = None if why is None else refusals.kinds.get(why)
        return "" if declared is None else declared_text(refusals, declared, problem)

    def _with_phrase(self, body: JSON, status: int, message: str) -> JSON:
        """Write the name of the status, or leave it out where the message ends with it."""
        place, phrase = self.described.jobs.refusals.phrase, HTTPStatus(status).phrase
        if place is None:
            return body
        return _without(body, place) if message.endswith(phrase) else _put(body, place, phrase)

    def _status(self, why: RefusalKind | None, exact: tuple[int, ...], operation: str) -> int:
        """Return the status of a refusal: documented for this kind of it, declared, or the usual one."""
        responses = self._responses(operation)
        own = next((status for status in exact if str(status) in responses), None)
        declared = None if why is None else self.described.jobs.refusals.kinds.get(why)
        if own is not None and (declared is None or why is RefusalKind.UNAUTHORIZED):
            return own
        usual = (*exact, *(USUAL.get(why, ()) if why is not None else ()))
        if declared is not None:
            # One that is declared for the whole API is not of an operation that documents another one.
            usual = (declared.status, *(usual if why is RefusalKind.INVALID else ()))
        return next((status for status in usual if str(status) in responses), usual[0])

    def _responses(self, operation: str) -> Mapping[str, JSON]:
        """Return the responses that an operation is described with; none without an operation."""
        if not operation:
            return {}
        found: Mapping[str, JSON] = self.described.api.operations[operation].described.get("responses", {})
        return found

    def _body(self, operation: str, status: int, why: RefusalKind | None) -> ErrorBody:
        name = (operation, status, why)
        if name not in self._bodies:
            self._bodies[name] = self._new_body(operation, status, why)
        return self._bodies[name]

    @cached_property
    def _bodies(self) -> dict[tuple[str, int, RefusalKind | None], ErrorBody]:
        return {}

    def _new_body(self, operation: str, status: int, why: RefusalKind | None) -> ErrorBody:
        refusals = self.described.jobs.refusals
        declared = None if why is None else refusals.kinds.get(why)
        written = dict(declared.write) if declared is not None else {}
        media = self._media(operation, status)
        if media is not None and media.media_type and not media.media_type.endswith("json"):
            described = {**made_headers(self.described.shapes, media, Random(operation))}  # noqa: S311
            return ErrorBody(media=media, body="", message=(), headers=described)
        if media is None or not media.media_type:
            plain = Media(status=status, media_type="application/json", schema={}, examples=(), headers={})
            body = _put({}, refusals.message or ("message",), "")
            return ErrorBody(media=plain, body=body, message=refusals.message or ("message",), headers={})
        named = (*written, *([refusals.message] if refusals.message else ()))
        # Of several schemas, the one that has this status.
        wanted = (*map(Wanted, named), *(Wanted((name,), status, 0) for name in STATUSES))
        maker = Maker(shapes=self.described.shapes, chance=Random(operation))  # noqa: S311 - not a secret
        edits = BodyEdits(maker=maker, schema=media.schema, wanted=wanted)
        body = self._valid_body(self._schema(operation, status, media), media, status, edits, written)
        return ErrorBody(
            media=media,
            body=body,
            message=None if status < HTTPStatus.BAD_REQUEST else self._message(edits, written),
            headers={**made_headers(self.described.shapes, media, Random(operation))},  # noqa: S311
        )

    def _valid_body(
        self,
        schema: Schema | None,
        media: Media,
        status: int,
        edits: BodyEdits,
        written: Mapping[Tokens, JSON],
    ) -> JSON:
        """Return the first body that the document allows: an example, a value of the schema, or parts of one.

        If it allows none, or describes no such response, it is the first of them.
        """
        made: list[JSON] = []
        for began in self._error_bodies(media, edits, schema):
            body = began
            for tokens, value in written.items():
                body = edits.put(body, tokens, value)
            made += [_with_status(copied(body), status), body]
            for one in made[-2:]:
                if schema is None or not unambiguous(schema.errors(one)):
                    return one
        return made[0]

    def _schema(self, operation: str, status: int, media: Media) -> Schema | None:
        """Return the schema of an error response; None if the operation does not describe that."""
        if not operation:
            return None
        return self.described.api.operations[operation].responses.schema(status, media.media_type)

    def _error_bodies(self, media: Media, edits: BodyEdits, schema: Schema | None) -> Iterator[JSON]:
        """Yield what may be sent, the best first."""
        examples = [copied(one) for one in media.examples]
        yield from examples
        made = edits.maker.make(media.schema, edits.wanted)
        yield made
        if schema is not None:
            yield from plain_values(self.described.api.document, media.schema)
            yield from (valid_parts(one, schema) for one in (*examples, made))

    def _media(self, operation: str, status: int) -> Media | None:
        """Return how an error is described: by its status, by another of the operation, or of the API."""
        own = self.described.media(operation, status) if operation else None
        if own is not None:
            return own
        others = (self.described.media(name, code) for name, code in self._errors(operation))
        return next(
            (other for other in others if other is not None and other.media_type.endswith("json")), None
        )

    def _errors(self, operation: str) -> Iterator[tuple[str, int]]:
        """Yield the described errors, those of an operation first."""
        names = [operation, *self.described.api.operations]
        for name in dict.fromkeys(names):
            for key in self._responses(name):
                if key.isdecimal() and HTTPStatus.BAD_REQUEST <= int(key) < HTTPStatus.INTERNAL_SERVER_ERROR:
                    yield name, int(key)
                elif key.upper() == "4XX" or key == "default":
                    yield name, HTTPStatus.BAD_REQUEST.value

    def _message(self, edits: BodyEdits, written: Mapping[Tokens, JSON]) -> Tokens | None:
        """Return where the message is written: as declared, or at the first text of the schema."""
        declared = self.described.jobs.refusals.message
        if declared is not None and edits.has(declared):
            return declared
        place = message_place(self.described.shapes, edits.shapes.of(edits.schema))
        return None if place in written else place


DETAILED = frozenset(
    {Kind.BAD_PARAMETER, Kind.BAD_FIELD, Kind.BAD_BODY, Kind.UNSUPPORTED_TYPE, Kind.NOT_SERVED}
)


def message_place(shapes: Shapes, root: Shape) -> Tokens | None:
    """Return the place of the message: the first text, those called `message` or alike before others."""
    level: list[tuple[Tokens, Shape]] = [((), root)]
    for _ in range(DEEPEST):
        texts = [(tokens, shape) for tokens, shape in level if shape.types[:1] == ("string",)]
        named = sorted((MESSAGES.index(one[-1]), one) for one, _ in texts if one and one[-1] in MESSAGES)
        if named:
            return named[0][1]
        if not any(_has_named(shapes, shape) for _, shape in level) and texts:
            return texts[0][0]
        level = [inner for tokens, shape in level for inner in _inside(shapes, tokens, shape)]
    return None


def _has_named(shapes: Shapes, shape: Shape) -> bool:
    return any(inner.is_object or inner.is_array for _, inner in _inside(shapes, (), shape))


def _inside(shapes: Shapes, tokens: Tokens, shape: Shape) -> Iterator[tuple[Tokens, Shape]]:
    for name in shape.properties:
        member = shapes.member(shape, name)
        if member is not None:
            yield (*tokens, name), member
    item = shapes.member(shape, "0") if shape.is_array else None
    if item is not None and item.types[:1] != ("string",):
        yield (*tokens, "0"), item


def _with_status(body: JSON, status: int) -> JSON:
    """Correct a member of the body that repeats the status code."""
    if isinstance(body, dict):
        for name in STATUSES:
            if isinstance(body.get(name), int) and not isinstance(body[name], bool):
                body[name] = status
    return body


def _without(body: JSON, tokens: Tokens) -> JSON:
    """Return a body without the member at a place."""
    if not isinstance(body, dict) or tokens[0] not in body:
        return body
    token, *rest = tokens
    if rest:
        return {**body, token: _without(body[token], tuple(rest))}
    return {name: value for name, value in body.items() if name != token}


def _put(body: JSON, tokens: Tokens, value: JSON) -> JSON:
    """Write a value at a place; objects on the way are made."""
    if not tokens:
        return value
    token, *rest = tokens
    if isinstance(body, list) and token.isdecimal() and int(token) < len(body):
        body[int(token)] = _put(body[int(token)], tuple(rest), value)
        return body
    body = body if isinstance(body, dict) else {}
    body[token] = _put(body.get(token), tuple(rest), value)
    return body
