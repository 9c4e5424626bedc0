"""The sandboxes that have something of an id, in the order in which they got it."""

from safelight_mock.storage.indexes import NameIndex


def index(*names: str) -> NameIndex:
    made = NameIndex()
    for name in names:
        made.add("thing", name)
    return made


def test_the_names_are_in_order_and_each_once() -> None:
    assert [*index().names("thing")] == []
    assert [*index("ann").names("thing")] == ["ann"]
    assert [*index("ann", "ann").names("thing")] == ["ann"]
    assert [*index("bob", "ann", "cid", "ann").names("thing")] == ["bob", "ann", "cid"]
    assert [*index("ann").names("other")] == []


def test_a_name_is_removed_from_among_others() -> None:
    names = index("bob", "ann", "cid")

    names.remove("thing", "ann")
    names.remove("thing", "unknown")
    names.remove("unknown", "ann")
    assert [*names.names("thing")] == ["bob", "cid"]

    names.remove("thing", "cid")
    names.remove("thing", "bob")
    assert [*names.names("thing")] == []


def test_the_only_name_is_removed_by_itself_alone() -> None:
    names = index("ann")

    names.remove("thing", "bob")
    assert [*names.names("thing")] == ["ann"]

    names.remove("thing", "ann")
    assert [*names.names("thing")] == []


def test_a_name_that_was_removed_can_be_added_again() -> None:
    names = index("ann", "bob")
    names.remove("thing", "ann")
    names.remove("thing", "bob")

    names.add("thing", "cid")

    assert [*names.names("thing")] == ["cid"]
