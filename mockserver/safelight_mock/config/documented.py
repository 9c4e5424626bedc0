"""What settings come to where nothing is chosen and a vendor's lifecycle says it."""

from collections.abc import Iterable, Iterator, Mapping

from safelight_mock.core.lifecycle import Deliver, Lifecycle
from safelight_mock.wire.vendor import Plain

HOUR = 3600  # seconds


def documented(lifecycles: Iterable[Lifecycle]) -> Mapping[str, Plain]:
    """Return the settings that lifecycles declare, by name; the first that declares one counts."""
    declared: dict[str, Plain] = {}
    for cycle in lifecycles:
        declared = {**dict(_declared(cycle)), **declared}
    return declared


def _declared(cycle: Lifecycle) -> Iterator[tuple[str, Plain]]:
    within = (cycle.result and cycle.result.within) or cycle.retention
    if within is not None:
        yield "link_hours", within.total_seconds() / HOUR
    if cycle.deliver is not None:
        yield from _schedule(cycle.deliver)


def _schedule(rule: Deliver) -> Iterator[tuple[str, Plain]]:
    schedule = rule.schedule
    yield "webhook_retried", ",".join(sorted(schedule.retried))
    yield "webhook_first", schedule.first
    yield "webhook_ceiling", schedule.ceiling
    yield "webhook_attempts", schedule.attempts
    yield "webhook_timeout", schedule.timeout
