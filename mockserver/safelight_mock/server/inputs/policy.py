"""Which addresses the twin goes to for an input: one policy for all vendors.

It reaches for what is on this machine and for hosts it was told of; nothing else on a network is touched.
"""

from collections.abc import Set as AbstractSet
from enum import StrEnum

import httpx

from safelight_mock.server.loopback import is_here

SAMPLE = "safelight"  # the scheme of built-in samples


class Way(StrEnum):
    """What is done about an address."""

    SAMPLE = "a built-in sample"
    FETCH = "loaded from this machine or a host that was allowed"
    IMAGINE = "not reached for: a picture is made up from the address"


class AddressError(Exception):
    """An address from which no input comes: why, in words that may be logged and told."""


def parse(address: str) -> httpx.URL:
    """Read an address; raises AddressError for what is none an input can have."""
    try:
        url = httpx.URL(address)
        host = url.host  # read only now, and there are names that cannot be
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise AddressError("it is not an address") from error
    if url.scheme not in ("http", "https", SAMPLE) or not host:
        raise AddressError(f"an address of scheme {url.scheme or '(none)'} is not loaded")
    if url.userinfo:
        raise AddressError("an address with a name or password in it is not loaded")
    return url


def way(url: httpx.URL, hosts: AbstractSet[str]) -> Way:
    """Choose what to do about an address; it is asked again at each redirect."""
    if url.scheme == SAMPLE:
        return Way.SAMPLE
    return Way.FETCH if is_here(url.host) or url.host.lower() in hosts else Way.IMAGINE
