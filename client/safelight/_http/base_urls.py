"""Base URLs: which ones an API key may be sent to, and which requests belong to them."""

from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

UrlOrigin: TypeAlias = tuple[str, str, int]  # scheme, host, port

PORTS = {"http": 80, "https": 443}
LOOPBACK = ("localhost", "*.localhost", "127.0.0.1", "[::1]")


def validated_base_url(base_url: str, *, insecure: bool) -> str:
    """Return a base URL that the API key may be sent to.

    Raises ValueError if it is not an http or https URL, and for plain http to another machine unless
    `insecure`.
    """
    parts = urlsplit(str(base_url))
    if parts.scheme not in PORTS or not parts.netloc:
        raise ValueError(f"{base_url!r} is not an http or https URL; use one such as https://api.example/v1")
    if parts.scheme == "http" and not insecure and not _is_loopback(parts.hostname or ""):
        raise ValueError(
            f"the API key would be sent to {parts.hostname} unencrypted; use https,"
            " or insecure=True (--insecure) in a network that you trust"
        )
    return base_url


def loopback_patterns(base_url: str) -> tuple[str, ...]:
    """Return the httpx URL patterns of this machine.

    Requests to it must not use a proxy: the proxy could not reach it, and would receive the key.
    """
    host = urlsplit(base_url).hostname or ""
    named = (f"[{host}]" if ":" in host else host,) if _is_loopback(host) else ()
    return tuple(f"all://{name}" for name in (*LOOPBACK, *named))


def url_origin(url: str) -> UrlOrigin:
    """Return scheme, host and port of a URL, with the scheme's default port."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").rstrip("."), parts.port or PORTS.get(scheme, 0)


def _is_loopback(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
