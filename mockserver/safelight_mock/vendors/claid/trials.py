"""Keys that are refused by what they begin with, so that every refusal of an account can be tried out."""

from collections.abc import Mapping

from safelight_mock.core.engine import Engine
from safelight_mock.wire.problem import Kind, Problem, Refusal

LIMITED = "limited"
UNFUNDED = "unfunded"
NEEDED = "image_editing"

# At any operation.
AT_ONCE: Mapping[str, Exception] = {
    "invalid": Problem(Kind.UNAUTHORIZED),
    "forbidden": Problem(Kind.FORBIDDEN),
    "noscope": Problem(Kind.FORBIDDEN),
    LIMITED: Refusal(429, LIMITED),
    "broken": Problem(Kind.BROKEN),
}


def try_scope(engine: Engine) -> None:
    """Raise Problem when an account's key was given permissions, and not that of editing images."""
    scopes = engine.sandbox.account.get("scopes", (NEEDED,))
    if not isinstance(scopes, tuple | list) or NEEDED not in scopes:
        raise Problem(Kind.FORBIDDEN)


def try_account(engine: Engine, key: str, images: int = 1) -> None:
    """Raise what a key is refused with where edits would be paid for: each image is one call."""
    if key.startswith(UNFUNDED) or not engine.affords(images):
        raise Refusal(402, UNFUNDED)
