"""Credits to the last one: what is afforded, what is set aside and what a job has cost."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import engine, job

from safelight_mock.core import Ledger, Sandbox, State
from safelight_mock.core.ledger import charge


@pytest.mark.parametrize(("price", "is_afforded"), [(4, True), (5, True), (6, False)])
def test_the_last_credit_can_be_spent_and_no_further_one(price: int, *, is_afforded: bool) -> None:
    assert Ledger(granted=10, paid=3, reserved=2).affords(price) is is_afforded


def test_without_a_balance_every_job_is_affordable() -> None:
    unbound = Ledger(granted=None, paid=3, reserved=2)

    assert unbound.left is None
    assert unbound.affords(10**9)


def test_credits_are_reserved_until_the_end_of_a_job_and_charged_if_it_succeeds() -> None:
    sandbox = Sandbox(name="box", seed="seed", granted=20, paid=1)
    kept = replace(job(sandbox), price=3, paid_on=(State.SUCCEEDED, State.CANCELLED))
    refunded = replace(job(sandbox, digest="damaged"), price=4)
    engine(sandbox, 10).submit(kept)
    engine(sandbox, 10).submit(refunded)

    assert engine(sandbox, 12).ledger() == Ledger(granted=20, paid=1, reserved=7)
    assert engine(sandbox, 20).ledger() == Ledger(granted=20, paid=4, reserved=0)
    assert [charge(one) for one in engine(sandbox, 20).all()] == [3, 0]
