"""Every store finds the sandboxes in which something is due, and leases each to one thread."""

import pytest
from tests.mockserver.storage.stores import ONE, OTHER, Open, changing, job, shown, submit

from safelight_mock.core.clock import ClockMode
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.port import SandboxStore
from safelight_mock.storage.transaction import Sandboxes, Transaction
from safelight_mock.wire.problem import Problem

# -- what is due


def test_a_sandbox_is_claimed_when_something_is_due_by_a_clock_that_runs(make: Open) -> None:
    store = make(clock=ClockMode.SCALED, clock_rate=10)
    earlier: list[float] = []
    store.on_due(lambda: earlier.append(store.next_due))
    with changing(store) as sandbox:
        sandbox.job_due_at["job"] = 50.0
    with changing(store, "other") as sandbox:
        sandbox.next_attempt_at["delivery"] = 70.0
    with changing(store, "standing") as sandbox:
        sandbox.set_clock(0, mode=ClockMode.MANUAL)
        sandbox.job_due_at["job"] = 0.0

    assert (store.next_due, earlier) == (5, [5])
    assert not store.claim(8, real=4.9)
    (lease,) = store.claim(8, real=5)
    assert (lease.name, store.is_leased(ONE), store.next_due) == (ONE, True, 7)
    with changing(store, at=5) as sandbox:
        sandbox.job_due_at["job"] = 60.0
    assert store.next_due == 7
    lease.release()

    assert (store.is_leased(ONE), store.next_due, earlier) == (False, 6, [5, 6])
    assert [claimed.name for claimed in store.claim(1, real=100)] == [ONE]
    assert [claimed.name for claimed in store.claim(8, real=100)] == [OTHER]


def test_a_leased_sandbox_is_not_claimed_until_it_is_released(store: SandboxStore) -> None:
    with changing(store) as sandbox:
        sandbox.job_due_at["job"] = 5.0
    lease = store.lease(ONE, 0)
    assert lease is not None
    assert store.lease(ONE, 0.001) is None

    assert not store.claim(8, real=10)
    lease.release(not_before=12)

    assert (store.next_due, store.claim(8, real=11)) == (12, [])
    assert [claimed.name for claimed in store.claim(8, real=12)] == [ONE]


def test_a_lease_ends_with_the_change_that_is_saved_with_it(store: SandboxStore) -> None:
    submit(store, "one", "a")
    lease = store.lease(ONE, 0)
    assert lease is not None

    with Transaction(store, 0) as transaction:
        sandbox = transaction.named(ONE)
        assert sandbox is not None
        sandbox.job_due_at["a"] = 5.0
        transaction.commit(ends=lease)
        assert (store.is_leased(ONE), store.next_due) == (False, 5)

    (other,) = store.claim(8, real=5)
    lease.release()  # a second time
    assert (other.name, store.is_leased(ONE)) == (ONE, True)


def test_a_lease_lasts_if_the_change_cannot_be_saved(store: SandboxStore) -> None:
    submit(store, "one", "a")
    submit(store, "other", "b", label="taken")
    lease = store.lease(ONE, 0)
    assert lease is not None

    with Transaction(store, 0) as transaction:
        sandbox = transaction.named(ONE)
        assert sandbox is not None
        sandbox.label = "taken"
        with pytest.raises(Problem, match="label: 'taken' is the label of another"):
            transaction.commit(ends=lease)

    assert store.is_leased(ONE)


def test_a_copy_that_was_changed_after_it_was_saved_is_not_used_again(store: SandboxStore) -> None:
    with Transaction(store, 0) as transaction:
        sandbox = transaction.sandbox("topaz", "one")
        sandbox.jobs["a"] = job("a")
        transaction.commit(is_last=False)
        sandbox.jobs["b"] = job("b")
        sandbox.pause = 77.0

    actual = shown(store)
    assert actual is not None
    assert (list(actual.jobs), actual.pause == 77.0) == (["a"], False)


def test_evicted_and_stopped_sandboxes_are_not_due(make: Open) -> None:
    store = make(max_sandboxes=2)
    for key in ("one", "other"):
        with changing(store, key) as sandbox:
            sandbox.job_due_at["job"] = 5.0
    with changing(store) as sandbox:
        sandbox.set_clock(0, mode=ClockMode.MANUAL)
    with Transaction(store, 0) as transaction:
        transaction.put(Sandbox(name=OTHER, seed="seed", vendor="topaz"))
        transaction.commit()

    assert store.next_due == float("inf")
    assert not store.claim(8, real=100)


def test_a_held_clock_is_released_unless_the_sandbox_is_leased(store: SandboxStore) -> None:
    with changing(store) as sandbox:
        sandbox.hold_clock(0)
    lease = store.lease(ONE, 0)
    assert lease is not None
    leased = shown(store, at=5)
    assert leased is not None
    assert leased.now(5) == 0
    lease.release()

    def work(transaction: Transaction, _: Sandbox) -> None:
        transaction.commit()

    Sandboxes(store, lambda: 10.0).use(ONE, "topaz", work)

    actual = shown(store, at=15)
    assert actual is not None
    assert actual.now(15) == 5
