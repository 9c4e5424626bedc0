"""URLs that a request names, as an input or as a webhook's target: which are valid, and where they lead."""

import re

import httpx

from safelight_mock.wire.listener import CONTROL

INBOX_PATH = re.compile(r"inbox/(?!\.{1,2}$)[^/]+")
SAMPLE = "safelight"  # the scheme of built-in samples


class UrlError(Exception):
    """A URL that cannot be requested, with the reason, which may be logged and returned to the client."""


def parse(address: str) -> httpx.URL:
    """Read an address; raises UrlError for what is none an input can have."""
    try:
        url = httpx.URL(address)
        host = url.host  # read only now, and there are names that cannot be
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise UrlError("it is not an address") from error
    if url.scheme not in ("http", "https", SAMPLE) or not host:
        raise UrlError(f"an address of scheme {url.scheme or '(none)'} is not loaded")
    if url.userinfo:
        raise UrlError("an address with a name or password in it is not loaded")
    return url


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
