"""One holder at a time may move a sandbox's clock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from safelight_mock.storage.leases import Leases, LocalLease


@pytest.fixture
def leases() -> Leases:
    made: list[Leases] = []

    def give_back(lease: LocalLease, _: float) -> None:
        made[0].end(lease)

    made.append(Leases(give_back))
    return made[0]


def test_a_name_is_leased_until_it_is_released(leases: Leases) -> None:
    lease = leases.take("box", 0)

    assert lease is not None
    assert ("box" in leases.taken, "other" in leases.taken) == (True, False)

    lease.release()
    lease.release()
    assert "box" not in leases.taken


def test_a_lease_times_out_without_affecting_its_holder(leases: Leases) -> None:
    leases.take("box", 0)

    assert leases.take("other", 0)
    assert not leases.take("box", 0.001)
    assert "box" in leases.taken


def test_a_lease_that_was_ended_for_its_holder_does_not_end_the_next_one(leases: Leases) -> None:
    first = leases.take("box", 0)
    assert first is not None

    leases.end_named("box")
    leases.end_named("other")
    second = leases.take("box", 0)
    first.release()

    assert second is not None
    assert (first.is_over, second.is_over, "box" in leases.taken) == (True, False, True)


def test_a_lease_is_given_back_with_the_moment_before_which_it_is_not_claimed() -> None:
    given: list[tuple[str, float]] = []
    leases = Leases(lambda lease, not_before: given.append((lease.name, not_before)))

    for name, moment in (("box", {}), ("other", {"not_before": 7.0})):
        lease = leases.take(name, 0)
        assert lease is not None
        lease.release(**moment)

    assert given == [("box", 0.0), ("other", 7.0)]


def test_a_lease_ends_once(leases: Leases) -> None:
    lease = leases.take("box", 0)
    assert lease is not None

    assert [leases.end(lease) for _ in range(2)] == [True, False]


def test_a_waiting_thread_gets_the_lease_next(leases: Leases) -> None:
    waits = Event()

    def wait() -> LocalLease | None:
        waits.set()
        return leases.take("box", 10)

    with ThreadPoolExecutor(1) as pool:
        lease = leases.take("box", 0)
        assert lease is not None
        waiting = pool.submit(wait)
        assert waits.wait(10)
        lease.release()
        assert waiting.result(10)


def test_a_lease_is_exclusive(leases: Leases) -> None:
    inside, met = [0], []

    def take() -> None:
        lease = leases.take("box", 10)
        assert lease is not None
        inside[0] += 1
        met.append(inside[0])
        inside[0] -= 1
        lease.release()

    with ThreadPoolExecutor(8) as pool:
        for _ in range(200):
            pool.submit(take)

    assert met == [1] * 200
    assert "box" not in leases.taken
