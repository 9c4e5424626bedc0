"""API keys: read off a header, and refused by what they begin with."""

from collections.abc import Mapping

Refusals = Mapping[str, Exception]
"""What a key is refused with, by what it begins with."""


def bearer(headers: Mapping[str, str]) -> str:
    """Return the bearer token among headers, whose names are in lower case; nothing, if there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def try_key(key: str, refusals: Refusals) -> str:
    """Return a key, or raise the first of the refusals that is meant for it."""
    for prefix, refusal in refusals.items():
        if key.startswith(prefix):
            raise refusal.with_traceback(None)  # it is raised again and again, and would remember each time
    return key
