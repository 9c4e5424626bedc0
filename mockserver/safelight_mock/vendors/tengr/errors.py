"""Tengr's API keys, scopes, rate limits and error responses.

The shape is documented, and that `error` is absent if the message is the status phrase. It is that of the
vendor's framework (NestJS), whose messages are used where it has one; the others are ours.
"""

from collections.abc import Mapping
from http import HTTPStatus

from msgspec.structs import replace

from safelight_mock.wire.api_keys import MagicKeys, RequiredScope
from safelight_mock.wire.errors import Errors, ErrorTemplate
from safelight_mock.wire.key_sources import BearerKey
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.rate_limits import RateLimits

LONGEST = 300  # characters of a message: it may repeat what was sent

AUTH = (BearerKey(),)
MAGIC_KEYS = MagicKeys(
    scopes={scope: (scope,) for scope in ("generator", "manager", "admin")}, all_scopes=("admin",)
)
SCOPES: Mapping[str, RequiredScope] = {  # each scope allows all that those before it allow (documented later)
    "rotateOrganizationWebhookSecret": RequiredScope(any_of=("manager", "admin"))
}
RATE_LIMITS = RateLimits(  # with the headers of the framework's limiter; the vendor publishes none
    headers={
        "x-ratelimit-limit": "{limit}",
        "x-ratelimit-remaining": "{remaining}",
        "x-ratelimit-reset": "{reset}",
    },
    refusal_headers={"retry-after": "{reset}"},
    headers_setting="throttler_headers",
)

TEMPLATES: Mapping[Kind, ErrorTemplate] = {
    Kind.UNKNOWN_ROUTE: ErrorTemplate(status=404, message="Cannot {detail}"),
    Kind.WRONG_METHOD: ErrorTemplate(  # the framework has one error for both
        status=404, message="Cannot {detail}"
    ),
    Kind.FORBIDDEN: ErrorTemplate(status=403, message="Forbidden resource"),
    Kind.LIMITED: ErrorTemplate(status=429, message="ThrottlerException: Too Many Requests"),
    Kind.NO_CREDITS: ErrorTemplate(status=403, message="Not enough credits"),  # the API knows no 402
    Kind.UNKNOWN_JOB: ErrorTemplate(status=404, message="Artwork not found"),
    Kind.BAD_PARAMETER: ErrorTemplate(status=400, message="{field}: not as described"),
    Kind.BAD_FIELD: ErrorTemplate(status=400, message="{field}: {detail}"),
    Kind.BAD_BODY: ErrorTemplate(status=400, message="body: {detail}"),
    Kind.UNSUPPORTED_TYPE: ErrorTemplate(status=400, message="body: send it as application/json"),
    Kind.TOO_LARGE: ErrorTemplate(status=400, message="body: request entity too large"),
}
FIELDS: Mapping[str, ErrorTemplate] = {
    "id": ErrorTemplate(status=400, message="Validation failed (uuid is expected)")
}


def _fill(template: ErrorTemplate, problem: Problem) -> ErrorTemplate:
    detail = _allowed_values(problem) or str(problem).replace(" on /", " /", 1)
    filled = template.filled(field=problem.field or "body", detail=detail)
    if len(filled.message) <= LONGEST:
        return filled
    return replace(filled, message=f"{filled.message[:LONGEST]}…")


def _allowed_values(problem: Problem) -> str:
    """Return the framework's message for a value that is not in a list; empty for other problems."""
    at = ((problem.field,), "enum")
    lists = (broken.expected for broken in problem.violations if (broken.path, broken.rule) == at)
    values = ", ".join(map(str, next(lists, ())))
    return values and f"must be one of the following values: {values}"


def _body(error: ErrorTemplate) -> JSON:
    name = HTTPStatus(error.status).phrase
    if error.message.endswith(name):
        return {"message": error.message, "statusCode": error.status}
    return {"message": error.message, "error": name, "statusCode": error.status}


ERRORS = Errors(templates=TEMPLATES, fields=FIELDS, fill=_fill, body=_body)
