"""Credits: set aside when a job is taken in, and at its end paid or given back."""

from collections.abc import Iterable

import msgspec

from safelight_mock.core.job import Status


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """What was ever granted (None: without bound), what is paid of it and what is set aside."""

    granted: int | None
    paid: int
    reserved: int

    @property
    def left(self) -> int | None:
        """What further jobs may cost."""
        return None if self.granted is None else self.granted - self.paid - self.reserved

    def affords(self, price: int) -> bool:
        """Tell whether that much can be set aside."""
        return self.left is None or price <= self.left


def ledger(granted: int | None, paid: int, jobs: Iterable[Status]) -> Ledger:
    """Sum up what jobs that are gone have paid, and what those that are here have paid and set aside."""
    found = list(jobs)
    return Ledger(
        granted=granted,
        paid=paid + sum(charge(one) for one in found),
        reserved=sum(one.job.price for one in found if not one.state.is_over),
    )


def charge(found: Status) -> int:
    """Return what a job has been paid for."""
    return found.job.price if found.state in found.job.paid_on else 0
