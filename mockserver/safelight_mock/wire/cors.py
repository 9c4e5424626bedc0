"""CORS (fetch.spec.whatwg.org): which web pages may call the vendors' APIs and read files.

The control plane is excluded: no page may control this server, whatever is configured.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from safelight_mock.wire.listener import CONTROL
from safelight_mock.wire.messages import Request, Response

ANY = "*"
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)  # of headers
API_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"  # of every path: the vendor itself rejects a wrong one
FILE_METHODS = "GET, HEAD"
MAX_AGE = "600"  # seconds for which a browser caches the preflight response

# A browser may serve a range from a whole file in its cache, with the exposed headers of the whole file
# (observed in Chromium 156).
CACHED = frozenset({"content-range"})

# CORS-safelisted response headers, which need not be exposed.
SAFELISTED = frozenset(
    {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    }
)


def origin(text: str) -> str:
    """Return an origin as browsers send it, without a default port; raises ValueError."""
    read = text.lower()
    for scheme, port in (("http", ":80"), ("https", ":443")):
        if read.startswith(f"{scheme}://"):
            read = read.removesuffix(port)
    if read != ANY and not ORIGIN.fullmatch(read):
        raise ValueError(
            f"{text!r} is not an origin; use scheme://host or scheme://host:port without a path, or * for all"
        )
    return read


class Cors(msgspec.Struct, frozen=True):
    """Allowed origins; none by default."""

    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, origins: Iterable[str]) -> "Cors":
        """Read origins; raises ValueError."""
        return cls(frozenset(map(origin, origins)))

    def preflight(self, request: Request) -> Response | None:
        """Return the response to a preflight request; None for other requests and for origins not allowed."""
        sent = request.headers
        is_preflight = request.method == "OPTIONS" and "access-control-request-method" in sent
        if not is_preflight or not self._allowed(request):
            return None
        headers = {
            "access-control-allow-methods": FILE_METHODS if request.is_for_files else API_METHODS,
            "access-control-max-age": MAX_AGE,
            "vary": "Access-Control-Request-Headers",
        }
        names = sent.get("access-control-request-headers", "")
        if NAMES.fullmatch(names):
            headers["access-control-allow-headers"] = names  # by name: `*` does not cover Authorization
        if sent.get("access-control-request-private-network") == "true":
            headers["access-control-allow-private-network"] = "true"
        return Response(status=204, headers=headers)

    def headers(self, request: Request, sent: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers of a response with those that allow a page to read it."""
        if not self.origins or not self._is_covered(request):
            return sent
        varies = () if ANY in self.origins else ("Origin",)
        vary = ", ".join(filter(None, (sent.get("vary", ""), *varies)))
        added = {"vary": vary} if vary else {}
        allowed = self._allowed(request)
        if allowed:
            added["access-control-allow-origin"] = allowed
            parts = CACHED if request.is_for_files else frozenset()
            added["access-control-expose-headers"] = ", ".join(sorted((sent.keys() | parts) - SAFELISTED))
        return {**sent, **added}

    def _allowed(self, request: Request) -> str:
        if not self.origins or not self._is_covered(request):
            return ""
        origin_ = request.headers.get("origin", "")
        return ANY if ANY in self.origins else origin_ if origin_ in self.origins else ""

    @staticmethod
    def _is_covered(request: Request) -> bool:
        return request.is_for_files or not request.path.startswith(CONTROL)
