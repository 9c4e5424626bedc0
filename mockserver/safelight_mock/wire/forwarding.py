"""Forwarding headers of trusted reverse proxies: `Forwarded` (RFC 7239) or `X-Forwarded-*`."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import msgspec

from safelight_mock.wire.messages import Request

# One `name=value` and its separator: `;` before the next one of the same proxy, `,` before the next proxy.
PAIR = re.compile(
    r"""[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]*))[ \t]*)?([;,]|$)""", re.ASCII
)
SCHEMES = frozenset({"http", "https"})
REMEMBERED = 1_000


class ForwardedOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """The scheme and the host that a proxy received; empty: not forwarded."""

    scheme: str = ""
    host: str = ""


NOTHING = ForwardedOrigin()


class Proxies(msgspec.Struct, frozen=True, kw_only=True):
    """The peers whose forwarding headers are trusted; those of others could be forged."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, addresses: Iterable[str]) -> "Proxies":
        """Parse addresses and networks; raises ValueError."""
        return cls(networks=tuple(map(network, sorted(addresses))))

    def origin_of(self, request: Request) -> ForwardedOrigin:
        """Return what the peer of a request forwards, if it is trusted."""
        return _forwarded(request.headers) if _is_in(request.peer, self.networks) else NOTHING


def network(text: str) -> IPv4Network | IPv6Network:
    """Parse an address or a network; raises ValueError."""
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is not an IP address or network; use one such as 127.0.0.1 or 10.0.0.0/8"
        ) from error


@lru_cache(REMEMBERED)
def _is_in(peer: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:  # a socket without addresses
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:  # how a dual-stack socket reports IPv4
        address = address.ipv4_mapped
    return any(address in one for one in networks)


def _forwarded(headers: Mapping[str, str]) -> ForwardedOrigin:
    """Parse the headers; the last value counts, which the trusted proxy appended."""
    if "forwarded" in headers:
        pairs = _last(headers["forwarded"])
        scheme, host = pairs.get("proto", ""), pairs.get("host", "")
    else:
        scheme, host = (
            headers.get(f"x-forwarded-{name}", "").rpartition(",")[2].strip() for name in ("proto", "host")
        )
    return ForwardedOrigin(scheme=scheme.lower() if scheme.lower() in SCHEMES else "", host=host)


def _last(forwarded: str) -> Mapping[str, str]:
    """Return the pairs of the last proxy; none if the header is not valid by RFC 7239."""
    pairs: dict[str, str] = {}
    at, follows = 0, ","
    while follows:
        match = PAIR.match(forwarded, at)
        if match is None:
            return {}
        pairs = {} if follows == "," else pairs
        if match[1] is not None:
            pairs[match[1].lower()] = match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
        at, follows = match.end(), match[4]
    return pairs
