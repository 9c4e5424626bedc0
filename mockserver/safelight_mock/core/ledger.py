"""Credits: set aside when a job is taken in, and at its end paid or given back."""

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
        """Return whether that much can be reserved."""
        return self.left is None or price <= self.left


def charge(status: Status) -> int:
    """Return what a job has been paid for."""
    return status.job.price if status.state in status.job.paid_on else 0
