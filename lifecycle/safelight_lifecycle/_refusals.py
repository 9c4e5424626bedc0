"""How an API refuses requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from safelight_lifecycle._pointers import JSON, parse_pointer
from safelight_lifecycle._values import Pointer


class RefusalKind(StrEnum):
    """Why a request is refused."""

    UNKNOWN = "unknown"
    UNAUTHORIZED = "unauthorized"
    EARLY = "early"
    LATE = "late"
    FAILED = "failed"
    MOVED = "moved"
    INVALID = "invalid"
    LIMITED = "limited"
    UNPAID = "unpaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The status of an error response, and what is written into its body."""

    status: int
    write: Mapping[Pointer, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """The error responses of an API, as far as they are described.

    `message` is the pointer of the text in an error body.
    """

    message: Pointer | None = None
    kinds: Mapping[RefusalKind, Refusal] = field(default_factory=dict)


def read_refusals(node: JSON) -> Refusals:
    """Return the refusals; raises ValueError for a kind that does not exist."""
    node = node or {}
    message = node.get("message")
    kinds = {RefusalKind(kind): _refusal(one) for kind, one in node.items() if kind != "message"}
    return Refusals(message=None if message is None else parse_pointer(message), kinds=kinds)


def _refusal(node: JSON) -> Refusal:
    if isinstance(node, int):
        return Refusal(status=node)
    members = {parse_pointer(pointer): value for pointer, value in node.get("write", {}).items()}
    return Refusal(status=node["status"], write=members)
