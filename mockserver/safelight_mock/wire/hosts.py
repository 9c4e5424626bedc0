"""Names and addresses of hosts: parsing the Host header, and which hosts are loopback."""

import re
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

HOSTS = 1_000  # values cached
LONGEST = 300  # characters; a name in the DNS has at most 253

# RFC 9110, section 7.2, and RFC 3986, section 3.2: no user; the name may be empty.
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::[0-9]*)?", re.ASCII)

NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.?")  # also of containers (underscores), and in Unicode


def host_in(field: str) -> str | None:
    """Return the name or address in a Host field, without brackets or port; None if it is not valid."""
    return _host_in(field) if len(field) <= LONGEST else None


@lru_cache(HOSTS)
def _host_in(field: str) -> str | None:
    match = HOST.fullmatch(field)
    return match[1].strip("[]") if match else None


def is_loopback(host: str) -> bool:
    """Return whether a host is `localhost` or a loopback address; names are not resolved (DNS rebinding)."""
    return len(host) <= LONGEST and _is_loopback(host)


@lru_cache(HOSTS)
def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def check_host(host: str) -> None:
    """Raise ValueError for what is neither the name nor the IP address of a host."""
    with suppress(ValueError):
        ip_address(host.removeprefix("[").removesuffix("]"))
        return
    if not NAME.fullmatch(host):
        raise ValueError(
            f"{host!r} is not a host; use a name or an IP address, without scheme, port and path"
        )
