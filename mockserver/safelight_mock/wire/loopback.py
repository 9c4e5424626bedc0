"""What counts as this machine, by its name alone: no name is looked up."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

HOSTS = 1_000  # remembered
LONGEST = 300  # characters of those


def is_here(host: str) -> bool:
    """Tell whether a host is this machine."""
    return len(host) <= LONGEST and _is_here(host)


@lru_cache(HOSTS)
def _is_here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
