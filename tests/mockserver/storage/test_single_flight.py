"""Things are made once, however many ask."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from safelight_mock.storage.single_flight import SingleFlight


def test_concurrent_calls_share_one_computation() -> None:
    once: SingleFlight[str] = SingleFlight(9)
    together, made = Barrier(8), []

    def make() -> str:
        made.append("thing")
        return "thing"

    def ask(_: int) -> str:
        together.wait(5)
        return once.get("name", make)

    with ThreadPoolExecutor(8) as pool:
        got = set(pool.map(ask, range(8)))

    assert (got, made) == ({"thing"}, ["thing"])


def test_a_computation_may_need_another_one() -> None:
    once: SingleFlight[int] = SingleFlight(9)

    assert once.get("sum", lambda: 1 + once.get("part", lambda: 1)) == 2


def test_false_is_cached_too() -> None:
    once: SingleFlight[bool] = SingleFlight(9)

    assert once.get("name", lambda: False) is False
    assert once.get("name", lambda: True) is False


def test_the_oldest_results_are_dropped_first() -> None:
    once: SingleFlight[int] = SingleFlight(2)
    for number in range(3):
        once.get(str(number), lambda number=number: number)  # type: ignore[misc] # mypy sees no default

    assert [once.known(str(number)) for number in range(3)] == [None, 1, 2]


def test_a_failed_computation_is_retried() -> None:
    once: SingleFlight[int] = SingleFlight(2)

    with pytest.raises(ZeroDivisionError):
        once.get("name", lambda: 1 // 0)

    assert once.get("name", lambda: 1) == 1
