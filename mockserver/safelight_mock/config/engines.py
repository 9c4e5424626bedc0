"""Opens sandboxes under the lifecycles of their vendors."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from safelight_mock.config.services import Service
from safelight_mock.core.changes import Changes
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Inspect, Inspections
from safelight_mock.core.sandbox import Sandbox


class Engines:
    """Makes engines. `job_speedup` divides the durations of jobs.

    `inspect_for` returns the function that inspects the jobs of a vendor. `inspections` returns results of
    inspections; `changes` are the inputs for which they have changed.
    """

    def __init__(
        self, served: Mapping[str, Service], inspections: Inspections, changes: Changes, job_speedup: float
    ) -> None:
        self._served = served
        self.inspect_for: Callable[[str], Inspect] = inspect_functions(served, inspections)
        self._changes = changes
        self._job_speedup = job_speedup

    def open(self, sandbox: Sandbox, lifecycle: str, now: float, origin: str = "") -> Engine:
        """Return the engine of a sandbox at a time of its clock."""
        return self.opener(sandbox.vendor, lifecycle)(sandbox=sandbox, now=now, origin=origin)

    def each(self, sandbox: Sandbox) -> dict[str, Engine]:
        """Return the engines of a sandbox at the latest time it has shown, by their lifecycles."""
        lifecycles = self._served[sandbox.vendor].lifecycles
        return {name: self.open(sandbox, name, sandbox.latest) for name in lifecycles}

    def opener(self, vendor: str, lifecycle: str) -> Callable[..., Engine]:
        """Return a factory of engines under a lifecycle, with arguments `sandbox`, `now` and `origin`."""
        return partial(
            Engine,
            name=lifecycle,
            lifecycle=self._served[vendor].lifecycles[lifecycle],
            inspect=self.inspect_for(vendor),
            changes=self._changes,
            job_speedup=self._job_speedup,
        )


def inspect_functions(served: Mapping[str, Service], inspections: Inspections) -> Callable[[str], Inspect]:
    """Return a function from a vendor's name to the function that inspects its jobs."""
    return lru_cache(maxsize=None)(lambda slug: partial(served[slug].vendor.inspect, inspections=inspections))
