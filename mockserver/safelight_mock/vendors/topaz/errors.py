"""How Topaz takes keys and says no: every status code and message of its dialect.

Messages marked documented stand as examples in the vendor's 1.0.0 document; the others are ours.
"""

from collections.abc import Mapping

from safelight_mock.core.engine import RefusedError, UnknownJobError
from safelight_mock.vendors.topaz.magic_keys import AT_ONCE
from safelight_mock.wire.api_keys import bearer, try_key
from safelight_mock.wire.messages import Reply
from safelight_mock.wire.problem import Kind, Problem, Refusal

LEGACY_KEY = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJtYWNoaW5lX2lkIjoi"

BROKEN = (
    "An internal server error occurred. Please try again later. "
    "If the problem persists, please contact support."
)

PROBLEMS: Mapping[Kind, tuple[int, str]] = {
    Kind.UNKNOWN_ROUTE: (404, "Not Found"),
    Kind.WRONG_METHOD: (405, "Method Not Allowed"),
    Kind.NOT_SERVED: (501, "{why}"),
    Kind.UNAUTHORIZED: (401, "Unauthorized"),  # documented
    Kind.FORBIDDEN: (403, "Forbidden"),  # documented
    Kind.BAD_PARAMETER: (400, "Invalid {place}."),
    Kind.BAD_FIELD: (400, "Invalid {place}."),  # documented for the output height
    Kind.BAD_BODY: (400, "Invalid request body."),
    Kind.UNSUPPORTED_TYPE: (415, "Unsupported media type. Send the request as multipart/form-data."),
    Kind.TOO_LARGE: (413, "Request Entity Too Large"),  # documented
    Kind.TOO_SLOW: (408, "Request Timeout"),
    Kind.NO_ROOM: (503, "{why}"),
    Kind.STOPPING: (503, "{why}"),
    Kind.BROKEN: (500, BROKEN),  # documented
}

CONFLICTS: Mapping[str, str] = {
    "cancel": "The process cannot be cancelled as it is not in a cancellable state.",  # documented
    "forget": "The process status cannot be deleted as it is still in progress.",
    "download": "The image is not ready to be downloaded.",
}

BAD_RESOLUTION = "Please provide a valid input resolution."
# What is said of certain parameters and fields; documented.
PLACES: Mapping[str, str] = {
    "process_id": "Invalid process ID. Please ensure it is a valid UUID.",
    "input_height": BAD_RESOLUTION,
    "input_width": BAD_RESOLUTION,
}

NOT_FOUND = "An image with the given process ID was not found."  # documented


def key(headers: Mapping[str, str]) -> str:
    """Read the API key off the headers: X-API-Key, or a legacy one as a bearer token.

    Raises Problem when there is none, and what `trials` says of it.
    """
    token = bearer(headers)
    found = headers.get("x-api-key", "") or (token if token.startswith(LEGACY_KEY) else "")
    if not found:
        raise Problem(Kind.UNAUTHORIZED)
    return try_key(found, AT_ONCE)


def refuse(error: Exception) -> Reply:
    """Say any refusal as Topaz does."""
    headers = error.headers if isinstance(error, Problem | Refusal) else {}
    status, message = _said(error)
    return Reply.json(status, {"code": status, "message": message}, headers)


def _said(error: Exception) -> tuple[int, str]:
    match error:
        case Refusal():
            return error.status, str(error)
        case UnknownJobError():
            return 404, NOT_FOUND
        case RefusedError():
            return 409, CONFLICTS[error.asked]
        case Problem(place=place) if place in PLACES:
            return 400, PLACES[place]
        case Problem():
            status, message = PROBLEMS[error.kind]
            return status, message.format(place=error.place.replace("_", " ") or "request", why=error)
    return PROBLEMS[Kind.BROKEN]
