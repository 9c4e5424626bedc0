"""Error responses: a template for each kind of problem, and the vendor's body around its message."""

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from safelight_mock.core.engine_errors import InvalidTransitionError, UnknownJobError
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.problem import Kind, Problem, VendorError

OF_FIELDS = frozenset({Kind.BAD_PARAMETER, Kind.BAD_FIELD})


class ErrorTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """One error response.

    `message` and the values of `headers` may contain `{field}` and `{detail}` of the problem. `parts` are for
    the vendor's own body.
    """

    status: int
    message: str
    parts: Mapping[str, JSON] = msgspec.field(default_factory=dict)
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)

    def filled(self, *, field: str, detail: str) -> "ErrorTemplate":
        """Return this response with the values of one problem."""
        message = self.message.format(field=field, detail=detail)
        headers = {name: value.format(field=field, detail=detail) for name, value in self.headers.items()}
        return replace(self, message=message, headers=headers)


# The response to each kind of problem that a vendor has no template for.
STANDARD: Mapping[Kind, ErrorTemplate] = {
    Kind.UNKNOWN_ROUTE: ErrorTemplate(status=404, message="Not Found"),
    Kind.WRONG_METHOD: ErrorTemplate(status=405, message="Method Not Allowed", headers={"allow": "{field}"}),
    Kind.NOT_SERVED: ErrorTemplate(status=501, message="{detail}"),
    Kind.UNAUTHORIZED: ErrorTemplate(status=401, message="Unauthorized"),
    Kind.FORBIDDEN: ErrorTemplate(status=403, message="Forbidden"),
    Kind.LIMITED: ErrorTemplate(status=429, message="Too Many Requests"),
    Kind.NO_CREDITS: ErrorTemplate(status=402, message="Payment Required"),
    Kind.UNKNOWN_JOB: ErrorTemplate(status=404, message="Not Found"),
    Kind.WRONG_STATE: ErrorTemplate(status=409, message="{detail}"),
    Kind.BAD_PARAMETER: ErrorTemplate(status=400, message="{detail}"),
    Kind.BAD_FIELD: ErrorTemplate(status=400, message="{detail}"),
    Kind.BAD_BODY: ErrorTemplate(status=400, message="{detail}"),
    Kind.UNSUPPORTED_TYPE: ErrorTemplate(status=415, message="Unsupported Media Type"),
    Kind.TOO_LARGE: ErrorTemplate(status=413, message="Request Entity Too Large"),
    Kind.TOO_SLOW: ErrorTemplate(status=408, message="Request Timeout"),
    Kind.NO_ROOM: ErrorTemplate(status=503, message="{detail}"),
    Kind.STOPPING: ErrorTemplate(status=503, message="{detail}"),
    Kind.BROKEN: ErrorTemplate(status=500, message="Internal Server Error"),
}


def plain(template: ErrorTemplate, problem: Problem) -> ErrorTemplate:
    """Fill in the problem's field and detail as they are."""
    return template.filled(field=problem.field, detail=str(problem))


class Errors(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor's error responses.

    - `templates`: by kind of problem; STANDARD has the others.
    - `fields`: instead, for a parameter or body field of that name.
    - `moves`: instead, for a move that the job's state does not allow: `cancel`, `forget`, `download`.
    - `fill`: fills a problem into its template.
    - `body`: the response body; by default the message alone, at the first of `message_at`.
    - `of_operation`: instead of all these, makes the response of an operation, by its id; with
      `without_operation` also that of none.
    - `message_at`: JSON pointers to the message in the body; the access log takes the first with a text.
    """

    templates: Mapping[Kind, ErrorTemplate] = msgspec.field(default_factory=dict)
    fields: Mapping[str, ErrorTemplate] = msgspec.field(default_factory=dict)
    moves: Mapping[str, ErrorTemplate] = msgspec.field(default_factory=dict)
    fill: Callable[[ErrorTemplate, Problem], ErrorTemplate] = plain
    body: Callable[[ErrorTemplate], JSON] | None = None
    of_operation: Callable[[Exception, str], Response] | None = None
    without_operation: bool = False
    message_at: tuple[str, ...] = ("/message",)

    def render(self, error: Exception, operation: str = "") -> Response:
        """Return the response to a Problem, a VendorError or an error of the engine; others are bugs of ours.

        `operation` is the one that was called, if it is known.
        """
        if self.of_operation is not None and (operation or self.without_operation):
            return self.of_operation(error, operation)
        if isinstance(error, VendorError):
            filled = ErrorTemplate(
                status=error.status, message=str(error), parts=error.parts, headers=error.headers
            )
        else:
            problem = problem_of(error)
            filled = self.fill(self._template(problem), problem)
            filled = replace(filled, headers={**filled.headers, **problem.headers})
        body = self._at_pointer(filled.message) if self.body is None else self.body(filled)
        return Response.json(filled.status, body, filled.headers)

    def _template(self, problem: Problem) -> ErrorTemplate:
        kind = problem.kind
        special = self.moves if kind is Kind.WRONG_STATE else self.fields if kind in OF_FIELDS else {}
        return special.get(problem.field) or self.templates.get(kind) or STANDARD[kind]

    def _at_pointer(self, message: str) -> JSON:
        body: JSON = message
        for name in reversed(self.message_at[0].removeprefix("/").split("/")):
            body = {name: body}
        return body


def problem_of(error: Exception) -> Problem:
    """Return an error of the engine as a problem; any other is a bug."""
    match error:
        case Problem():
            return error
        case UnknownJobError():
            return Problem(Kind.UNKNOWN_JOB, detail=str(error))
        case InvalidTransitionError():
            return Problem(Kind.WRONG_STATE, field=error.action, detail=str(error))
    return Problem(Kind.BROKEN)
