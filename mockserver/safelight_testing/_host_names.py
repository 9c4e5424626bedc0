"""Names and addresses of hosts: their common form, and which ones are on this machine or internal."""

import socket
from collections.abc import Collection, Iterator
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from safelight_mock.config.arguments import check_list, check_type
from safelight_mock.wire.hosts import check_host

REMEMBERED = 1_000  # hosts: each request has one
# Not `ip_address.is_private`, which includes the networks for documentation (RFC 5737) that tests use.
INTERNAL = [
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        *("::/127", "fc00::/7", "fe80::/10"),
    )
]


def normal(host: object) -> str:
    """Return a host for comparison: lower case, ASCII, without a trailing dot or an IPv6 zone; else empty."""
    text = bytes(host).decode("latin-1") if isinstance(host, bytes | bytearray) else host
    return _normal(text) if isinstance(text, str) else ""


def allowed_hosts(name: str, hosts: Collection[str]) -> frozenset[str]:
    """Return hosts in their common form; ".example" is all below it.

    Raises TypeError, and ValueError for what is not a host, in errors that call the argument `name`.
    """
    check_list(name, hosts, "hosts")
    for host in hosts:
        check_type(f"a value of {name}", host, str, "a host")
        try:
            check_host(normal(host).removeprefix("."))
        except ValueError:
            allowed = "a name, an IP address, or .example for all names below it"
            raise ValueError(
                f"{name}: {host!r} is not a host; use {allowed}, without scheme, port and path"
            ) from None
    return frozenset(map(normal, hosts))


@lru_cache(REMEMBERED)
def _normal(text: str) -> str:
    try:
        name = text if text.isascii() else text.encode("idna").decode()
    except UnicodeError:
        return ""
    return _unmapped(name.strip("[]").partition("%")[0].rstrip(".").lower())


def _unmapped(name: str) -> str:
    """Return the IPv4 address of an IPv4-mapped IPv6 one (RFC 4291); anything else as it is."""
    try:
        address = ip_address(name)
    except ValueError:
        return name
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def is_among(name: str, hosts: frozenset[str]) -> bool:
    """Whether a name is one of the hosts, or below one that begins with a dot."""
    suffixes = (f".{name.split('.', dots)[-1]}" for dots in range(1, name.count(".") + 1))
    return name in hosts or not hosts.isdisjoint(suffixes)


@lru_cache(REMEMBERED)
def is_loopback(name: str) -> bool:
    """Whether it is a name or an address of loopback."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_this_machine(name: str) -> bool:
    """Whether it is loopback, the address of all interfaces, or this machine's own name."""
    return is_loopback(name) or name in ("0.0.0.0", "::") or name == socket.gethostname().lower()  # noqa: S104


def is_address(name: str) -> bool:
    """Whether it is an address, not a name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_public(name: str) -> bool:
    """Whether it is an address that a vendor may have; others need no look-up."""
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return not any(address in network for network in INTERNAL)


def addresses_in(value: object) -> Iterator[str]:
    """Yield the addresses in results of look-ups: texts, tuples and dicts of many shapes."""
    if isinstance(value, str):
        yield _unmapped(value.partition("%")[0].lower())
    elif isinstance(value, dict):
        yield from addresses_in(value.get("host"))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from addresses_in(part)
