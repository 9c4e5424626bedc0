"""Claid's API keys, scopes, rate limits and error responses.

Only the codes 111, 2001 and 9000 are published. Other errors have the status as code, so that no invented
code looks like a real one. What is marked documented is the vendor's.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from safelight_mock.vendors.claid.messages import BODY, Details, details, summary
from safelight_mock.wire.api_keys import MagicKeys, RequiredScope
from safelight_mock.wire.errors import Errors, ErrorTemplate
from safelight_mock.wire.key_sources import BearerKey
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem, VendorError
from safelight_mock.wire.rate_limits import RateLimits, Window
from safelight_mock.wire.setting import Plain

WRONG_BODY = "value is not a valid dict"
WRONG_ID = "value is not a valid integer"

SCOPE = "image_editing"
AUTH = (BearerKey(),)
MAGIC_KEYS = MagicKeys(scopes={"noscope": ()}, all_scopes=(SCOPE,))
# For a POST the document lists no scope as an alternative, so whether it needs one is a setting.
SUBMITS = ("editImageAsync", "editImage", "editUploadedImage", "editImageBatch")
SCOPES: Mapping[str, RequiredScope] = {
    **dict.fromkeys(SUBMITS, RequiredScope(any_of=(SCOPE,), setting="post_needs_scope")),
    **dict.fromkeys(("readEdit", "readBatch"), RequiredScope(any_of=(SCOPE,))),
}
RATE_LIMITS = RateLimits(
    windows=(Window(most=120, seconds=60), Window(most=4, seconds=1)),  # documented
    enforced="rate_limits",
    headers={
        "ratelimit-limit": "{limit}, 120;w=60, 4;w=1",
        "ratelimit-remaining": "{remaining}",
        "ratelimit-reset": "{reset}",
    },
    refusal_headers={
        "ratelimit-limit": "{limit}, 120;w=60, 4;w=1",
        "ratelimit-remaining": "-1",
        "ratelimit-reset": "{reset}",
    },
    operations=SUBMITS,
)


def _error(status: int, message: str, kind: str = "general", code: str = "") -> ErrorTemplate:
    return ErrorTemplate(status=status, message=message, parts=_parts(kind, code or str(status)))


def _parts(kind: str, code: str, broken: Details | None = None) -> Mapping[str, JSON]:
    return {"error_code": code, "error_type": kind, "error_details": broken or {}}


TEMPLATES: Mapping[Kind, ErrorTemplate] = {
    Kind.UNAUTHORIZED: _error(401, "Authorization is required.", "auth", "111"),  # documented
    Kind.FORBIDDEN: _error(403, "Not enough permissions.", "auth"),  # documented: the message
    Kind.LIMITED: replace(  # documented, with the headers of a limit of 4 in a second
        _error(429, "Too Many Requests. Rate limit exceeded.", code="2001"),
        headers={
            "ratelimit-limit": "4, 120;w=60, 4;w=1",
            "ratelimit-remaining": "-1",
            "ratelimit-reset": "1",
        },
    ),
    Kind.NO_CREDITS: _error(402, "No API calls left.", "billing"),  # documented: the message
    Kind.UNKNOWN_JOB: _error(  # documented: the message
        404, "Batch image edit pipeline not found.", "image"
    ),
    Kind.BAD_BODY: _error(400, "The request body cannot be read."),
    Kind.TOO_LARGE: _error(400, "The request body is too large."),
    Kind.BROKEN: _error(500, "Temporary internal error"),  # documented: the message
}


def invalid(broken: Details) -> VendorError:
    """Return the error for a request that breaks these rules."""
    return VendorError(422, summary(broken), parts=_parts("validation", "9000", broken))  # documented


def unusable(status: int, message: str) -> VendorError:
    """Return the error for an unusable input."""
    return VendorError(status, message, parts=_parts("image", str(status)))


def permit(key: str, method: str, options: Mapping[str, Plain]) -> None:
    """Raise Problem for a key that lacks the scope by its prefix, before the request is validated."""
    is_needed = method != "POST" or options["post_needs_scope"]
    if is_needed and SCOPE not in MAGIC_KEYS.scopes_of(key):
        raise Problem(Kind.FORBIDDEN)


def _fill(template: ErrorTemplate, problem: Problem) -> ErrorTemplate:
    match problem.kind:
        case Kind.BAD_FIELD:
            return _invalid(details(problem.violations) or {problem.field: [str(problem)]})
        case Kind.BAD_PARAMETER:
            return _invalid({problem.field: [WRONG_ID]})
        case Kind.UNSUPPORTED_TYPE:
            return _invalid({BODY: [WRONG_BODY]})
    return template.filled(field=problem.field, detail=str(problem))


def _invalid(broken: Details) -> ErrorTemplate:
    refusal = invalid(broken)
    return ErrorTemplate(status=refusal.status, message=str(refusal), parts=refusal.parts)


def _body(error: ErrorTemplate) -> JSON:
    """Return the vendor's envelope; a 429 has it below `detail`."""
    parts = error.parts or _parts("general", str(error.status))
    envelope = {
        "error_code": parts["error_code"],
        "error_type": parts["error_type"],
        "error_message": error.message,
        "error_details": parts["error_details"],
    }
    return {"detail": envelope} if error.status == 429 else envelope  # noqa: PLR2004 - too many requests


ERRORS = Errors(
    templates=TEMPLATES,
    fill=_fill,
    body=_body,
    message_at=("/error_message", "/detail/error_message"),
)
