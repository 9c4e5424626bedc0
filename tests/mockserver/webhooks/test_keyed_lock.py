"""One at a time has a name to himself."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from safelight_mock.webhooks.keyed_lock import Turns


def test_a_name_is_taken_for_as_long_as_somebody_has_it() -> None:
    turns = Turns()

    with turns.turn("box", 0) as is_mine:
        assert is_mine
        assert (turns.is_taken("box"), turns.is_taken("other")) == (True, False)

    assert not turns.is_taken("box")


def test_who_waits_in_vain_is_told_and_takes_nothing_away() -> None:
    turns = Turns()

    with turns.turn("box", 0), turns.turn("other", 0) as other:
        assert other
        with turns.turn("box", 0.001) as is_mine:
            assert not is_mine
        assert turns.is_taken("box")


def test_who_waits_comes_next() -> None:
    turns, waits = Turns(), Event()

    def wait() -> bool:
        waits.set()
        with turns.turn("box", 10) as is_mine:
            return is_mine

    with ThreadPoolExecutor(1) as pool:
        with turns.turn("box", 0):
            waiting = pool.submit(wait)
            assert waits.wait(10)
        assert waiting.result(10)


def test_many_who_want_one_name_never_have_it_together() -> None:
    turns, inside, met = Turns(), [0], []

    def take() -> None:
        with turns.turn("box", 10):
            inside[0] += 1
            met.append(inside[0])
            inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        for _ in range(200):
            pool.submit(take)

    assert met == [1] * 200
    assert not turns.is_taken("box")
