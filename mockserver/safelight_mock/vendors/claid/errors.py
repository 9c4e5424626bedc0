"""How Claid takes keys and says no: every status, code, type and message of its dialect.

Only the codes 111, 2001 and 9000 are published. Where the vendor names none, the status stands in its place,
so that nobody takes an invented code for a real one. What is marked documented is the vendor's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from safelight_mock.core.engine import UnknownJobError
from safelight_mock.vendors.claid.magic_keys import AT_ONCE, LIMITED, UNFUNDED
from safelight_mock.vendors.claid.messages import BODY, Details, details, summary
from safelight_mock.vendors.claid.rate_limits import exceeded
from safelight_mock.wire.api_keys import bearer, try_key
from safelight_mock.wire.messages import JSON, Reply
from safelight_mock.wire.problem import Kind, Problem, Refusal

WRONG_BODY = "value is not a valid dict"
WRONG_ID = "value is not a valid integer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One way to say no."""

    status: int
    type: str
    message: str
    code: str = ""
    details: Details | None = None

    @property
    def body(self) -> dict[str, JSON]:
        """The vendor's envelope."""
        return {
            "error_code": self.code or str(self.status),
            "error_type": self.type,
            "error_message": self.message,
            "error_details": self.details or {},
        }


PROBLEMS: Mapping[Kind, Said] = {
    Kind.UNKNOWN_ROUTE: Said(status=404, type="general", message="Not Found"),
    Kind.WRONG_METHOD: Said(status=405, type="general", message="Method Not Allowed"),
    Kind.NOT_SERVED: Said(status=501, type="general", message="{why}"),
    Kind.UNAUTHORIZED: Said(
        status=401, type="auth", message="Authorization is required.", code="111"
    ),  # documented
    Kind.FORBIDDEN: Said(
        status=403, type="auth", message="Not enough permissions."
    ),  # documented: the message
    Kind.BAD_BODY: Said(status=400, type="general", message="The request body cannot be read."),
    Kind.TOO_LARGE: Said(status=400, type="general", message="The request body is too large."),
    Kind.TOO_SLOW: Said(status=408, type="general", message="Request Timeout"),
    Kind.NO_ROOM: Said(status=503, type="general", message="{why}"),
    Kind.STOPPING: Said(status=503, type="general", message="{why}"),
    Kind.BROKEN: Said(
        status=500, type="general", message="Temporary internal error"
    ),  # documented: the message
}
NOT_FOUND = Said(
    status=404, type="image", message="Batch image edit pipeline not found."
)  # documented: the message
REFUSALS: Mapping[str, Said] = {
    UNFUNDED: Said(status=402, type="billing", message="No API calls left."),  # documented: the message
    LIMITED: Said(  # documented
        status=429, type="general", message="Too Many Requests. Rate limit exceeded.", code="2001"
    ),
}
IMAGE = "image"  # the type of what is wrong with an input


class InvalidError(Refusal):
    """A request that keeps to the schema and breaks a rule nonetheless: what is wrong, by place."""

    def __init__(self, found: Details) -> None:
        super().__init__(422, summary(found))
        self.details = found


def key(headers: Mapping[str, str]) -> str:
    """Read the API key off the headers; raises Problem when there is none, and what `trials` says of it."""
    token = bearer(headers)
    if not token:
        raise Problem(Kind.UNAUTHORIZED)
    return try_key(token, AT_ONCE)


def refuse(error: Exception) -> Reply:
    """Say any refusal as Claid does; one for too many calls is wrapped once more."""
    said, headers = _said(error), error.headers if isinstance(error, Problem | Refusal) else {}
    if said.status == 429:  # noqa: PLR2004 - too many requests
        return Reply.json(429, {"detail": said.body}, headers or exceeded())
    return Reply.json(said.status, said.body, headers)


def _said(error: Exception) -> Said:
    match error:
        case InvalidError(details=found):
            return _invalid(found)
        case Refusal():
            return REFUSALS.get(str(error)) or Said(status=error.status, type=IMAGE, message=str(error))
        case UnknownJobError():
            return NOT_FOUND
        case Problem():
            return _problem(error)
    return PROBLEMS[Kind.BROKEN]


def _problem(problem: Problem) -> Said:
    match problem.kind:
        case Kind.BAD_FIELD:
            return _invalid(details(problem.faults) or {problem.place: [str(problem)]})
        case Kind.BAD_PARAMETER:
            return _invalid({problem.place: [WRONG_ID]})
        case Kind.UNSUPPORTED_TYPE:
            return _invalid({BODY: [WRONG_BODY]})
    return _filled(PROBLEMS[problem.kind], str(problem))


def _invalid(found: Details) -> Said:
    return Said(
        status=422, type="validation", message=summary(found), code="9000", details=found
    )  # documented


def _filled(said: Said, why: str) -> Said:
    return Said(
        status=said.status, type=said.type, message=said.message.replace("{why}", why), code=said.code
    )
