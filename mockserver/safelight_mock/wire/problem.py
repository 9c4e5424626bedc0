"""Why a request is rejected, by kind; each vendor renders it in its own way."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from safelight_mock.wire.violations import Violation


class Kind(StrEnum):
    """Kinds of rejections that are common to all vendors."""

    UNKNOWN_ROUTE = "no operation has this path"
    MOVED = "the path has slashes at its end that lead on to another one"
    WRONG_METHOD = "no operation of this path has this method"
    NOT_SERVED = "the operation is described but not served yet"
    UNAUTHORIZED = "no usable key"
    FORBIDDEN = "the key may not do this"
    LIMITED = "the key makes too many requests"
    NO_CREDITS = "the account has too few credits"
    UNKNOWN_JOB = "no job has this id"
    WRONG_STATE = "the job's state does not allow this"
    BAD_PARAMETER = "a path or query parameter is not as described"
    BAD_FIELD = "a body field is not as described"
    BAD_BODY = "the body cannot be read"
    UNSUPPORTED_TYPE = "the body is of a media type the operation does not take"
    TOO_LARGE = "the body is larger than allowed"
    TOO_SLOW = "the body did not arrive in time"
    NO_ROOM = "a limit of the mock server is reached"
    STOPPING = "the mock server is being stopped"
    BROKEN = "the mock server has a bug"


# Responses of the mock server itself, which a vendor's document need not describe.
TWIN_ONLY = frozenset(
    {
        Kind.UNKNOWN_ROUTE,
        Kind.MOVED,
        Kind.WRONG_METHOD,
        Kind.NOT_SERVED,
        Kind.TOO_SLOW,
        Kind.NO_ROOM,
        Kind.STOPPING,
        Kind.BROKEN,
    }
)


# Kinds whose responses have a body; a redirect has none.
WITH_BODY = frozenset(Kind) - {Kind.MOVED}


class Problem(Exception):  # noqa: N818 - a rejection, not an error of ours
    """A rejected request: kind, name of the parameter or field, and a message, which vendors may send.

    - `reason`: what the request log and the control plane say; the message if it is missing
    - `violations`: all rules that a body breaks, for vendors that report more than the first
    - `headers`: those of the response
    """

    def __init__(  # noqa: PLR0913 - all but the first are optional
        self,
        kind: Kind,
        *,
        field: str = "",
        detail: str = "",
        reason: str = "",
        violations: Sequence[Violation] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or f"{kind}{f': {field}' if field else ''}")
        self.kind = kind
        self.reason: str = reason or str(self)
        self.field = field
        self.violations = violations
        self.headers: Mapping[str, str] = headers or {}


def stopping() -> Problem:
    """Return the rejection of what cannot be finished because the server is shutting down."""
    return Problem(Kind.STOPPING, detail="The mock server is being stopped.")


class VendorError(Exception):
    """A rejection that one vendor alone has: status, message, headers and parts of the body."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        parts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers: Mapping[str, str] = headers or {}
        self.parts: Mapping[str, object] = parts or {}
