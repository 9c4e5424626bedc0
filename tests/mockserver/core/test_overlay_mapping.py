"""A working copy behaves as a copy would, and shows in its base only once it is merged."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.core.overlay_mapping import DueIndex, OverlayMapping, backwards, put

names = st.sampled_from("abcde")
values = st.floats(0, 9)
Step = tuple[str, str, float]
steps = st.lists(st.tuples(st.sampled_from(["set", "remove", "pop", "again"]), names, values), max_size=12)
bases = st.dictionaries(names, values)


def take(step: Step, mapping: MutableMapping[str, float]) -> object:
    """Do one thing to a mapping; return what comes of it."""
    kind, name, value = step
    try:
        match kind:
            case "set":
                mapping[name] = value
            case "remove":
                del mapping[name]
            case "pop":
                return mapping.pop(name, None)
            case "again":
                mapping[name] = mapping.pop(name)
    except KeyError:
        return "no such key"
    return None


def seen(mapping: Mapping[str, float]) -> tuple[object, ...]:
    """Return all that can be read from a mapping."""
    requested = [(name in mapping, mapping.get(name)) for name in "abcdef"]
    return [*mapping.items()], [*mapping.values()], [*backwards(mapping)], len(mapping), requested


@given(bases, steps, steps)
def test_a_copy_is_changed_as_a_dict_would_be_and_its_base_is_not_until_it_is_merged(
    base: dict[str, float], first: list[Step], second: list[Step]
) -> None:
    plain, below = dict(base), dict(base)
    copy = OverlayMapping(below)

    for steps in (first, second):
        before = dict(below)
        for step in steps:
            assert take(step, copy) == take(step, plain)
            assert seen(copy) == seen(plain)
            assert [*copy.over(below).items()] == [*plain.items()]
        assert seen(below) == seen(before)
        copy.merge()
        assert seen(copy) == seen(below) == seen(plain)
        assert (copy.fresh, copy.gone) == ({}, {})


def in_order(times: Mapping[str, float]) -> list[tuple[float, str]]:
    return sorted(((at, name) for name, at in times.items()), key=lambda pair: pair[0])


@given(bases, steps, steps, values)
def test_a_due_index_keeps_the_order_of_a_dict_and_finds_due_items_without_a_scan(
    base: dict[str, float], first: list[Step], second: list[Step], now: float
) -> None:
    plain, below = dict(base), DueIndex(base)
    copy = below.copy()

    for steps in (first, second):
        for step in steps:
            assert take(step, copy) == take(step, plain)
            assert [*copy.items()] == [*copy.frozen().items()] == [*plain.items()]
            assert [*copy.in_order()] == in_order(plain)
            assert [*copy.due(now)] == [name for at, name in in_order(plain) if at <= now]
            assert copy.first == min(plain.values(), default=float("inf"))
        copy.merge()
        assert [*below.frozen().items()] == [*plain.items()]
        assert [*below.in_order()] == [*copy.in_order()] == in_order(plain)


@given(bases, steps)
def test_a_dropped_copy_leaves_the_due_index_unchanged(base: dict[str, float], steps: list[Step]) -> None:
    below = DueIndex(base)
    for step in steps:
        take(step, below.copy())

    assert ([*below.in_order()], dict(below)) == (in_order(base), base)


def test_a_copy_from_which_all_was_removed_has_no_earliest_time() -> None:
    base = DueIndex({"a": 1.0})
    copy = base.copy()

    del copy["a"]

    assert (copy.first, base.first) == (inf, 1.0)


@pytest.mark.parametrize("other", [-1.0, 5_000.0])
def test_the_heap_of_a_due_index_stays_bounded(other: float) -> None:
    job_due_at = DueIndex({"other": other})
    for at in range(1_000):
        job_due_at["name"] = float(at)

    assert [*job_due_at.in_order()] == sorted([(999.0, "name"), (other, "other")])
    assert len(job_due_at._heap) < 100  # noqa: SLF001 - what it costs shows nowhere else


@pytest.mark.parametrize("copied", [OverlayMapping, lambda base: DueIndex(base).copy()])
def test_what_is_not_there_cannot_be_removed(
    copied: Callable[[dict[str, float]], MutableMapping[str, float]],
) -> None:
    copy = copied({"a": 1.0})
    del copy["a"]

    for name in ("a", "b"):
        with pytest.raises(KeyError, match=name):
            del copy[name]
        with pytest.raises(KeyError, match=name):
            copy[name]
    assert repr(copy) == "{}"


def test_a_working_copy_says_what_was_set_removed_and_replaced() -> None:
    copy = OverlayMapping({"a": 1.0, "b": 2.0, "c": 3.0})

    copy["a"], copy["new"] = 5.0, 6.0
    del copy["b"]

    assert copy.change() == ({"a": 5.0, "new": 6.0}, {"b": None}, {"a": 1.0, "b": 2.0})


def test_a_copy_of_a_due_index_says_what_was_set_removed_and_replaced() -> None:
    copy = DueIndex({"a": 1.0, "b": 2.0, "c": 3.0}).copy()

    copy["a"], copy["new"] = 5.0, 6.0
    del copy["b"]

    assert copy.change() == ({"a": 5.0, "new": 6.0}, {"b": None}, {"a": 1.0, "b": 2.0})


def test_a_name_whose_time_is_set_again_comes_last_of_that_time() -> None:
    times = DueIndex({"a": 1.0, "b": 1.0, "c": 1.0})

    put(times, "a", 1.0)
    put(times, "b", None)
    put(times, "missing", None)

    assert dict(times) == {"c": 1.0, "a": 1.0}
    assert [*times.due(1.0)] == ["c", "a"]


def test_a_name_whose_time_is_replaced_keeps_its_place() -> None:
    times = DueIndex({"a": 1.0, "b": 1.0})

    times["a"] = 0.5
    times["a"] = 1.0

    assert [*times.due(1.0)] == ["a", "b"]


def test_what_is_no_copy_has_nothing_to_merge() -> None:
    times = DueIndex({"a": 1.0})

    times.merge()

    assert dict(times) == {"a": 1.0}
    assert "a" in times
    assert "b" not in times


class Counted(dict[str, float]):
    """A dict that counts how often it is walked through."""

    walks = 0

    def __iter__(self) -> Iterator[str]:
        self.walks += 1
        return super().__iter__()


def test_neither_making_a_copy_nor_changing_it_walks_through_its_base() -> None:
    base = Counted({str(number): 0.0 for number in range(1_000)})
    copy = OverlayMapping(base)

    copy["7"], copy["new"] = 1.0, 2.0
    del copy["8"]
    assert (len(copy), copy.get("7"), copy.get("8"), "9" in copy) == (1_000, 1.0, None, True)
    copy.merge()

    assert base.walks == 0
