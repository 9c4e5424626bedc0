"""Values of lifecycles are immutable, compared by their fields, and checked when they are made."""

import copy
import pickle
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest

from safelight_lifecycle import Deadline, Record, Since, StateSet, Timing, Wait, Words, parse_expression

PLACE = parse_expression("$request.header.Prefer")
COPIES = [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]  # noqa: S301 - our own bytes


class Point(Record, kw_only=False):
    x: int
    y: int = 0

    @cached_property
    def sum(self) -> int:
        return self.x + self.y


class Named(Point):
    name: str
    y: int = 7


def test_fields_that_are_not_given_have_the_defaults_of_the_class() -> None:
    assert (Point(3).x, Point(3).y, Point(x=3, y=4).y) == (3, 0, 4)


def test_a_class_has_the_fields_of_its_base_too() -> None:
    one = Named(x=1, name="a")

    assert repr(one) == "Named(x=1, y=7, name='a')"
    assert one.sum == 8


def test_fields_given_in_order_can_be_matched_in_order() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Wait, "Wait lacks place, default"),
        (lambda: Timing(pause=1.0), "Timing has no field 'pause'; its fields are queued, running"),  # type: ignore[call-arg]
        (lambda: Timing(1.0), "Timing takes 0 values in order, not 1"),  # type: ignore[call-arg]
        (lambda: Since(StateSet(), 2), "Since takes 1 values in order, not 2"),  # type: ignore[call-arg]
        (lambda: Point(1, x=2), "Point has 'x' twice"),  # type: ignore[misc]
        (lambda: Timing()._replace(pause=1.0), "Timing has no field 'pause'; its fields are queued, running"),
    ],
)
def test_missing_unknown_and_superfluous_values_are_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        make()

    assert str(caught.value) == message


def test_values_are_equal_if_their_class_and_all_their_fields_are() -> None:
    assert Point(1) == Point(x=1, y=0)
    assert hash(Point(1)) == hash(Point(x=1, y=0))
    assert Point(1) != Point(1, 1)
    assert Named(x=1, y=1, name="") != Point(1, 1)
    assert Deadline() == Deadline(words={})


def test_a_field_can_be_neither_set_nor_deleted() -> None:
    one = Timing(queued=1.0)

    with pytest.raises(AttributeError, match=r"^Timing\.queued cannot be set; a record is immutable$"):
        one.queued = 2.0  # type: ignore[misc]
    with pytest.raises(AttributeError, match=r"^Timing\.queued cannot be deleted; a record is immutable$"):
        del one.queued

    assert one == Timing(queued=1.0)


def test_a_mapping_that_is_a_default_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Deadline().words["done"] = 1  # type: ignore[index]


def test_another_value_has_the_fields_that_are_not_replaced() -> None:
    one = Wait(place=PLACE, default=5.0, most=9.0)

    assert one._replace(default=6.0) == Wait(place=PLACE, default=6.0, most=9.0)
    assert one == Wait(place=PLACE, default=5.0, most=9.0)


@pytest.mark.parametrize("copied", COPIES)
def test_a_value_can_be_copied_and_pickled(copied: Callable[[Any], Any]) -> None:
    one, used = Deadline(place=PLACE, default=5.0), Named(x=1, name="a")
    assert used.sum == 8

    assert copied(one) == one
    assert copied(used) == used
    assert "sum" not in vars(copied(used))  # nothing that was calculated
    assert copied(Words()) == Words()
