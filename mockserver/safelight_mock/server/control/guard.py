"""Who may drive a twin: somebody on this machine, and never a web page."""

from urllib.parse import urlsplit

from safelight_mock.server.loopback import is_here
from safelight_mock.wire.call import Call
from safelight_mock.wire.problem import Kind, Problem

# Headers of calls that a proxy or a tunnel on this machine has passed on for who knows whom.
PASSED_ON = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})


def check(call: Call) -> None:
    """Raise Problem unless a call may come in.

    A page that a browser shows could send calls too: its Origin tells, or, when a name it owns was made to
    lead here, its Host. A call that came through no socket has no peer, and is the test's own.
    """
    if not call.peer:
        return
    if not is_here(call.peer) or not PASSED_ON.isdisjoint(call.headers):
        raise Problem(Kind.FORBIDDEN, why="The control plane answers calls from this machine only.")
    if not is_here(_host(call.origin)):
        raise Problem(Kind.FORBIDDEN, why="Call the control plane by a loopback address, such as 127.0.0.1.")
    told = call.headers.get("origin", call.origin)
    if told != call.origin or call.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise Problem(Kind.FORBIDDEN, why="The control plane does not answer web pages.")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:  # a bracket that is not closed, or holds no address
        return ""
