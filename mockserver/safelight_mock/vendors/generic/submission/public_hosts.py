"""Which addresses a webhook may have: any HTTP URL or, as by services, only HTTPS on a public host.

Names are not resolved: one with a private address passes.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from safelight_mock.wire.messages import JSON

Address = IPv4Address | IPv6Address

LOCAL_NAMES = ("localhost", "metadata.google.internal")  # and all names below them
TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 addresses behind NAT64 (RFC 6052)
LAST_FOUR = 0xFFFFFFFF


def error_of_address(address: JSON, *, strict: bool) -> str:
    """Return why a URL cannot be that of a webhook; empty if it can, or without a URL."""
    if address is None:
        return ""
    try:
        parts = urlsplit(str(address))
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is not an address"
    if parts.scheme not in ("http", "https") or not host:
        return "it must be an HTTP address"
    if not strict:
        return ""
    if parts.scheme != "https":
        return "it must be an HTTPS address"
    return "" if is_public(host) else "its host must be publicly routable"


def is_public(host: str) -> bool:
    """Return whether a host is outside loopback, private networks and cloud metadata services."""
    name = host.lower().rstrip(".")
    if any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES):
        return False
    if not _is_number(name):
        return "." in name
    address = _address(name)
    return address is not None and _is_global(address)


def _is_number(name: str) -> bool:
    """Return whether a host is an IP address: with colons, or with a last label that begins with a digit."""
    return ":" in name or name.rpartition(".")[2][:1].isdigit()


def _address(name: str) -> Address | None:
    """Parse an IP address like resolvers: 127.1, 0x7f.1 and 2130706433 are all 127.0.0.1."""
    try:
        return ip_address(name.partition("%")[0] if ":" in name else socket.inet_aton(name))
    except (ValueError, OSError):
        return None


def _is_global(address: Address) -> bool:
    inner = _embedded_ipv4(address)
    if inner is not None:
        return _is_global(inner)
    return address.is_global and not address.is_multicast


def _embedded_ipv4(address: Address) -> IPv4Address | None:
    """Return the IPv4 address in an IPv6 one: NAT64, IPv4-mapped or 6to4."""
    if isinstance(address, IPv4Address):
        return None
    if address in TRANSLATED:
        return IPv4Address(int(address) & LAST_FOUR)
    return address.ipv4_mapped or address.sixtofour
