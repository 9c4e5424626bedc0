"""Decides what generated links begin with: those to the API and those to files."""

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from safelight_mock.config.services import Service
from safelight_mock.config.settings import Settings
from safelight_mock.wire.forwarding import NOTHING, Proxies
from safelight_mock.wire.listener import Listener
from safelight_mock.wire.messages import Request
from safelight_mock.wire.vendor import Vendor

HOST = r"[a-z0-9._-]+|\[[0-9a-f:.]+\]"
AUTHORITY = re.compile(rf"(?:{HOST})(?::[0-9]{{1,5}})?", re.IGNORECASE | re.ASCII)
URL = re.compile(rf"(https?)://({HOST})(?::([0-9]{{1,5}}))?(/.*)?", re.IGNORECASE | re.ASCII)
LONGEST = 261  # letters of an authority: 255 of a name, a colon, 5 of a port
REMEMBERED = 1_000  # combinations of headers and sockets
PORTS: Mapping[str, int] = {"http": 80, "https": 443}
LAST_PORT = 65_535
OWN = 0  # in the place of a port: the one this server listens on, which may be another after a restart


class VendorHosts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The host names of the vendors; in `files` a leading dot stands for every name below.

    Compared by identity: what is remembered by them is asked for at each call.
    """

    apis: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()

    def is_api(self, url: str) -> bool:
        """Whether this is the URL of a vendor's API."""
        return _host(url) in self.apis

    def is_vendors(self, url: str) -> bool:
        """Whether a request for this URL reaches a vendor, unless it is answered in process."""
        host = _host(url)
        return host in self.apis or any(
            host == name or (name.startswith(".") and host.endswith(name)) for name in self.files
        )


class BaseUrl(msgspec.Struct, frozen=True, kw_only=True):
    """A base URL as it is now, and as a job keeps it: there, port 0 is whichever this server listens on."""

    url: str
    kept: str


class BaseUrls(msgspec.Struct, frozen=True, kw_only=True):
    """The rules. docs/control.md has them as a table, whose rows are tests.

    `file_hosts` are the vendors' file hosts, as far as they are known, and `files_urls` the configured base
    URLs, where "" is for every vendor without an entry of its own.
    """

    names: VendorHosts = msgspec.field(default_factory=VendorHosts)
    file_hosts: Mapping[str, str] = msgspec.field(default_factory=dict)
    public_url: str = ""
    files_urls: Mapping[str, str] = msgspec.field(default_factory=dict)
    proxies: Proxies = msgspec.field(default_factory=Proxies)

    @classmethod
    def of(cls, settings: Settings, served: Mapping[str, Service]) -> "BaseUrls":
        """Return the rules for these vendors under these settings."""
        hosts = [(service.vendor, {service.host, service.api.host}) for service in served.values()]
        return replace(
            cls.of_hosts(hosts),
            public_url=settings.public_url.rstrip("/"),
            files_urls={slug: url.rstrip("/") for slug, url in settings.files_urls.items()},
            proxies=Proxies.of(settings.trusted_proxies),
        )

    @classmethod
    def of_hosts(cls, vendors: Collection[tuple[Vendor, AbstractSet[str]]]) -> "BaseUrls":
        """Return the rules for vendors whose APIs have these hosts, with nothing configured."""
        apis: frozenset[str] = frozenset().union(*(hosts for _, hosts in vendors)) - {""}
        files = tuple(name for vendor, _ in vendors for name in vendor.file_hosts)
        return cls(
            names=VendorHosts(apis=apis, files=files),
            file_hosts={vendor.slug: vendor.file_host for vendor, _ in vendors},
        )

    def of_call(self, request: Request) -> BaseUrl:
        """Return where this server is by a request, configuration aside.

        The host that a trusted proxy names comes first, then `Host`, then the address at which the socket was
        reached. A vendor's name is taken from no header: links with it would lead to the real service.
        """
        seen = self.proxies.origin_of(request) if self.proxies.networks else NOTHING
        named = (seen.host[: LONGEST + 1], request.headers.get("host", "")[: LONGEST + 1])
        return _base(self.names, named, seen.scheme, request.reached or request.origin, bool(request.peer))

    def of_job(self, kept: str, served: Listener) -> str:
        """Return where this server is by what a job has kept, configuration aside: no request asks now."""
        return self._resolved(kept, served.own, served.own)

    def files(self, vendor: str, kept: str, request: Request, served: Listener) -> str:
        """Return the base URL of links to the files of a job.

        `kept` is what the job has from the request that submitted it, `request` is the one that asks now, and
        `served` is where this server listens.
        """
        chosen = self.files_urls.get(vendor) or self.files_urls.get("")
        if chosen or self.public_url:
            return chosen or request.listener.files(self.public_url)
        base = self._resolved(kept, served.own, self.of_call(request).url)
        if self.names.is_api(base) and self.file_hosts.get(vendor):
            return f"https://{self.file_hosts[vendor]}"
        return (served if _port(kept) == OWN else request.listener).files(base)

    def files_of_all(self, served: Listener) -> str:
        """Return the base URL of links to files of vendors without one of their own."""
        return self.files_urls.get("") or served.files(self.public_url or served.own)

    def _resolved(self, kept: str, own: str, asking: str) -> str:
        """Return a kept base URL as it is now.

        One with a vendor's name was used in process. Where that is not so of who asks, links with it would
        leave the machine; the base URL of who asks takes its place.
        """
        if not kept or (asking and self.names.is_vendors(kept) and not self.names.is_vendors(asking)):
            return asking
        if _port(kept) != OWN:
            return kept
        return _with_port(kept, _port(own)) if own else asking or _with_port(kept, None)


@lru_cache(REMEMBERED)
def _base(
    names: VendorHosts,
    named: tuple[str, ...],
    scheme: str,
    reached: str,
    is_socket: bool,  # noqa: FBT001 - by position, as lru_cache remembers quickest
) -> BaseUrl:
    own, _, rest = reached.partition("://")
    place, slash, path = rest.partition("/")
    below = f"{slash}{path}"
    for authority in named:
        url = f"{scheme or own}://{authority}"
        if _is_authority(authority) and not names.is_vendors(url):
            return _of(url, below, reached, is_own=is_socket and not scheme)
    return _of(f"{own}://{place}", below, reached, is_own=is_socket and not names.is_vendors(reached))


def _of(url: str, below: str, reached: str, *, is_own: bool) -> BaseUrl:
    """Return a base URL; kept without its port, if that is the port of the socket that was reached."""
    is_own = is_own and _has_port(reached) and _port(url) == _port(reached)
    return BaseUrl(url=url + below, kept=(_with_port(url, OWN) if is_own else url) + below)


def _is_authority(text: str) -> bool:
    return len(text) <= LONGEST and bool(AUTHORITY.fullmatch(text)) and bool(_port(f"http://{text}"))


def _host(url: str) -> str:
    found = URL.fullmatch(url)
    return found[2].lower().rstrip(".") if found else ""


def _has_port(url: str) -> bool:
    found = URL.fullmatch(url)
    return found is not None and found[3] is not None


def _port(url: str) -> int | None:
    """Return the port of a URL, None if there is none that can be."""
    found = URL.fullmatch(url)
    port = None if found is None else int(found[3] or PORTS[found[1].lower()])
    return port if port is not None and port <= LAST_PORT else None


def _with_port(url: str, port: int | None) -> str:
    found = URL.fullmatch(url)
    if found is None:
        return url
    place = found[2] if port in (None, PORTS[found[1].lower()]) else f"{found[2]}:{port}"
    return f"{found[1]}://{place}{found[4] or ''}"
