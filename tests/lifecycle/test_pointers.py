"""JSON Pointers are read and written as RFC 6901 defines them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_lifecycle import format_pointer, parse_pointer, value_at

# The document and the pointers of RFC 6901, section 5.
DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_the_pointers_of_the_rfc_lead_to_the_values_of_the_rfc(pointer: str, value: object) -> None:
    assert value_at(pointer, DOCUMENT) == value


@pytest.mark.parametrize("pointer", ["/foo/2", "/foo/00", "/foo/-", "/foo/²", "/foo/bar", "/a/b"])
def test_a_pointer_to_nothing_leads_to_none(pointer: str) -> None:
    assert value_at(pointer, DOCUMENT) is None


@pytest.mark.parametrize("pointer", ["foo", "#/foo", "/m~n", "/m~2n"])
def test_text_of_another_form_is_rejected(pointer: str) -> None:
    with pytest.raises(ValueError, match="is not a JSON Pointer"):
        parse_pointer(pointer)


@given(tokens=st.lists(st.text(), max_size=4))
def test_tokens_survive_being_written(tokens: list[str]) -> None:
    assert parse_pointer(format_pointer(tokens)) == tuple(tokens)
