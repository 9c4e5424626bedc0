"""A pinned job may not be evicted before a real moment."""

from math import inf

import pytest

from safelight_mock.storage.pins import Pins


@pytest.fixture
def pins() -> Pins:
    made = Pins()
    made.add("box", "early", 5.0)
    made.add("box", "late", 7.0)
    made.add("other", "job", 9.0)
    return made


def test_each_pin_has_its_end(pins: Pins) -> None:
    assert (pins.until("box", "early"), pins.until("box", "late")) == (5.0, 7.0)
    assert (pins.until("box", "unknown"), pins.until("unknown", "early")) == (-inf, -inf)
    assert (pins.all_until("box"), pins.all_until("unknown")) == (7.0, -inf)


def test_a_pin_expires_at_its_end_once(pins: Pins) -> None:
    assert [*pins.expired(4.9)] == []
    assert [*pins.expired(5.0)] == [("box", "early")]
    assert [*pins.expired(6.9)] == []
    assert pins.until("box", "early") == -inf
    assert [*pins.expired(9.0)] == [("box", "late"), ("other", "job")]
    assert (pins.all_until("box"), [*pins.expired(inf)]) == (-inf, [])


def test_a_pin_that_is_set_again_ends_later(pins: Pins) -> None:
    pins.add("box", "early", 8.0)

    assert [*pins.expired(7.0)] == [("box", "late")]
    assert [*pins.expired(8.0)] == [("box", "early")]


def test_a_pin_is_removed_once(pins: Pins) -> None:
    assert [pins.remove("box", "early") for _ in range(2)] == [True, False]
    assert pins.remove("unknown", "early") is False
    assert [*pins.expired(7.0)] == [("box", "late")]


def test_the_pins_of_one_sandbox_are_removed_together(pins: Pins) -> None:
    pins.remove_all("box")
    pins.remove_all("unknown")

    assert [*pins.expired(inf)] == [("other", "job")]
    assert pins.all_until("box") == -inf
