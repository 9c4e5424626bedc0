"""The JSONPaths of lists select what RFC 9535 defines, and others are rejected."""

import pytest

from safelight_lifecycle import parse_path, select_values


@pytest.mark.parametrize(
    ("path", "body", "selected"),
    [
        ("$[*]", [1, 2], [1, 2]),
        ("$.data.results[*].url", {"data": {"results": [{"url": "a"}, {}, {"url": "b"}]}}, ["a", "b"]),
        ("$.data[*]", {"data": {"not": "a list"}}, []),
        ("$.data", ["not an object"], []),
        ("$", 1, [1]),
    ],
)
def test_a_path_selects_every_entry(path: str, body: object, selected: list[object]) -> None:
    assert select_values(path, body) == selected


def test_a_path_has_a_step_for_each_name_and_star() -> None:
    assert parse_path("$.data[*].url") == ("data", None, "url")


@pytest.mark.parametrize("path", ["$[0]", "$..id", "items[*]", "$[?@.id]", "$."])
def test_a_path_of_anything_but_names_and_stars_is_rejected(path: str) -> None:
    with pytest.raises(ValueError, match="is not a JSONPath of names"):
        select_values(path, {})
