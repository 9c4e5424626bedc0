"""API keys sent to the file host: a leak that the response does not show."""

import msgspec

from safelight_mock.wire.messages import Request
from safelight_mock.wire.presigned_links import EVENTS

# A presigned link needs no key, and the file host is a third party, which must not receive one.
KEYS = {"x-api-key": "X-API-Key", "authorization": "Authorization"}
MOST = 100  # leaks recorded by a server; the oldest are dropped


class CredentialLeak(msgspec.Struct, frozen=True, kw_only=True):
    """A leak: what was sent (never the key itself), when in Unix seconds, and the path."""

    what: str
    at: float
    path: str


def find_leak(request: Request) -> CredentialLeak | None:
    """Return the leak of a request to any surface, or None."""
    return leak_to_files(request) if request.is_for_files else None


def leak_to_files(request: Request) -> CredentialLeak | None:
    """Return the leak of a request to the file host, or None; a stream of events is not a file."""
    if request.path.endswith(f"/{EVENTS}"):
        return None
    sent = [name for header, name in KEYS.items() if header in request.headers]
    if not sent:
        return None
    return CredentialLeak(
        what=f"a key was sent to the file host ({', '.join(sent)})", at=request.at, path=request.path
    )
