"""Base URLs of generated links, to the API and to files."""

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from safelight_mock.config.services import Service
from safelight_mock.config.settings import Settings
from safelight_mock.wire.forwarding import NOTHING, Proxies
from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.listener import Listener, loopback_urls
from safelight_mock.wire.messages import Request
from safelight_mock.wire.vendor import Vendor

HOST = r"[a-z0-9._-]+|\[[0-9a-f:.]+\]"
AUTHORITY = re.compile(rf"(?:{HOST})(?::[0-9]{{1,5}})?", re.IGNORECASE | re.ASCII)
URL = re.compile(rf"(https?)://({HOST})(?::([0-9]{{1,5}}))?(/.*)?", re.IGNORECASE | re.ASCII)
LONGEST = 261  # characters of an authority: 255 of a name, a colon, 5 of a port
REMEMBERED = 1_000  # combinations of headers and sockets cached
PORTS: Mapping[str, int] = {"http": 80, "https": 443}
LAST_PORT = 65_535
OWN = 0  # instead of a port: the one this server listens on, which may change at a restart


class VendorHosts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Host names of the vendors; in `files` a leading dot covers every name below.

    `eq=False`: compared by identity, because it is a key of a cache that each request looks up.
    """

    apis: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()

    def is_api(self, url: str) -> bool:
        """Whether a URL is on the host of a vendor's API."""
        return _host(url) in self.apis

    def is_vendors(self, url: str) -> bool:
        """Whether a URL is on a host of a vendor: over a network it would reach the real service."""
        host = _host(url)
        return host in self.apis or any(
            host == name or (name.startswith(".") and host.endswith(name)) for name in self.files
        )


class BaseUrl(msgspec.Struct, frozen=True, kw_only=True):
    """A base URL as it is now, and as a job stores it: there, port 0 is the port of this server."""

    url: str
    kept: str


class BaseUrls(msgspec.Struct, frozen=True, kw_only=True):
    """The rules for base URLs. docs/control.md has them as a table, whose rows are tests.

    `file_hosts`: the vendors' file hosts, as far as known. `files_urls`: configured base URLs by vendor; ""
    is for vendors without an entry.
    """

    names: VendorHosts = msgspec.field(default_factory=VendorHosts)
    file_hosts: Mapping[str, str] = msgspec.field(default_factory=dict)
    public_url: str = ""
    files_urls: Mapping[str, str] = msgspec.field(default_factory=dict)
    proxies: Proxies = msgspec.field(default_factory=Proxies)

    @classmethod
    def of(cls, settings: Settings, served: Mapping[str, Service]) -> "BaseUrls":
        """Return the rules for vendors under settings."""
        programmed = [one for one in served.values() if one.served.facts is None]
        rules = cls.of_hosts([(one.served.vendor, one.hosts) for one in programmed])
        apis = frozenset().union(*(one.hosts for one in served.values()))
        remote = frozenset(host for host in apis if not is_loopback(host))  # no other service is at loopback
        return replace(
            rules,
            names=replace(rules.names, apis=remote),
            public_url=settings.public_url.rstrip("/"),
            files_urls={slug: url.rstrip("/") for slug, url in settings.files_urls.items()},
            proxies=Proxies.of(settings.trusted_proxies),
        )

    @classmethod
    def of_hosts(cls, vendors: Collection[tuple[Vendor, AbstractSet[str]]]) -> "BaseUrls":
        """Return the rules for vendors whose APIs have these hosts, without settings."""
        apis: frozenset[str] = frozenset().union(*(hosts for _, hosts in vendors)) - {""}
        files = tuple(name for vendor, _ in vendors for name in vendor.file_hosts)
        return cls(
            names=VendorHosts(apis=apis, files=files),
            file_hosts={vendor.slug: vendor.file_host for vendor, _ in vendors},
        )

    def of_request(self, request: Request) -> BaseUrl:
        """Return the base URL of a request, without the settings.

        It is that of a trusted proxy's forwarding headers, of the Host header, or of the socket. The host of
        a vendor in a header is ignored: links with it would lead to the real service.
        """
        forwarded = self.proxies.origin_of(request) if self.proxies.networks else NOTHING
        named = (forwarded.host[: LONGEST + 1], request.headers.get("host", "")[: LONGEST + 1])
        return _base(
            self.names, named, forwarded.scheme, request.reached or request.origin, bool(request.peer)
        )

    def of_job(self, kept: str, served: Listener) -> str:
        """Return the base URL of a job for links that belong to no request, without the settings."""
        return _resolved(self.names, kept, served.own, served.own)

    def path_here(self, url: str, base: str, served: Listener) -> str:
        """Return the path of a URL below a base URL, or another of this server; empty if it is below none."""
        for own in (base, self.public_url, *loopback_urls(served.own)):
            if url.startswith(f"{own}/"):
                return url.removeprefix(own)
        return ""

    def files(self, vendor: str, kept: str, request: Request, served: Listener) -> str:
        """Return the base URL of links to the files of a job.

        `kept`: as the job stores it from the request that submitted it; `request`: the one that gets the
        link; `served`: the listener of this server.
        """
        chosen = self.files_urls.get(vendor) or self.files_urls.get("")
        if chosen or self.public_url:
            return chosen or request.listener.files(self.public_url)
        base = _resolved(self.names, kept, served.own, self.of_request(request).url)
        if self.names.is_api(base) and self.file_hosts.get(vendor):
            return f"https://{self.file_hosts[vendor]}"
        return (served if _port(kept) == OWN else request.listener).files(base)

    def files_of_all(self, served: Listener) -> str:
        """Return the base URL of links to files of vendors without one of their own."""
        return self.files_urls.get("") or served.files(self.public_url or served.own)


