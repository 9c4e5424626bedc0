"""Which addresses the twin goes to for an input: one policy for all vendors.

It reaches for hosts that are listed and, as long as this machine alone reaches the twin, for what is on this
machine; nothing else on a network is touched.
"""

import re
from enum import StrEnum

import httpx

from safelight_mock.server.reach import Reach
from safelight_mock.wire.entrance import CONTROL

INBOX_PATH = re.compile(r"inbox/(?!\.{1,2}$)[^/]+")
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


def way(url: httpx.URL, reach: Reach) -> Way:
    """Choose what to do about an address; it is asked again at each redirect."""
    if url.scheme == SAMPLE:
        return Way.SAMPLE
    return Way.FETCH if reach.admits(ascii_host(url)) else Way.IMAGINE


def is_control(path: str) -> bool:
    """Return whether a path leads to a control plane, be it below another path."""
    return CONTROL in f"{path}/"


def is_inbox(path: str) -> bool:
    """Return whether a path leads to an inbox, and cannot be taken for the way to anything beside it."""
    _, _, below = path.partition(CONTROL)
    return INBOX_PATH.fullmatch(below) is not None


def ascii_host(url: httpx.URL) -> str:
    """Return the host as it is looked up."""
    return url.raw_host.decode("ascii")
