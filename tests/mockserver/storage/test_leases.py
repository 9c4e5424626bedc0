"""One holder at a time may move a sandbox's clock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from safelight_mock.storage.leases import Leases


def test_a_name_is_leased_until_it_is_released() -> None:
    leases = Leases()

    assert leases.take("box", 0)
    assert ("box" in leases.taken, "other" in leases.taken) == (True, False)

    leases.give_back("box")
    assert "box" not in leases.taken


def test_a_lease_times_out_without_affecting_its_holder() -> None:
    leases = Leases()
    leases.take("box", 0)

    assert leases.take("other", 0)
    assert not leases.take("box", 0.001)
    assert "box" in leases.taken


def test_a_waiting_thread_gets_the_lease_next() -> None:
    leases, waits = Leases(), Event()

    def wait() -> bool:
        waits.set()
        return leases.take("box", 10)

    with ThreadPoolExecutor(1) as pool:
        leases.take("box", 0)
        waiting = pool.submit(wait)
        assert waits.wait(10)
        leases.give_back("box")
        assert waiting.result(10)


def test_a_lease_is_exclusive() -> None:
    leases, inside, met = Leases(), [0], []

    def take() -> None:
        assert leases.take("box", 10)
        inside[0] += 1
        met.append(inside[0])
        inside[0] -= 1
        leases.give_back("box")

    with ThreadPoolExecutor(8) as pool:
        for _ in range(200):
            pool.submit(take)

    assert met == [1] * 200
    assert "box" not in leases.taken