@lru_cache(REMEMBERED)
def _resolved(names: VendorHosts, kept: str, own: str, current: str) -> str:
    """Return a stored base URL as it is now.

    One with a vendor's host is from an in-process client. For a request over the network, links with it would
    lead to the real service, so the base URL of that request replaces it.
    """
    if not kept or (current and names.is_vendors(kept) and not names.is_vendors(current)):
        return current
    if _port(kept) != OWN:
        return kept
    return _with_port(kept, _port(own)) if own else current or _with_port(kept, None)


@lru_cache(REMEMBERED)
def _base(
    names: VendorHosts,
    named: tuple[str, ...],
    scheme: str,
    reached: str,
    is_socket: bool,  # noqa: FBT001 - positional: lru_cache is faster without keywords
) -> BaseUrl:
    own, _, rest = reached.partition("://")
    socket_, slash, path = rest.partition("/")
    below = f"{slash}{path}"
    for authority in named:
        url = f"{scheme or own}://{authority}"
        if _is_authority(authority) and not names.is_vendors(url):
            return _of(url, below, reached, is_own=is_socket and not scheme)
    return _of(f"{own}://{socket_}", below, reached, is_own=is_socket and not names.is_vendors(reached))


def _of(url: str, below: str, reached: str, *, is_own: bool) -> BaseUrl:
    """Return a base URL; stored without its port if it is the port of the socket."""
    is_own = is_own and _has_port(reached) and _port(url) == _port(reached)
    return BaseUrl(url=url + below, kept=(_with_port(url, OWN) if is_own else url) + below)


def _is_authority(text: str) -> bool:
    return len(text) <= LONGEST and bool(AUTHORITY.fullmatch(text)) and bool(_port(f"http://{text}"))


def _host(url: str) -> str:
    match = URL.fullmatch(url)
    return match[2].lower().rstrip(".") if match else ""


def _has_port(url: str) -> bool:
    match = URL.fullmatch(url)
    return match is not None and match[3] is not None


def _port(url: str) -> int | None:
    """Return the port of a URL, None if it is invalid."""
    match = URL.fullmatch(url)
    port = None if match is None else int(match[3] or PORTS[match[1].lower()])
    return port if port is not None and port <= LAST_PORT else None


def _with_port(url: str, port: int | None) -> str:
    match = URL.fullmatch(url)
    if match is None:
        return url
    authority = match[2] if port in (None, PORTS[match[1].lower()]) else f"{match[2]}:{port}"
    return f"{match[1]}://{authority}{match[4] or ''}"
