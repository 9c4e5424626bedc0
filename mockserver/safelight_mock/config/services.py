"""The vendors with their documents and settings, and which one a request is for."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from safelight_mock.config.parsing import unknown_setting
from safelight_mock.config.settings import Settings
from safelight_mock.core.lifecycle import Lifecycle
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.api import Api
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.setting import Plain
from safelight_mock.wire.vendor import Vendor
from safelight_mock.wire.webhook_settings import delivered, documented
from safelight_specs import spec_bytes


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor, its document, its lifecycles with the configured retention, and its settings.

    `host`: the Host that it is served for, without a port, by its setting `host` or its document.
    """

    vendor: Vendor
    api: Api
    lifecycles: Mapping[str, Lifecycle]
    options: Mapping[str, Plain]
    host: str


def services(settings: Settings) -> dict[str, Service]:
    """Return every vendor's service by slug; raises ValueError for a setting no vendor has."""
    known = {f"{slug}.{name}" for slug, vendor in VENDORS.items() for name in vendor.settings}
    unknown = settings.options.keys() - known
    if unknown:
        raise ValueError(unknown_setting(min(unknown), sorted(known)))
    vendors = settings.files_urls.keys() - VENDORS.keys() - {""}
    if vendors:
        raise ValueError(f"unknown vendor {min(vendors)!r} in files_url; use one of {', '.join(VENDORS)}")
    return {slug: _service(vendor, settings) for slug, vendor in VENDORS.items()}


def service_of(path: str, host: str, served: Mapping[str, Service]) -> tuple[Service, str]:
    """Return the vendor of a request, and its path without the slug; raises Problem if it does not exist.

    The vendor is the first segment of the path, or that whose host is in `host`, the Host header.
    """
    slug, _, below = path.removeprefix("/").partition("/")
    if slug in served:
        return served[slug], f"/{below}"
    name = host.partition(":")[0].lower()
    by_host = next((service for service in served.values() if name and service.host == name), None)
    if by_host is None:
        raise Problem(Kind.UNKNOWN_ROUTE, detail=f"nothing is served at {path}")
    return by_host, path


def _service(vendor: Vendor, settings: Settings) -> Service:
    document, strict = spec_bytes(vendor.slug, strict=settings.strict), settings.strict
    api = Api.from_json(document, strict=strict, framework=vendor.framework)
    chosen = {
        name: setting.read(value)
        for name, setting in vendor.settings.items()
        if (value := settings.options.get(f"{vendor.slug}.{name}", setting.default)) is not None
    }
    host = str(chosen.get("host") or api.host).lower()
    undecided = {name for name, setting in vendor.settings.items() if setting.default is None} - chosen.keys()
    stated = declared(api.lifecycles.values())
    options = {**{name: stated[name] for name in undecided}, **chosen}
    submits = {name for cycle in api.lifecycles.values() for name in (*cycle.submit, *cycle.sync)}
    is_limited = vendor.rate_limits is not None and vendor.rate_limits.apply(options)
    guarding = vendor if is_limited else replace(vendor, rate_limits=None)  # so that no request asks again
    guarded = replace(vendor, handlers=guarding.guarded_handlers(submits))
    return Service(
        vendor=guarded, api=api, lifecycles=_lifecycles(api, settings, chosen), options=options, host=host
    )


def declared(lifecycles: Iterable[Lifecycle]) -> Mapping[str, Plain]:
    """Return the values of settings that lifecycles declare, by name; the first lifecycle wins."""
    values: dict[str, Plain] = {}
    for cycle in lifecycles:
        within = (cycle.result and cycle.result.within) or cycle.retention
        links = {} if within is None else {"link_hours": within / timedelta(hours=1)}
        values = {**links, **({} if cycle.deliver is None else documented(cycle.deliver)), **values}
    return values


def _lifecycles(api: Api, settings: Settings, options: Mapping[str, Plain]) -> Mapping[str, Lifecycle]:
    return {name: _chosen(cycle, settings, options) for name, cycle in api.lifecycles.items()}


def _chosen(cycle: Lifecycle, settings: Settings, options: Mapping[str, Plain]) -> Lifecycle:
    kept = cycle.retention if settings.retention is None else settings.retention
    rule = None if cycle.deliver is None else delivered(cycle.deliver, options)
    result = cycle.result
    if result is not None and "link_hours" in options:
        result = msgspec.structs.replace(result, within=timedelta(hours=float(options["link_hours"])))
    return msgspec.structs.replace(cycle, retention=kept, deliver=rule, result=result)
