"""Opens a sandbox under a lifecycle of its vendor, as both are configured."""

from collections.abc import Callable, Mapping
from functools import partial

from safelight_mock.config.services import Service
from safelight_mock.core.changes import Changes
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Eye, Inspections
from safelight_mock.core.sandbox import Sandbox


class Engines:
    """Makes engines; `job_speedup` divides how long jobs take.

    `inspections` returns what is known of inputs; `changes` has those of which it returns something new.
    """

    def __init__(
        self, served: Mapping[str, Service], inspections: Inspections, changes: Changes, job_speedup: float
    ) -> None:
        self._served = served
        self._look = eyes(served, inspections)
        self._changes = changes
        self._speed = job_speedup

    def open(self, sandbox: Sandbox, lifecycle: str, now: float, origin: str = "") -> Engine:
        """Return the engine of a sandbox at a moment of its clock."""
        return self.opener(sandbox.vendor, lifecycle)(sandbox=sandbox, now=now, origin=origin)

    def opener(self, vendor: str, lifecycle: str) -> Callable[..., Engine]:
        """Return what makes engines under a lifecycle: of a `sandbox`, `now`, and for an `origin`."""
        return partial(
            Engine,
            name=lifecycle,
            lifecycle=self._served[vendor].lifecycles[lifecycle],
            look=self._look[vendor],
            changes=self._changes,
            job_speedup=self._speed,
        )


def eyes(served: Mapping[str, Service], inspections: Inspections) -> Mapping[str, Eye]:
    """Return what looks at a vendor's jobs, by its slug."""
    return {slug: partial(service.vendor.look, inspections=inspections) for slug, service in served.items()}
