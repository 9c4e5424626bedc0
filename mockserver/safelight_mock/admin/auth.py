"""Access to the control plane: loopback or token, and never a web page."""

import hmac

from safelight_mock.webhooks.messages import INBOX
from safelight_mock.wire.hosts import host_in, is_loopback
from safelight_mock.wire.messages import Request
from safelight_mock.wire.problem import Kind, Problem

HEALTH = "/_safelight/health"

# Headers that proxies, tunnels and content delivery networks add. With one of them a request comes from
# another machine although its peer is loopback.
FORWARDED = frozenset(
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
FORWARDED_PREFIXES = (
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


def check(request: Request, token: str) -> None:
    """Raise Problem for a request that may not control the server.

    A request that came through no socket (in-process transports) is always accepted. With a token, every
    request needs it, except POSTs to inboxes from loopback (webhook senders have no token) and the health
    check. Without a token, loopback alone is accepted.
    """
    if not request.peer:
        return
    _reject_web_pages(request)
    if token and (bears(request, token) or request.path == HEALTH):
        return
    if token and not _is_message(request):
        sent = "this is not the token" if request.headers.get("authorization") else "there is no token"
        raise Problem(
            Kind.UNAUTHORIZED, detail=f"{sent}: send Authorization: Bearer TOKEN, with the --control-token"
        )
    _reject_other_machines(request)
    _reject_dns_rebinding(request)


def bears(request: Request, token: str) -> bool:
    """Return whether a request has the token, compared in constant time."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    is_equal = hmac.compare_digest(credentials.strip().encode(), token.encode())
    return bool(token) and is_equal and scheme.lower() == "bearer"


def _reject_web_pages(request: Request) -> None:
    """Reject cross-site requests of a browser (CSRF), which reach loopback from any page, by Origin."""
    origin = request.headers.get("origin", request.origin)
    if origin != request.origin or request.headers.get("sec-fetch-site", "none") not in (
        "none",
        "same-origin",
    ):
        raise Problem(Kind.FORBIDDEN, detail="requests from web pages are rejected; use a program instead")


def _reject_other_machines(request: Request) -> None:
    if not is_loopback(request.peer) or any(map(_is_forwarding, request.headers)):
        why = "requests from other machines need a bearer token, the one of --control-token"
        raise Problem(Kind.FORBIDDEN, detail=why)


def _reject_dns_rebinding(request: Request) -> None:
    """Reject a Host that is not loopback: a page's own name that was made to resolve to this machine.

    The page's requests then have the same origin as this server, so that their Origin shows nothing.
    """
    if not is_loopback(host_in(request.headers.get("host", "")) or ""):  # also without a Host (HTTP/1.0)
        host = request.headers.get("host", "")
        raise Problem(
            Kind.FORBIDDEN, detail=f"Host {host[:100]!r} is not loopback; use http://127.0.0.1:PORT"
        )


def _is_message(request: Request) -> bool:
    return request.method == "POST" and request.path.startswith(INBOX)


def _is_forwarding(name: str) -> bool:
    return name in FORWARDED or name.startswith(FORWARDED_PREFIXES)
