"""Journeys at the vendors' own services: by which keys, where, at what cost, and only after a yes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from os import environ

import httpx
import pytest

from contract_tests.targets.observations import Notebook, ObservedTransport
from contract_tests.targets.served import BASES, Served
from safelight_testing._request_validator import RequestValidator

NOTEBOOK = pytest.StashKey[Notebook]()
YES = "SAFELIGHT_SPEND"


def keys() -> Mapping[str, str]:
    """Read the vendors' keys from the environment."""
    result = {vendor: environ.get(f"SAFELIGHT_{vendor.upper()}_API_KEY", "") for vendor in BASES}
    return {vendor: key for vendor, key in result.items() if key}


def urls() -> Mapping[str, str]:
    """Read where the vendors with a key are from the environment, or else from their documents."""
    return {vendor: url for vendor in keys() if (url := _url(vendor))}


def costs(items: Iterable[pytest.Item]) -> Mapping[str, int]:
    """Add up what journeys cost at most, in credits, by vendor: the folder they are in."""
    spent: dict[str, int] = {}
    for item in items:
        marker = item.get_closest_marker("live")
        if marker is not None:
            spent[item.path.parent.name] = spent.get(item.path.parent.name, 0) + marker.kwargs["cost"]
    return {vendor: spent[vendor] for vendor in spent if vendor in keys()}


def announce(items: list[pytest.Item], *, may_spend: bool) -> str:
    """Return what journeys will cost, and where; raises pytest.UsageError unless --spend is given."""
    spent = costs(items)
    if not spent:
        names = ", ".join(f"SAFELIGHT_{vendor.upper()}_API_KEY" for vendor in BASES)
        raise pytest.UsageError(f"--target live needs a vendor's key: set one of {names}")
    result = "; ".join(
        f"{vendor} at {urls().get(vendor, '?')}: at most {spent[vendor]} credits" for vendor in spent
    )
    if not may_spend and environ.get(YES) != "yes":
        raise pytest.UsageError(f"live journeys cost credits ({result}). Say yes by --spend or {YES}=yes.")
    return f"live journeys, which cost credits: {result}"


@contextmanager
def live(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Give the vendors' own services."""
    notebook = request.config.stash[NOTEBOOK]
    transport = ObservedTransport(httpx.HTTPTransport(), dict(urls()), notebook)
    yield Served(urls=dict(urls()), transport=transport, is_live=True, keys=dict(keys()))


def _url(vendor: str) -> str:
    host = RequestValidator.of(vendor).api.host
    known = f"https://{host}{BASES[vendor]}" if host else ""
    return environ.get(f"SAFELIGHT_{vendor.upper()}_BASE_URL", known)
