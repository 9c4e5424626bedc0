"""Names and addresses of hosts: what a Host field has, and which of them are this machine."""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

HOSTS = 1_000  # values remembered
LONGEST = 300  # characters; a name in the DNS has at most 253

# RFC 9110, section 7.2, by RFC 3986, section 3.2: no user, and a name that may be empty.
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::[0-9]*)?", re.ASCII)


def host_in(field: str) -> str | None:
    """Return the name or address in a Host field, without brackets or port; None if it is not valid."""
    return _host_in(field) if len(field) <= LONGEST else None


@lru_cache(HOSTS)
def _host_in(field: str) -> str | None:
    match = HOST.fullmatch(field)
    return match[1].strip("[]") if match else None


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    return len(host) <= LONGEST and _is_loopback(host)


@lru_cache(HOSTS)
def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
