"""What callers do that a service cannot tell them, because its answer looks all right."""

import msgspec

from safelight_mock.wire.messages import Request

# Headers that carry keys. A link to a file is a right in itself, and the file host is somebody else.
KEYS = {"x-api-key": "X-API-Key", "authorization": "Authorization"}
MOST = 100  # kept; the oldest go first


class CredentialLeak(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did, when in Unix seconds, and on which path; never the key itself."""

    what: str
    at: float
    path: str


def find_leak(request: Request) -> CredentialLeak | None:
    """Return what is wrong with a request of any kind, if anything is."""
    return leak_to_files(request) if request.is_for_files else None


def leak_to_files(request: Request) -> CredentialLeak | None:
    """Return what is wrong with a request to the file host."""
    sent = [name for header, name in KEYS.items() if header in request.headers]
    if not sent:
        return None
    return CredentialLeak(
        what=f"a key was sent to the file host ({', '.join(sent)})", at=request.at, path=request.path
    )
