"""Ready clients of a mock server in this process: with an API key, without a socket."""

from collections.abc import Iterable
from typing import Any

import httpx

from safelight_mock.wire.key_sources import (
    AllKeys,
    BasicKey,
    BearerKey,
    CookieKey,
    HeaderKey,
    KeySource,
    QueryKey,
    SchemeKey,
)


def http_client(
    base_url: str, key: str, sources: Iterable[KeySource], transport: httpx.BaseTransport
) -> httpx.Client:
    """Return a client that sends a key where an API reads it first."""
    made = httpx.Client(base_url=base_url, transport=transport)
    _add_key(made, next(iter(sources), None), key)
    return made


def _add_key(client: httpx.Client, source: KeySource | None, key: str) -> None:
    match source:
        case HeaderKey(header=header):
            client.headers[header] = key
        case BearerKey(prefix=prefix):
            client.headers["authorization"] = f"Bearer {prefix}{key}"
        case SchemeKey(header=header):
            client.headers[header] = f"Bearer {key}"
        case BasicKey():
            client.auth = httpx.BasicAuth(key, "")
        case QueryKey(name=name):
            client.params = client.params.merge({name: key})
        case CookieKey(name=name):
            client.cookies.set(name, key)
        case AllKeys(sources=sources):
            for one in sources:
                _add_key(client, one, key)
        case None:
            pass


def typed_client(vendor: str, arguments: dict[str, Any], *, waits: bool) -> Any:  # noqa: ANN401 - Topaz, Claid or Tengr
    """Return a client of a built-in vendor, made with arguments; raises LookupError for another.

    Unless it `waits` between polls, these advance the clock.
    """
    from safelight import Claid, Polling, Tengr, Topaz  # noqa: PLC0415 - most tests bring their own client

    classes = {"topaz": Topaz, "claid": Claid, "tengr": Tengr}
    if vendor not in classes:
        raise LookupError(f"no client class for {vendor!r}; use http({vendor!r}), or generate one")
    return classes[vendor](**arguments, polling=Polling() if waits else Polling(first=0))
