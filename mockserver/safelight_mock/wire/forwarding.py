"""What a trusted reverse proxy says of the request it forwards: `Forwarded` (RFC 7239) or `X-Forwarded-*`."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import msgspec

from safelight_mock.wire.messages import Request

# One `name=value` and what follows it: `;` and the next of the same proxy, or `,` and the next proxy's.
PAIR = re.compile(
    r"""[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]*))[ \t]*)?([;,]|$)""", re.ASCII
)
SCHEMES = frozenset({"http", "https"})
REMEMBERED = 1_000


class ForwardedOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """The scheme and the host by which a proxy was called; empty: it does not say."""

    scheme: str = ""
    host: str = ""


NOTHING = ForwardedOrigin()


class Proxies(msgspec.Struct, frozen=True, kw_only=True):
    """The peers whose forwarding headers are heeded. Anyone else could write them, too."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, addresses: Iterable[str]) -> "Proxies":
        """Read addresses and networks; raises ValueError."""
        return cls(networks=tuple(map(network, sorted(addresses))))

    def seen_by(self, request: Request) -> ForwardedOrigin:
        """Return what the peer of a request says, if it is trusted."""
        return _seen(request.headers) if _is_in(request.peer, self.networks) else NOTHING


def network(text: str) -> IPv4Network | IPv6Network:
    """Read an address or a network; raises ValueError."""
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is not an IP address or network; use such as 127.0.0.1 or 10.0.0.0/8"
        ) from error


@lru_cache(REMEMBERED)
def _is_in(peer: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:  # a socket without addresses
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:  # as a socket for both families writes IPv4
        address = address.ipv4_mapped
    return any(address in one for one in networks)


def _seen(headers: Mapping[str, str]) -> ForwardedOrigin:
    """Read the headers: of several proxies, the last is the trusted one, which appended to what it got."""
    if "forwarded" in headers:
        told = _last(headers["forwarded"])
        scheme, host = told.get("proto", ""), told.get("host", "")
    else:
        scheme, host = (
            headers.get(f"x-forwarded-{name}", "").rpartition(",")[2].strip() for name in ("proto", "host")
        )
    return ForwardedOrigin(scheme=scheme.lower() if scheme.lower() in SCHEMES else "", host=host)


def _last(forwarded: str) -> Mapping[str, str]:
    """Read what the last proxy said; nothing, of a header that is not as RFC 7239 has it."""
    told: dict[str, str] = {}
    at, follows = 0, ","
    while follows:
        found = PAIR.match(forwarded, at)
        if found is None:
            return {}
        told = {} if follows == "," else told
        if found[1] is not None:
            told[found[1].lower()] = found[3] if found[2] is None else re.sub(r"\\(.)", r"\1", found[2])
        at, follows = found.end(), found[4]
    return told
