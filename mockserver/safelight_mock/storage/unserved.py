"""Finds jobs and sandboxes in a data directory whose vendor, operation or lifecycle is unknown.

They may come from a newer version, or from an edited database. They remain in the directory, with their
inputs; the rest is served.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from safelight_mock.config.services import Service
from safelight_mock.core.job import Job
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery
from safelight_mock.storage.sandboxes import inputs_of
from safelight_mock.wire.logs import log


class SortedSandboxes(msgspec.Struct, frozen=True, kw_only=True):
    """Sandboxes without unknown parts; the names of unknown sandboxes; the inputs of all unknown parts."""

    sandboxes: tuple[Sandbox, ...]
    names: frozenset[str]
    inputs: frozenset[str]


def sort_out(kept: Iterable[Sandbox], served: Mapping[str, Service]) -> SortedSandboxes:
    """Return the parts of sandboxes that can be served; logs the others once."""
    sandboxes: list[Sandbox] = []
    names: set[str] = set()
    inputs: set[str] = set()
    unserved: Counter[str] = Counter()
    for sandbox in kept:
        if sandbox.vendor not in served:
            unserved[f"sandboxes of vendor {sandbox.vendor!r}"] += 1
            names.add(sandbox.name)
            inputs |= inputs_of(sandbox)
            continue
        service = served[sandbox.vendor]
        parts: list[Job | Delivery] = [*sandbox.jobs.values(), *sandbox.deliveries.values()]
        gone = {part.id: why for part in parts if (why := _unserved(part, service))}
        unserved.update(gone.values())
        sandboxes.append(_without(sandbox, gone) if gone else sandbox)
        inputs |= inputs_of(sandbox) if gone else frozenset()
    if unserved:
        what = ", ".join(f"{name} ({count})" for name, count in sorted(unserved.items()))
        log.warning("this version does not serve, and keeps as they are: %s", what)
    return SortedSandboxes(sandboxes=tuple(sandboxes), names=frozenset(names), inputs=frozenset(inputs))


def _unserved(part: Job | Delivery, service: Service) -> str:
    """Return what is unknown about a job or a delivery; empty if it can be served."""
    kind = "jobs" if isinstance(part, Job) else "deliveries"
    cycle = service.lifecycles.get(part.lifecycle)
    if cycle is None:
        return f"{kind} of lifecycle {part.lifecycle!r} of {service.vendor.slug}"
    if isinstance(part, Job) and part.operation not in cycle.submits:
        return f"{kind} of operation {part.operation!r} of {service.vendor.slug}"
    return ""


def _without(sandbox: Sandbox, gone: Mapping[str, str]) -> Sandbox:
    """Return a sandbox without some parts; no change is written for these, so their rows remain.

    It is never evicted, because that would delete all its rows.
    """
    return replace(
        sandbox,
        never_evicted=True,
        jobs={name: job for name, job in sandbox.jobs.items() if name not in gone},
        deliveries={name: sent for name, sent in sandbox.deliveries.items() if name not in gone},
        job_due_at={name: at for name, at in sandbox.job_due_at.items() if name not in gone},
        next_attempt_at={name: at for name, at in sandbox.next_attempt_at.items() if name not in gone},
    )
