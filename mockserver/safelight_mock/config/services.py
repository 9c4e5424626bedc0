"""The vendors with their documents and settings, and which one a request is for."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import JobIds, Lifecycle, format_pointer
from safelight_mock.config.arguments import check_type
from safelight_mock.config.parsing import duration, unknown_setting
from safelight_mock.config.settings import Settings
from safelight_mock.config.vendors import choose_vendors
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.served_vendor import DocumentFacts, ServedVendor
from safelight_mock.wire.setting import Plain, Setting
from safelight_mock.wire.vendor import Vendor
from safelight_mock.wire.webhook_settings import delivered, documented

# The lifecycle of operations of a document that describes none: no job is ever submitted under it.
NO_JOBS = ServedLifecycle.of(Lifecycle(name="", submit=(), ids=JobIds()))

HOUR = 3600.0
JOBS = "x-async-jobs"


class Service(msgspec.Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """A vendor, its document, its lifecycles with the configured retention, and its settings.

    All but `facts` and `hosts` is made when it is first used: of a hundred documents few are called.
    """

    served: ServedVendor
    settings: Settings

    @property
    def slug(self) -> str:
        """The vendor's name."""
        return self.served.slug

    @cached_property
    def vendor(self) -> Vendor:
        """The vendor, with the checks of scope and rate limits before its handlers."""
        vendor, lifecycles = self.served.vendor, self.api.lifecycles.values()
        submits = {name for cycle in lifecycles for name in cycle.submits}
        is_limited = vendor.rate_limits is not None and vendor.rate_limits.apply(self.options)
        guarding = vendor if is_limited else replace(vendor, rate_limits=None)  # no request asks again
        return replace(vendor, handlers=guarding.guarded_handlers(submits))

    @cached_property
    def api(self) -> Api:
        """The document."""
        return self.served.api(self.settings.strict)

    @cached_property
    def options(self) -> Mapping[str, Plain]:
        """The values of the vendor's settings, by name."""
        settings = self.served.vendor.settings
        undecided = {name for name, one in settings.items() if one.default is None} - self._chosen.keys()
        stated = declared(self.api.lifecycles.values()) if undecided else {}
        return {**{name: stated[name] for name in undecided}, **self._chosen}

    @cached_property
    def lifecycles(self) -> Mapping[str, ServedLifecycle]:
        """The lifecycles by name."""
        return _lifecycles(self.api, self.settings, self._chosen)

    @cached_property
    def facts(self) -> DocumentFacts:
        """What is known of the document without it."""
        return self.served.facts or DocumentFacts.of(self.api)

    @cached_property
    def inferred(self) -> Mapping[str, list[str]]:
        """By operation, the JSON pointers of the inferred parts of the document that name it."""
        pointers: dict[str, list[str]] = {}
        jobs = self.api.document.get(JOBS, {}) if self.facts.is_inferred else {}
        for tokens, text in _texts(jobs, (JOBS,)):
            if text in self.api.operations:
                pointers.setdefault(text, []).append(format_pointer(tokens))
        return pointers

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts that it is served for, without ports, by its setting `host` and its document."""
        own = str(self.settings.options.get(f"{self.slug}.host", "")).lower()
        return self.facts.hosts | ({own} if own else frozenset())

    @cached_property
    def _chosen(self) -> Mapping[str, Plain]:
        """The values that are configured, or the defaults."""
        return {
            name: _read(f"{self.slug}.{name}", setting, value)
            for name, setting in self.served.vendor.settings.items()
            if (value := self.settings.options.get(f"{self.slug}.{name}", setting.default)) is not None
        }


def services(settings: Settings, vendors: Mapping[str, ServedVendor] | None = None) -> dict[str, Service]:
    """Return the service of each vendor by its name; by default of those that settings choose.

    Raises ValueError for a setting that no vendor has.
    """
    chosen = (
        choose_vendors(settings.vendors, use_cache=settings.cache, infers=settings.infer)
        if vendors is None
        else vendors
    )
    check_type("vendors", chosen, Mapping, "a mapping from names to vendors")
    unknown = sorted(name for name in settings.options if not _is_setting(name, chosen))
    if unknown:
        raise ValueError(unknown_setting(unknown[0], setting_names(chosen)))
    others = settings.files_urls.keys() - chosen.keys() - {""}
    if others:
        raise ValueError(f"unknown vendor {min(others)!r} in files_url; use one of {', '.join(chosen)}")
    served = {slug: Service(served=one, settings=settings) for slug, one in chosen.items()}
    for slug in {name.partition(".")[0] for name in settings.options}:
        _ = served[slug].lifecycles  # a value that does not fit is refused now
    return served


def _read(name: str, setting: Setting, value: Plain) -> Plain:
    try:
        return setting.read(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _texts(node: JSON, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts in a JSON value with their places."""
    if isinstance(node, str):
        yield at, node
    members = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for name, inner in members:
        yield from _texts(inner, (*at, str(name)))


def setting_names(vendors: Mapping[str, ServedVendor]) -> list[str]:
    """Return the names of all settings of vendors, sorted; each vendor is made for it."""
    return sorted(f"{slug}.{name}" for slug, one in vendors.items() for name in one.vendor.settings)


def _is_setting(name: str, vendors: Mapping[str, ServedVendor]) -> bool:
    slug, _, own = name.partition(".")
    return slug in vendors and own in vendors[slug].vendor.settings


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
    fitting = [one for one in candidates if f"{path}/".startswith(f"{one.facts.base}/")]
    return max(fitting or [next(iter(candidates))], key=lambda one: len(one.facts.base))


def declared(lifecycles: Iterable[ServedLifecycle]) -> Mapping[str, Plain]:
    """Return the values of settings that lifecycles declare, by name; the first lifecycle wins."""
    values: dict[str, Plain] = {}
    for cycle in lifecycles:
        within = cycle.described.retention if cycle.linked_for is None else cycle.linked_for
        links = {} if within is None else {"link_hours": within / HOUR}
        values = {**links, **({} if cycle.deliver is None else documented(cycle.deliver)), **values}
    return values


def _lifecycles(api: Api, settings: Settings, options: Mapping[str, Plain]) -> Mapping[str, ServedLifecycle]:
    kept = _kept_for(settings, options)
    if not api.lifecycles:
        return {"": NO_JOBS}
    return {name: _chosen(cycle, kept, options) for name, cycle in api.lifecycles.items()}


def _kept_for(settings: Settings, options: Mapping[str, Plain]) -> float | None:
    """Return how many seconds jobs are kept by the settings; None: as the document says."""
    own = str(options.get("retention", ""))
    chosen = duration(own) if own else settings.retention
    return None if chosen is None else chosen.total_seconds()


def _chosen(cycle: ServedLifecycle, kept: float | None, options: Mapping[str, Plain]) -> ServedLifecycle:
    linked = float(options["link_hours"]) * HOUR if "link_hours" in options else cycle.linked_for
    rules = tuple(delivered(rule, options) for rule in cycle.deliveries)
    chosen = cycle.kept_for if kept is None else kept
    return replace(cycle, kept_for=chosen, linked_for=linked, deliveries=rules)
