"""Allowed hosts and addresses of outgoing requests (SSRF, DNS rebinding).

A host is checked by its name before it is resolved. It is resolved once, each address is checked, and the
connection is made to a checked address: later answers of the DNS have no effect.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from safelight_mock.wire.hosts import is_loopback

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
LOOPBACK = "localhost"  # if listed, all loopback addresses are allowed

IpAddress = IPv4Address | IPv6Address
LookUp = Callable[[str], Iterable[str]]
"""Returns the addresses of a host; raises OSError or UnicodeError."""


class AllowedHosts:
    """The hosts that one kind of outgoing request may reach: `hosts`, and loopback while `is_alone()`.

    `is_alone` returns whether only this machine can reach the server. Otherwise another machine could use it
    to reach services on loopback, so loopback has to be listed like any other host.
    """

    def __init__(
        self, hosts: AbstractSet[str], is_alone: Callable[[], bool], look_up: LookUp | None = None
    ) -> None:
        self._listed = frozenset(map(canonical, hosts))
        self._is_alone = is_alone
        self._look_up = look_up or _look_up

    def admits(self, host: str) -> bool:
        """Return whether a host is allowed by its name or literal address."""
        name = canonical(host)
        return name in self._listed or (is_loopback(name) and self._has_loopback())

    def addresses(self, host: str) -> Sequence[str]:
        """Resolve an allowed host; return its allowed addresses, the preferred one first.

        Raises OSError or UnicodeError for an unknown or invalid name.
        """
        is_listed = canonical(host) in self._listed
        resolved = dict.fromkeys(self._look_up(host))
        return [one for one in resolved if self._is_allowed(_embedded(ip_address(one)), is_listed=is_listed)]

    def _is_allowed(self, address: IpAddress, *, is_listed: bool) -> bool:
        if str(address) in self._listed:
            return True
        if address.is_loopback or address.is_unspecified:  # 0.0.0.0 connects to this machine
            return self._has_loopback()
        special = address.is_link_local or address.is_multicast or address.is_reserved
        return is_listed and not special  # a listed name may have a private address, as of a container

    def _has_loopback(self) -> bool:
        return LOOPBACK in self._listed or self._is_alone()


def canonical(host: str) -> str:
    """Return the canonical form of a host: lower case, no trailing dot, an embedded IPv4 address as such."""
    name = host.strip("[]").lower()
    with suppress(ValueError):
        return str(_embedded(ip_address(name)))
    with suppress(UnicodeError):  # a name that cannot be resolved cannot be reached
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    return name.removesuffix(".")


def _embedded(address: IpAddress) -> IpAddress:
    """Return the IPv4 address of a NAT64, IPv4-mapped or 6to4 address; others as they are."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _look_up(host: str) -> Iterable[str]:
    entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return (str(address[0]) for _, _, _, _, address in entries)
