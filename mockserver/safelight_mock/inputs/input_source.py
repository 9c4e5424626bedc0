"""Where an input comes from: one policy for the URLs of all vendors.

Only hosts on the allow list are requested and, as long as the twin is reached from this machine alone, this
machine.
"""

from enum import StrEnum

import httpx

from safelight_mock.outgoing.allowed_hosts import Reach
from safelight_mock.outgoing.urls import SAMPLE, ascii_host


class Way(StrEnum):
    """What is done about an address."""

    SAMPLE = "a built-in sample"
    FETCH = "loaded from this machine or a host that was allowed"
    IMAGINE = "not reached for: a picture is made up from the address"


def way(url: httpx.URL, reach: Reach) -> Way:
    """Choose what to do about an address; it is asked again at each redirect."""
    if url.scheme == SAMPLE:
        return Way.SAMPLE
    return Way.FETCH if reach.admits(ascii_host(url)) else Way.IMAGINE
