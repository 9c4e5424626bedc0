"""Topaz's API keys, rate limits and error responses.

Messages marked documented are examples of the vendor's 1.0.0 document; the others are ours.
"""

from collections.abc import Mapping

from safelight_mock.wire.api_keys import WHEN_PAYING, MagicKeys
from safelight_mock.wire.errors import Errors, ErrorTemplate
from safelight_mock.wire.key_sources import BearerKey, HeaderKey
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.rate_limits import RateLimits

# Bearer tokens are taken in one form only: the beginning of a key from before X-API-Key.
LEGACY_KEY = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJtYWNoaW5lX2lkIjoi"
AUTH = (HeaderKey(header="x-api-key"), BearerKey(prefix=LEGACY_KEY))

MAGIC_KEYS = MagicKeys(
    when_paying={
        "unsubscribed": ErrorTemplate(status=412, message="Precondition Failed"),  # documented
        **WHEN_PAYING,
        "funding": ErrorTemplate(  # documented later
            status=425, message="Too early to reserve credits. An order for more credits is in progress."
        ),
    }
)
RATE_LIMITS = RateLimits(refusal_headers={"retry-after": "{reset}"}, headers_setting="retry_after")

TEMPLATES: Mapping[Kind, ErrorTemplate] = {
    Kind.UNAUTHORIZED: ErrorTemplate(status=401, message="Unauthorized"),  # documented
    Kind.FORBIDDEN: ErrorTemplate(status=403, message="Forbidden"),  # documented
    Kind.NO_CREDITS: ErrorTemplate(status=402, message="Insufficient funds."),  # documented
    Kind.UNKNOWN_JOB: ErrorTemplate(  # documented
        status=404, message="An image with the given process ID was not found."
    ),
    Kind.BAD_PARAMETER: ErrorTemplate(status=400, message="Invalid {field}."),
    Kind.BAD_FIELD: ErrorTemplate(status=400, message="Invalid {field}."),  # documented for the output height
    Kind.BAD_BODY: ErrorTemplate(status=400, message="Invalid request body."),
    Kind.UNSUPPORTED_TYPE: ErrorTemplate(
        status=415, message="Unsupported media type. Send the request as multipart/form-data."
    ),
    Kind.TOO_LARGE: ErrorTemplate(status=413, message="Request Entity Too Large"),  # documented
    Kind.BROKEN: ErrorTemplate(  # documented
        status=500,
        message="An internal server error occurred. Please try again later. "
        "If the problem persists, please contact support.",
    ),
}

BAD_RESOLUTION = ErrorTemplate(status=400, message="Please provide a valid input resolution.")
FIELDS: Mapping[str, ErrorTemplate] = {  # documented
    "process_id": ErrorTemplate(status=400, message="Invalid process ID. Please ensure it is a valid UUID."),
    "input_height": BAD_RESOLUTION,
    "input_width": BAD_RESOLUTION,
}

MOVES: Mapping[str, ErrorTemplate] = {
    "cancel": ErrorTemplate(  # documented
        status=409, message="The process cannot be cancelled as it is not in a cancellable state."
    ),
    "forget": ErrorTemplate(
        status=409, message="The process status cannot be deleted as it is still in progress."
    ),
    "download": ErrorTemplate(status=409, message="The image is not ready to be downloaded."),
}


def _fill(template: ErrorTemplate, problem: Problem) -> ErrorTemplate:
    return template.filled(field=problem.field.replace("_", " ") or "request", detail=str(problem))


def _body(error: ErrorTemplate) -> JSON:
    return {"code": error.status, "message": error.message}


ERRORS = Errors(templates=TEMPLATES, fields=FIELDS, moves=MOVES, fill=_fill, body=_body)
