"""Readers of a feed of changes come back for what is new."""

from safelight_mock.core.changes import Changes


def test_a_reader_gets_what_changed_since_it_read_last() -> None:
    changes = Changes()
    for name in ("a", "b", "a", "c"):
        changes.note(name)

    assert changes.since(0) == (4, {"a", "b", "c"})
    assert changes.since(2) == (4, {"a", "c"})
    assert changes.since(4) == (4, set())


def test_a_reader_that_is_too_far_behind_gets_none() -> None:
    changes = Changes(most=2)
    for name in ("a", "b", "c"):
        changes.note(name)

    assert changes.since(1) == (3, {"b", "c"})
    assert changes.since(0) == (3, None)
