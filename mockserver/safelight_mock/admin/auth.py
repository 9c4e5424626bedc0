"""Who may drive a twin: somebody on this machine or who has its token, and never a web page."""

import hmac

from safelight_mock.webhooks.outbox import INBOX
from safelight_mock.wire.hosts import host_in, is_here
from safelight_mock.wire.messages import Request
from safelight_mock.wire.problem import Kind, Problem

HEALTH = "/_safelight/health"

# Fields that proxies, tunnels and content delivery networks add to what they pass on. With one of them a call
# comes from somewhere else, although the peer is on this machine.
PASSED_ON = frozenset(
    {
        "cdn-loop",
        "client-ip",
        "do-connecting-ip",
        "forwarded",
        "forwarded-for",
        "front-end-https",
        "incap-client-ip",
        "proxy-connection",
        "surrogate-capability",
        "true-client-ip",
        "via",
        "x-amzn-trace-id",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-forwarded",
        "x-host",
        "x-http-forwarded-for",
        "x-nf-client-connection-ip",
        "x-proxyuser-ip",
        "x-real-ip",
        "x-remote-addr",
        "x-remote-ip",
        "x-scheme",
        "x-sucuri-clientip",
        "x-url-scheme",
        "x-varnish",
    }
)
FAMILIES = (
    "akamai-",
    "cf-",
    "cloudfront-",
    "fastly-",
    "fly-",
    "ngrok-",
    "tailscale-",
    "x-appengine-",
    "x-arr-",
    "x-azure-",
    "x-envoy-",
    "x-forwarded-",
    "x-original-",
    "x-vercel-",
)


def check(call: Request, token: str) -> None:
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


def bears(call: Request, token: str) -> bool:
    """Tell whether a call bears the twin's token; how long that takes tells nothing of the token."""
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    is_right = hmac.compare_digest(given.strip().encode(), token.encode())
    return bool(token) and is_right and scheme.lower() == "bearer"


def _refuse_pages(call: Request) -> None:
    """Refuse a page that a browser shows, which could send calls too: its Origin tells.

    Where a name it owns was made to lead here, its Host tells, or it has no token.
    """
    told = call.headers.get("origin", call.origin)
    if told != call.origin or call.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise Problem(Kind.FORBIDDEN, why="The control plane does not answer web pages.")


def _refuse_strangers(call: Request) -> None:
    if not is_here(call.peer) or any(map(_is_passed_on, call.headers)):
        raise Problem(Kind.FORBIDDEN, why="The control plane answers calls from this machine only.")
    if not is_here(host_in(call.headers.get("host", "")) or ""):  # a call without a Host names nothing
        raise Problem(Kind.FORBIDDEN, why="Call the control plane by a loopback address, such as 127.0.0.1.")


def _is_letter(call: Request) -> bool:
    return call.method == "POST" and call.path.startswith(INBOX)


def _is_passed_on(name: str) -> bool:
    return name in PASSED_ON or name.startswith(FAMILIES)
