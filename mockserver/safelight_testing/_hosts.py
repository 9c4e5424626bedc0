"""The host of each API in a program's URLs: its own or, for an API that publishes none, one of ours."""

from collections.abc import Mapping

from msgspec.structs import replace

from safelight_mock import Settings
from safelight_mock.config.services import Service
from safelight_mock.wire.hosts import is_loopback
from safelight_mock.wire.served_vendor import DocumentFacts, ServedVendor

DOMAIN = "safelight.test"  # .test is reserved (RFC 6761)
HOST = "{}.host"  # the setting of an API that publishes none


def with_hosts(settings: Settings, vendors: Mapping[str, ServedVendor]) -> Settings:
    """Return settings in which each API has a host that is not this machine."""
    missing = {
        HOST.format(slug): f"{slug}.{DOMAIN}"
        for slug, served in vendors.items()
        if all(map(is_loopback, _facts(served, settings).hosts)) and "host" in served.vendor.settings
    }
    return replace(settings, options={**missing, **settings.options})


def base_url(service: Service) -> str:
    """Return the base URL of an API in the URLs of programs."""
    host = min((host for host in service.hosts if not is_loopback(host)), default=f"{service.slug}.{DOMAIN}")
    return f"https://{host}{service.facts.base}"


def _facts(served: ServedVendor, settings: Settings) -> DocumentFacts:
    return served.facts or DocumentFacts.of(served.api(settings.strict))
