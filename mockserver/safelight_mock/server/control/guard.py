"""Who may drive a twin: somebody on this machine, and never a web page."""

from urllib.parse import urlsplit

from safelight_mock.server.loopback import is_here
from safelight_mock.wire.call import Call
from safelight_mock.wire.problem import Kind, Problem


def check(call: Call) -> None:
    """Raise Problem unless a call may come in.

    A page that a browser shows could send calls too: its Origin tells, or, when a name it owns was made to
    lead here, its Host. A call that came through no socket has no peer, and is the test's own.
    """
    if not call.peer:
        return
    if not is_here(call.peer):
        raise Problem(Kind.FORBIDDEN, why="The control plane answers calls from this machine only.")
    if not is_here(urlsplit(call.origin).hostname or ""):
        raise Problem(Kind.FORBIDDEN, why="Call the control plane by a loopback address, such as 127.0.0.1.")
    told = call.headers.get("origin", call.origin)
    if told != call.origin or call.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise Problem(Kind.FORBIDDEN, why="The control plane does not answer web pages.")
