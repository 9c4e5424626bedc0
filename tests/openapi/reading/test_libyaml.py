"""What the fast reader reads is what the reader of YAML 1.2 reads; what it leaves, that one reads."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_openapi import JSONValue, dump_yaml, parse_document
from safelight_openapi._reading import core_yaml
from safelight_openapi._reading.libyaml import NotPlainError, load_plain

ROOT = Path(__file__).parents[3]
FILES = sorted([*ROOT.glob("examples/*/*.yaml"), *ROOT.glob("openapi/*/*.yaml")])

SCALARS = """
a|b c|on|no|True|null|~||1|010|+1|-0|1.5|1.|.5|1e3|1_000|0x1f|0o17|0b1|12:30|2026-11-21|.inf|-.nan|3.1.0|-|--
...|=|9999999999999999999|é|x: y|#a|'1'|"on"|!!str 1|&a b
"""
WORDS = st.sampled_from(SCALARS.strip().replace("\n", "|").split("|"))
LINES = st.lists(st.tuples(st.integers(0, 3), WORDS, WORDS), max_size=12)


@pytest.mark.slow  # large documents
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_documents_are_read_like_by_the_reader_of_version_1_2(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    try:
        plain = load_plain(text)
    except NotPlainError:
        return
    assert repr(plain) == repr(core_yaml.load(text))


def test_most_documents_are_plain() -> None:
    def is_plain(path: Path) -> bool:
        try:
            load_plain(path.read_text(encoding="utf-8"))
        except NotPlainError:
            return False
        return True

    assert sum(map(is_plain, FILES)) > len(FILES) * 0.7


@given(LINES)
def test_whatever_it_reads_the_other_reader_reads_alike(lines: list[tuple[int, str, str]]) -> None:
    text = "".join(f"{'  ' * depth}{key}: {value}\n" for depth, key, value in lines)

    try:
        plain = load_plain(text)
    except NotPlainError:
        return
    assert repr(plain) == repr(core_yaml.load(text))


@given(st.lists(WORDS, max_size=8))
def test_lists_in_brackets_are_read_alike_too(words: list[str]) -> None:
    text = f"[{', '.join(words)}]"

    try:
        plain = load_plain(text)
    except NotPlainError:
        return
    assert repr(plain) == repr(core_yaml.load(text))


VALUES: st.SearchStrategy[JSONValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_was_written_is_read_again(value: JSONValue) -> None:
    text = dump_yaml({"value": value})

    try:
        assert load_plain(text) == {"value": value}
    except NotPlainError:
        return


NOT_PLAIN = r"""
a: 1\na: 2
200: 1\n'200': 2
{<<: {a: 1}}
a: !!set {}
a: !mine b
? [a]\n: b
a: [
a: &a [*a]
010: a
1e3: a
true: a
null: a
a:\tb
%YAML 1.1\n---\na: b
a: b\n---\nc: d
a: 0x1
a: .5
"""


@pytest.mark.parametrize("text", ["", "[" * 300 + "]" * 300, *NOT_PLAIN.strip().split("\n")])
def test_what_is_not_plain_is_left_to_the_other_reader(text: str) -> None:
    with pytest.raises(NotPlainError):
        load_plain(text.replace("\\n", "\n").replace("\\t", "\t"))


def test_an_alias_is_read_once_and_a_document_has_copies() -> None:
    text = "a: &a {b: [1]}\nc: *a\n"

    plain, document = load_plain(text), parse_document(text, source="a.yaml")

    assert plain["a"] is plain["c"]
    assert document == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert isinstance(document, dict)
    assert document["a"] is not document["c"]
