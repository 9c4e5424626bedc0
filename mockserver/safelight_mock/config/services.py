"""The vendors with their documents and settings, and which one a request is for."""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import JobIds
from safelight_lifecycle import Lifecycle as DescribedLifecycle
from safelight_mock.config.parsing import unknown_setting
from safelight_mock.config.settings import Settings
from safelight_mock.config.vendors import choose_vendors
from safelight_mock.core.lifecycle import Lifecycle
from safelight_mock.wire.api import Api
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.served_vendor import ServedVendor
from safelight_mock.wire.setting import Plain
from safelight_mock.wire.vendor import Vendor
from safelight_mock.wire.webhook_settings import delivered, documented

# The lifecycle of operations of a document that describes none: no job is ever submitted under it.
NO_JOBS = Lifecycle.of(DescribedLifecycle(name="", submit=(), ids=JobIds()))

HOUR = 3600.0


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor, its document, its lifecycles with the configured retention, and its settings.

    `hosts`: those that it is served for, without a port, by its setting `host` and its document.
    """

    vendor: Vendor
    api: Api
    lifecycles: Mapping[str, Lifecycle]
    options: Mapping[str, Plain]
    hosts: frozenset[str]


def services(settings: Settings, vendors: Mapping[str, ServedVendor] | None = None) -> dict[str, Service]:
    """Return the service of each vendor by its name; by default of those that settings choose.

    Raises ValueError for a setting that no vendor has.
    """
    chosen = choose_vendors(settings.vendors, use_cache=settings.cache) if vendors is None else vendors
    known = {f"{slug}.{name}" for slug, one in chosen.items() for name in one.vendor.settings}
    unknown = settings.options.keys() - known
    if unknown:
        raise ValueError(unknown_setting(min(unknown), sorted(known)))
    others = settings.files_urls.keys() - chosen.keys() - {""}
    if others:
        raise ValueError(f"unknown vendor {min(others)!r} in files_url; use one of {', '.join(chosen)}")
    return {slug: _service(one, settings) for slug, one in chosen.items()}


def service_of(path: str, host: str, served: Mapping[str, Service]) -> tuple[Service, str]:
    """Return the vendor of a request, and its path without the slug; raises Problem if it does not exist.

    The vendor is the first segment of the path, or that with the host in `host`, the Host header; of several
    with that host, the one whose base path the path has.
    """
    slug, _, below = path.removeprefix("/").partition("/")
    if slug in served:
        return served[slug], f"/{below}"
    name = host.partition(":")[0].lower()
    by_host = [service for service in served.values() if name in service.hosts]
    if not by_host:
        raise Problem(Kind.UNKNOWN_ROUTE, detail=f"nothing is served at {path}")
    return (by_host[0] if len(by_host) == 1 else _nearest(path, by_host)), path


def _nearest(path: str, candidates: Collection[Service]) -> Service:
    """Return the service with the longest base path that a path begins with, else the first one."""
    fitting = [one for one in candidates if f"{path}/".startswith(f"{one.api.base}/")]
    return max(fitting or [next(iter(candidates))], key=lambda one: len(one.api.base))


def _service(served: ServedVendor, settings: Settings) -> Service:
    vendor, strict = served.vendor, settings.strict
    api = Api(document=served.document(strict), strict=strict, framework=vendor.framework)
    chosen = {
        name: setting.read(value)
        for name, setting in vendor.settings.items()
        if (value := settings.options.get(f"{vendor.slug}.{name}", setting.default)) is not None
    }
    own = {str(chosen["host"]).lower()} if chosen.get("host") else set[str]()
    undecided = {name for name, setting in vendor.settings.items() if setting.default is None} - chosen.keys()
    stated = declared(api.lifecycles.values())
    options = {**{name: stated[name] for name in undecided}, **chosen}
    submits = {name for cycle in api.lifecycles.values() for name in cycle.submits}
    is_limited = vendor.rate_limits is not None and vendor.rate_limits.apply(options)
    guarding = vendor if is_limited else replace(vendor, rate_limits=None)  # so that no request asks again
    guarded = replace(vendor, handlers=guarding.guarded_handlers(submits))
    return Service(
        vendor=guarded,
        api=api,
        lifecycles=_lifecycles(api, settings, chosen),
        options=options,
        hosts=api.hosts | own,
    )


def declared(lifecycles: Iterable[Lifecycle]) -> Mapping[str, Plain]:
    """Return the values of settings that lifecycles declare, by name; the first lifecycle wins."""
    values: dict[str, Plain] = {}
    for cycle in lifecycles:
        within = cycle.described.retention if cycle.linked_for is None else cycle.linked_for
        links = {} if within is None else {"link_hours": within / HOUR}
        values = {**links, **({} if cycle.deliver is None else documented(cycle.deliver)), **values}
    return values


def _lifecycles(api: Api, settings: Settings, options: Mapping[str, Plain]) -> Mapping[str, Lifecycle]:
    if not api.lifecycles:
        return {"": NO_JOBS}
    return {name: _chosen(cycle, settings, options) for name, cycle in api.lifecycles.items()}


def _chosen(cycle: Lifecycle, settings: Settings, options: Mapping[str, Plain]) -> Lifecycle:
    kept = cycle.kept_for if settings.retention is None else settings.retention.total_seconds()
    linked = float(options["link_hours"]) * HOUR if "link_hours" in options else cycle.linked_for
    rules = tuple(delivered(rule, options) for rule in cycle.deliveries)
    return replace(cycle, kept_for=kept, linked_for=linked, deliveries=rules)
