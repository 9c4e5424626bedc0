"""CORS (fetch.spec.whatwg.org): which pages of a browser may call the vendors' APIs and read files.

The control plane has no part in it: no page may drive this server, whatever is configured.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from safelight_mock.wire.listener import CONTROL
from safelight_mock.wire.messages import Request, Response

ANY = "*"
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)  # of headers
API_METHODS = (
    "GET, HEAD, POST, PUT, PATCH, DELETE"  # a wrong one is for the vendor to refuse, in its own words
)
FILE_METHODS = "GET, HEAD"
MAX_AGE = "600"  # seconds for which a browser need not ask again

# A browser makes a part itself from a whole file in its cache, and lets a page read of that what the
# whole file allowed (seen in Chromium 156).
CACHED = frozenset({"content-range"})

# A page can read these without being allowed to.
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
    """Return an origin as browsers send it; raises ValueError for what is none."""
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
    """The origins whose pages may call; none by default."""

    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, origins: Iterable[str]) -> "Cors":
        """Read origins; raises ValueError."""
        return cls(frozenset(map(origin, origins)))

    def preflight(self, request: Request) -> Response | None:
        """Answer what a browser asks before a call; None if this is another call, or of another page."""
        told = request.headers
        is_asked = request.method == "OPTIONS" and "access-control-request-method" in told
        if not is_asked or not self._allowed(request):
            return None
        headers = {
            "access-control-allow-methods": FILE_METHODS if request.is_for_files else API_METHODS,
            "access-control-max-age": MAX_AGE,
            "vary": "Access-Control-Request-Headers",
        }
        names = told.get("access-control-request-headers", "")
        if NAMES.fullmatch(names):
            headers["access-control-allow-headers"] = names  # by name: `*` does not stand for Authorization
        if told.get("access-control-request-private-network") == "true":
            headers["access-control-allow-private-network"] = "true"
        return Response(status=204, headers=headers)

    def headers(self, request: Request, sent: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers of a response, which were `sent` so far, with those that let a page read it."""
        if not self.origins or not self._is_covered(request):
            return sent
        varies = () if ANY in self.origins else ("Origin",)
        vary = ", ".join(filter(None, (sent.get("vary", ""), *varies)))
        told = {"vary": vary} if vary else {}
        allowed = self._allowed(request)
        if allowed:
            told["access-control-allow-origin"] = allowed
            parts = CACHED if request.is_for_files else frozenset()
            told["access-control-expose-headers"] = ", ".join(sorted((sent.keys() | parts) - SAFELISTED))
        return {**sent, **told}

    def _allowed(self, request: Request) -> str:
        if not self.origins or not self._is_covered(request):
            return ""
        asking = request.headers.get("origin", "")
        return ANY if ANY in self.origins else asking if asking in self.origins else ""

    @staticmethod
    def _is_covered(request: Request) -> bool:
        return request.is_for_files or not request.path.startswith(CONTROL)
