"""How an API refuses requests."""

from collections.abc import Mapping
from enum import StrEnum

from safelight_lifecycle._pointers import JSON, parse_pointer
from safelight_lifecycle._record import EMPTY, Record
from safelight_lifecycle._values import Pointer


class RefusalKind(StrEnum):
    """Why a request is refused."""

    UNKNOWN = "unknown"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    EARLY = "early"
    LATE = "late"
    FAILED = "failed"
    MOVED = "moved"
    INVALID = "invalid"
    PARAMETER = "parameter"
    MEDIA = "media"
    LARGE = "large"
    ROUTE = "route"
    LIMITED = "limited"
    UNPAID = "unpaid"


class Refusal(Record):
    """The status of an error response, what is written into its body, and its text.

    `message` has `{name}` of the parameter or field, `{problem}` and `{request}` (method and path). `of` has
    the texts for parameters and fields of these names instead.
    """

    status: int
    write: Mapping[Pointer, JSON] = EMPTY
    message: str = ""
    of: Mapping[str, str] = EMPTY


class Refusals(Record):
    """The error responses of an API, as far as they are described.

    `message` is the pointer of the text in an error body, `phrase` that of the name of the status, which is
    left out where the text ends with it. `problems` has texts by the keyword of JSON Schema that a field
    breaks, with `{values}` for the keyword's value.
    """

    message: Pointer | None = None
    phrase: Pointer | None = None
    problems: Mapping[str, str] = EMPTY
    kinds: Mapping[RefusalKind, Refusal] = EMPTY


def read_refusals(node: JSON) -> Refusals:
    """Return the refusals; raises ValueError for a kind that does not exist."""
    node = node or {}
    kinds = {RefusalKind(kind): _refusal(one) for kind, one in node.items() if kind not in _SHARED}
    return Refusals(
        message=_pointer(node.get("message")),
        phrase=_pointer(node.get("phrase")),
        problems=_texts(node.get("problems")),
        kinds=kinds,
    )


_SHARED = ("message", "phrase", "problems")


def _pointer(text: str | None) -> Pointer | None:
    return None if text is None else parse_pointer(text)


def _refusal(node: JSON) -> Refusal:
    if isinstance(node, int):
        return Refusal(status=node)
    members = {parse_pointer(pointer): value for pointer, value in node.get("write", {}).items()}
    return Refusal(
        status=node["status"], write=members, message=node.get("message", ""), of=_texts(node.get("of"))
    )


def _texts(node: JSON) -> Mapping[str, str]:
    return {name: str(text) for name, text in (node or {}).items()}
