"""What is left, reserved and paid always sums up, whatever is done to jobs."""

from contextlib import suppress

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from msgspec.structs import replace
from tests.mockserver.core.engines import engine, job

from safelight_mock.core import (
    Engine,
    InsufficientCreditsError,
    InvalidTransitionError,
    Sandbox,
    State,
    UnknownJobError,
)

REFUNDED = (State.SUCCEEDED,)
KEPT = (State.SUCCEEDED, State.CANCELLED)


class Purse(RuleBasedStateMachine):
    """Random submits, cancels, forced moves, deletions and waits with few credits.

    What is cancelled is given back or paid, as was agreed when the machine was started.
    """

    jobs: Bundle[str] = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox(name="box", seed="seed", granted=20)
        self.time = 0.0
        self.paid_on: tuple[State, ...] = ()
        self.paid = 0

    @initialize(paid_on=st.sampled_from([REFUNDED, KEPT]))
    def agree(self, paid_on: tuple[State, ...]) -> None:
        self.paid_on = paid_on

    @property
    def engine(self) -> Engine:
        return engine(self.sandbox, self.time)

    @rule(
        target=jobs,
        prices=st.lists(st.integers(0, 9), min_size=1, max_size=3),
        digest=st.sampled_from(["whole", "torn"]),
    )
    def submit(self, prices: list[int], digest: str) -> MultipleResults[str]:
        wanted = [
            replace(job(self.sandbox, digest=digest), price=price, paid_on=self.paid_on) for price in prices
        ]
        left, before = self.engine.ledger().left or 0, len(self.sandbox.jobs)
        if sum(prices) <= left:
            self.engine.submit(*wanted)
        else:
            with pytest.raises(InsufficientCreditsError):
                self.engine.submit(*wanted)
            assert len(self.sandbox.jobs) == before
        return multiple(*(one.id for one in wanted))

    @rule(job_id=jobs, to=st.sampled_from([*State, "Halted"]))
    def put(self, job_id: str, to: str) -> None:
        with suppress(UnknownJobError, InvalidTransitionError):
            self.engine.force_state(job_id, to)

    @rule(job_id=jobs)
    def cancel(self, job_id: str) -> None:
        before = self.engine.ledger()
        with suppress(UnknownJobError, InvalidTransitionError):
            price = self.engine.cancel(job_id).job.price
            kept = price if State.CANCELLED in self.paid_on else 0
            after = self.engine.ledger()
            assert (after.reserved, after.paid) == (before.reserved - price, before.paid + kept)

    @rule(job_id=jobs)
    def forget(self, job_id: str) -> None:
        with suppress(UnknownJobError, InvalidTransitionError):
            self.engine.forget(job_id)

    @rule(seconds=st.floats(0, 100))
    def wait(self, seconds: float) -> None:
        self.time += seconds

    @invariant()
    def sums_agree_and_nothing_is_negative(self) -> None:
        sums = self.engine.ledger()
        assert sums.left is not None
        assert min(sums.left, sums.paid, sums.reserved) >= 0
        assert sums.left + sums.paid + sums.reserved == 20

    @invariant()
    def what_is_paid_stays_paid(self) -> None:
        before, self.paid = self.paid, self.engine.ledger().paid
        assert self.paid >= before


TestPurse = pytest.mark.fidelity("topaz.refund_on_cancel", "twin:balance")(Purse.TestCase)
