"""URLs in responses of a service, and the proxy's addresses in their place; they are kept in memory only."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

import msgspec

from safelight_mock.recording.secrets import URL, without_query
from safelight_mock.wire.messages import JSON

LINKS = "/_record/links/"
HOOKS = "/_record/hooks/"
MOST = 10_000  # links, and URLs of requests


class Link(msgspec.Struct, frozen=True):
    """A URL that a response had, and the job that the response was about."""

    url: str
    job: str


class Links:
    """The URLs of one service.

    `upstream` is the base URL of its API, `own` that of the proxy; `is_api` returns whether a path below
    belongs to the API. URLs of the client's own are not rewritten: the service repeats them.
    """

    def __init__(self, upstream: str, own: str, is_api: Callable[[str], bool]) -> None:
        self.upstream = upstream.rstrip("/")
        self.own = own.rstrip("/")
        self._is_api = is_api
        self._by_token: dict[str, Link] = {}
        self._tokens: dict[str, str] = {}
        self._sent: set[str] = set()
        self._digests: dict[str, str] = {}

    def note_sent(self, value: JSON) -> None:
        """Remember the URLs that a request has."""
        self._sent |= {text for text in texts(value) if URL.fullmatch(text) and len(self._sent) < MOST}

    def note_file(self, url: str, digest: str) -> None:
        """Remember which file a URL leads to."""
        self._digests[url] = self._digests[without_query(url)] = digest

    def digest_of(self, url: str) -> str:
        """Return the digest of the file that a URL leads to; empty if it was not downloaded whole."""
        return self._digests.get(url) or self._digests.get(without_query(url), "")

    def rewritten(self, value: JSON, job: str) -> JSON:
        """Return a body with the proxy's addresses in place of the service's."""
        if isinstance(value, Mapping):
            return {name: self.rewritten(one, job) for name, one in value.items()}
        if isinstance(value, list):
            return [self.rewritten(one, job) for one in value]
        return self.own_url(value, job) if isinstance(value, str) and URL.fullmatch(value) else value

    def own_url(self, url: str, job: str) -> str:
        """Return the address of the proxy for a URL; the same URL if it is the client's own."""
        below = self.below_api(url)
        if below is not None:
            return f"{self.own}{below}"
        if url in self._sent or (url not in self._tokens and len(self._tokens) >= MOST):
            return url
        token = self._tokens.setdefault(url, secrets.token_hex(8))
        self._by_token[token] = Link(url, job)
        parts = urlsplit(self.own)
        name = urlsplit(url).path.rpartition("/")[2]
        return f"{parts.scheme}://{parts.netloc}{LINKS}{token}/{name}"

    def below_api(self, url: str) -> str | None:
        """Return what follows the base URL of the API in a URL; None if it leads elsewhere."""
        below = url.removeprefix(self.upstream)
        is_below = below != url and self._is_api(below.partition("?")[0])
        return below if is_below else None

    def find(self, path: str) -> Link | None:
        """Return the link of a path of the proxy."""
        return self._by_token.get(path.removeprefix(LINKS).partition("/")[0])

    def has(self, url: str) -> bool:
        """Return whether a URL was rewritten."""
        return url in self._tokens


def is_link(header: str, value: str) -> bool:
    """Return whether the value of a response's header is a URL to follow: not the origin of a web page."""
    return URL.fullmatch(value) is not None and not header.startswith("access-control-")


def texts(value: JSON) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner:
        yield from texts(one)
