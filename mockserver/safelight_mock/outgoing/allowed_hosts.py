"""Which hosts outgoing requests may go to, and at which addresses: judged again for what a name leads to.

A host is admitted by its name, before anything is looked up. It is then looked up once, each address is
judged, and the connection is made to an address that passed: what the DNS answers later changes nothing.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from safelight_mock.wire.hosts import is_loopback

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
LOOPBACK = "localhost"  # listed, it stands for every loopback address

Address = IPv4Address | IPv6Address
LookUp = Callable[[str], Iterable[str]]
"""Returns the addresses of a host; raises OSError or UnicodeError."""


class AllowedHosts:
    """What one kind of outgoing request reaches: `hosts`, and this machine as long as `is_alone`.

    `is_alone` returns whether this machine alone reaches the twin. Where others do, they could have it call
    what listens on its machine for nobody else, so this machine has to be listed like any other host.
    """

    def __init__(
        self, hosts: AbstractSet[str], is_alone: Callable[[], bool], look_up: LookUp | None = None
    ) -> None:
        self._listed = frozenset(map(canonical, hosts))
        self._is_alone = is_alone
        self._look_up = look_up or _look_up

    def admits(self, host: str) -> bool:
        """Return whether a host may be reached, by its name or literal address."""
        name = canonical(host)
        return name in self._listed or (is_loopback(name) and self._has_loopback())

    def addresses(self, host: str) -> Sequence[str]:
        """Look an admitted host up; return the addresses of it that may be reached, the preferred one first.

        Raises OSError or UnicodeError when there is no such host.
        """
        is_listed = canonical(host) in self._listed
        found = dict.fromkeys(self._look_up(host))
        return [one for one in found if self._may_reach(_embedded(ip_address(one)), is_listed=is_listed)]

    def _may_reach(self, address: Address, *, is_listed: bool) -> bool:
        if str(address) in self._listed:
            return True
        if address.is_loopback or address.is_unspecified:  # 0.0.0.0 connects to this machine
            return self._has_loopback()
        special = address.is_link_local or address.is_multicast or address.is_reserved
        return is_listed and not special  # a listed name may be a private address: containers' are

    def _has_loopback(self) -> bool:
        return LOOPBACK in self._listed or self._is_alone()


def canonical(host: str) -> str:
    """Return the one spelling of a host: lower case, no final dot, an embedded IPv4 address as such."""
    name = host.strip("[]").lower()
    with suppress(ValueError):
        return str(_embedded(ip_address(name)))
    with suppress(UnicodeError):  # a name that cannot be looked up is none that anything leads to
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    return name.removesuffix(".")


def _embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address leads to, if it is of such a kind."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _look_up(host: str) -> Iterable[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return (str(address[0]) for _, _, _, _, address in found)
