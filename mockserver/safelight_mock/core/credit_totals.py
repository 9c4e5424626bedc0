"""What the jobs of a sandbox have cost, and what is reserved for them."""

from typing import NamedTuple

from safelight_mock.core.job import Job, Status
from safelight_mock.core.ledger import charge
from safelight_mock.core.running_totals import Amounts, Total


class CreditSums(NamedTuple):
    """Credits that jobs have paid, and that are reserved for others."""

    paid: int
    reserved: int


def _credits(status: Status) -> Amounts:
    return CreditSums(paid=charge(status), reserved=0 if status.state.is_over else status.job.price)


def _is_priced(job: Job) -> bool:
    return bool(job.price)


CREDITS = Total(zero=(0, 0), of=_credits, includes=_is_priced)
