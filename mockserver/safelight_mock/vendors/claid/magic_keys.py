"""Keys that are refused by what they begin with, so that every refusal of an account can be tried out."""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.wire.messages import Call
from safelight_mock.wire.problem import Kind, Problem, Refusal
from safelight_mock.wire.vendor import Plain

LIMITED = "limited"
UNFUNDED = "unfunded"
UNSCOPED = "noscope"
NEEDED = "image_editing"

# At any operation.
AT_ONCE: Mapping[str, Exception] = {
    "invalid": Problem(Kind.UNAUTHORIZED),
    "forbidden": Problem(Kind.FORBIDDEN),
    LIMITED: Refusal(429, LIMITED),
    "broken": Problem(Kind.BROKEN),
}


def permit(key: str, method: str, options: Mapping[str, Plain]) -> None:
    """Raise Problem for a key that by its name lacks the permission to edit images, where that is needed."""
    if key.startswith(UNSCOPED) and _is_needed(method, options):
        raise Problem(Kind.FORBIDDEN)


def try_scope(engine: Engine, call: Call) -> None:
    """Raise Problem when an account's key was given permissions, and not the one that is needed."""
    scopes = engine.sandbox.account.get("scopes", (NEEDED,))
    has_scope = isinstance(scopes, tuple | list) and NEEDED in scopes
    if not has_scope and _is_needed(call.method, call.options):
        raise Problem(Kind.FORBIDDEN)


def _is_needed(method: str, options: Mapping[str, Plain]) -> bool:
    """Tell whether a call needs the permission: for a POST the document names none as an alternative."""
    return method != "POST" or bool(options["post_needs_scope"])


def try_account(engine: Engine, key: str, images: int = 1) -> None:
    """Raise what a key is refused with where edits would be paid for: each image is one call."""
    if key.startswith(UNFUNDED) or not engine.affords(images):
        raise Refusal(402, UNFUNDED)
