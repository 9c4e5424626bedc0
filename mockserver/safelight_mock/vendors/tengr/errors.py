"""How Tengr takes keys and says no: every status code and message of its dialect.

The shape is documented, and that `error` is there only beside a text of its own. It is that of the framework
the vendor builds on (NestJS), whose texts are used where it has one; the others are ours.
"""

from collections.abc import Mapping
from http import HTTPStatus

from safelight_mock.core.engine import UnknownJobError
from safelight_mock.vendors.tengr.magic_keys import AT_ONCE
from safelight_mock.wire.api_keys import bearer, try_key
from safelight_mock.wire.messages import JSON, Reply
from safelight_mock.wire.problem import Kind, Problem, Refusal

LONGEST = 300  # characters of a message: it may repeat what was sent

# A message of None is the code's own name, without `error`.
PROBLEMS: Mapping[Kind, tuple[int, str | None]] = {
    Kind.UNKNOWN_ROUTE: (404, "Cannot {why}"),
    Kind.WRONG_METHOD: (404, "Cannot {why}"),  # the framework tells no method from no path
    Kind.NOT_SERVED: (501, "{why}"),
    Kind.UNAUTHORIZED: (401, None),
    Kind.FORBIDDEN: (403, "Forbidden resource"),
    Kind.BAD_PARAMETER: (400, "{place}: not as described"),
    Kind.BAD_FIELD: (400, "{place}: {why}"),
    Kind.BAD_BODY: (400, "body: {why}"),
    Kind.UNSUPPORTED_TYPE: (400, "body: send it as application/json"),
    Kind.TOO_LARGE: (400, "body: request entity too large"),
    Kind.TOO_SLOW: (408, None),
    Kind.NO_ROOM: (503, "{why}"),
    Kind.STOPPING: (503, "{why}"),
    Kind.BROKEN: (500, None),
}

PLACES: Mapping[str, str] = {"id": "Validation failed (uuid is expected)"}
NOT_FOUND = "Artwork not found"


def key(headers: Mapping[str, str]) -> str:
    """Read the API key off the headers; raises Problem when there is none, and what `trials` says of it."""
    token = bearer(headers)
    if not token:
        raise Problem(Kind.UNAUTHORIZED)
    return try_key(token, AT_ONCE)


def refuse(error: Exception) -> Reply:
    """Say any refusal as Tengr does."""
    status, message = _said(error)
    return Reply.json(status, _body(status, message), error.headers if isinstance(error, Refusal) else {})


def _body(status: int, message: str | None) -> dict[str, JSON]:
    name = HTTPStatus(status).phrase
    if message is None or message.endswith(name):
        return {"message": message or name, "statusCode": status}
    return {"message": message, "error": name, "statusCode": status}


def _said(error: Exception) -> tuple[int, str | None]:
    match error:
        case Refusal():
            return error.status, str(error)
        case UnknownJobError():
            return 404, NOT_FOUND
        case Problem(kind=Kind.BAD_PARAMETER, place=place) if place in PLACES:
            return 400, PLACES[place]
        case Problem():
            status, message = PROBLEMS[error.kind]
            return status, message and _filled(message, error)
    return PROBLEMS[Kind.BROKEN]


def _listed(problem: Problem) -> str:
    """Name all the values a field may have, in the framework's words, if it has none of them."""
    lists = (fault.told for fault in problem.faults if (fault.path, fault.rule) == ((problem.place,), "enum"))
    values = ", ".join(map(str, next(lists, ())))
    return values and f"must be one of the following values: {values}"


def _why(problem: Problem) -> str:
    return str(problem).replace(" on /", " /", 1)


def _filled(message: str, problem: Problem) -> str:
    told = message.format(place=problem.place or "body", why=_listed(problem) or _why(problem))
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"
