"""Who may drive a twin: somebody on this machine or who has its token, and never a web page."""

import hmac
from urllib.parse import urlsplit

from safelight_mock.server.loopback import is_here
from safelight_mock.server.outbox import INBOX
from safelight_mock.wire.call import Call
from safelight_mock.wire.problem import Kind, Problem

HEALTH = "/_safelight/health"

# Headers of calls that a proxy or a tunnel on this machine has passed on for who knows whom.
PASSED_ON = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})


def check(call: Call, token: str) -> None:
    """Raise Problem unless a call may come in. One that came through no socket is the test's own.

    With a token every caller is asked for it, wherever he is, but who sends a letter from this machine, for
    those who send webhooks have no token, and who asks after the twin's health. Without one, nobody but this
    machine may call.
    """
    if not call.peer:
        return
    _refuse_pages(call)
    if token and (bears(call, token) or call.path == HEALTH):
        return
    if token and not _is_letter(call):
        raise Problem(Kind.UNAUTHORIZED, why="The control plane asks for Authorization: Bearer TOKEN.")
    _refuse_strangers(call)


def bears(call: Call, token: str) -> bool:
    """Tell whether a call bears the twin's token; how long that takes tells nothing of the token."""
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    is_right = hmac.compare_digest(given.strip().encode(), token.encode())
    return bool(token) and is_right and scheme.lower() == "bearer"


def _refuse_pages(call: Call) -> None:
    """Refuse a page that a browser shows, which could send calls too: its Origin tells.

    Where a name it owns was made to lead here, its Host tells, or it has no token.
    """
    told = call.headers.get("origin", call.origin)
    if told != call.origin or call.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise Problem(Kind.FORBIDDEN, why="The control plane does not answer web pages.")


def _refuse_strangers(call: Call) -> None:
    if not is_here(call.peer) or not PASSED_ON.isdisjoint(call.headers):
        raise Problem(Kind.FORBIDDEN, why="The control plane answers calls from this machine only.")
    if not is_here(_host(call.origin)):
        raise Problem(Kind.FORBIDDEN, why="Call the control plane by a loopback address, such as 127.0.0.1.")


def _is_letter(call: Call) -> bool:
    return call.method == "POST" and call.path.startswith(INBOX)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:  # a bracket that is not closed, or holds no address
        return ""
