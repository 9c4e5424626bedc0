"""URLs of inputs and webhook targets: which are valid, and which lead to the control plane."""

import re

import httpx

from safelight_mock.wire.listener import CONTROL

INBOX_PATH = re.compile(r"inbox/(?!\.{1,2}$)[^/]+")
SAMPLE = "safelight"  # the scheme of built-in samples


class UrlError(Exception):
    """A URL that cannot be requested, with the reason, which may be logged and returned to the client."""


def parse(address: str) -> httpx.URL:
    """Parse the URL of an input or a webhook; raises UrlError."""
    try:
        url = httpx.URL(address)
        host = url.host  # decodes IDNA, which may fail
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise UrlError("it is not an address") from error
    if url.scheme not in ("http", "https", SAMPLE) or not host:
        raise UrlError(f"an address of scheme {url.scheme or '(none)'} is not loaded")
    if url.userinfo:
        raise UrlError("an address with a name or password in it is not loaded")
    return url


def webhook_problem(target: str) -> str:
    """Return why a webhook cannot be sent to a target: what is wrong with it, or its host is not allowed."""
    try:
        url = parse(target)
    except UrlError:
        return "it is not an http or https URL without user name and password"
    if url.scheme == SAMPLE:
        return "it is not an http or https URL"
    if is_control(url.path) and not is_inbox(url.path):
        return "on a control plane, a webhook may only be sent to an inbox"
    return f"its host is not allowed; restart with --allow-webhook-host {url.host}"


def is_control(path: str) -> bool:
    """Return whether a path is in a control plane, also below another path (mounted)."""
    return CONTROL in f"{path}/"


def is_inbox(path: str) -> bool:
    """Return whether a path is that of an inbox, without dot segments that could lead elsewhere."""
    _, _, below = path.partition(CONTROL)
    return INBOX_PATH.fullmatch(below) is not None


def ascii_host(url: httpx.URL) -> str:
    """Return the host in ASCII, as it is resolved."""
    return url.raw_host.decode("ascii")
