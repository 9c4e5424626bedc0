"""Documents are read unchanged, and written so that they are read as the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_openapi import (
    DocumentError,
    DocumentFormat,
    JSONValue,
    dump_json,
    dump_yaml,
    format_of,
    parse_document,
    read_document,
    string_keyed,
)

YAML_VALUES: list[tuple[str, JSONValue]] = [
    ("[on, off, yes, no, y, n, On, OFF]", ["on", "off", "yes", "no", "y", "n", "On", "OFF"]),
    ("[true, True, FALSE, null, ~, Null]", [True, True, False, None, None, None]),
    ("[2026-11-21, 2026-11-21T10:00:00Z]", ["2026-11-21", "2026-11-21T10:00:00Z"]),
    ("[12, +1, -1, 010, 0o10, 0x1f]", [12, 1, -1, 10, 8, 31]),
    ("[1_000, 0b11, 12:30:45, 1_0.5, 0x_1]", ["1_000", "0b11", "12:30:45", "1_0.5", "0x_1"]),
    ("[1.5, 1., .5, 1e3, 1E+3]", [1.5, 1.0, 0.5, 1000.0, 1000.0]),
    ("['12', \"no\", !!str 12]", ["12", "no", "12"]),
    ("[3.1.0, 1.2.3-rc, =, <]", ["3.1.0", "1.2.3-rc", "=", "<"]),
    ("[&a {x: 1}, *a]", [{"x": 1}, {"x": 1}]),
    ("{<<: {x: 1, y: 1}, y: 2}", {"x": 1, "y": 2}),
    ("|\n  two\n  lines\n", "two\nlines\n"),
]


@pytest.mark.parametrize(("text", "value"), YAML_VALUES)
def test_yaml_is_read_as_version_1_2(text: str, value: JSONValue) -> None:
    document = parse_document(f"value: {text}", source="some.yaml")

    assert repr(document) == repr({"value": value})


@pytest.mark.parametrize("value", [row[1] for row in YAML_VALUES])
def test_a_yaml_document_can_be_written_and_read_again(value: JSONValue) -> None:
    assert repr(parse_document(dump_yaml(value), source="some.yaml")) == repr(value)


def test_numbers_as_keys_stay_numbers_until_one_asks_for_strings() -> None:
    document = parse_document("200: {1.5: a, -1: b}\nx-y: 0\n", source="some.yaml")

    assert repr(document) == "{200: {1.5: 'a', -1: 'b'}, 'x-y': 0}"
    assert string_keyed(document) == {"200": {"1.5": "a", "-1": "b"}, "x-y": 0}


@pytest.mark.parametrize("key", ["0x1", "010", "+1", "1.10", "1e3", "true", "null", "~", "0o7"])
def test_a_key_that_would_not_be_spelled_the_same_must_be_quoted(key: str) -> None:
    with pytest.raises(DocumentError, match=r"some\.yaml, line 2: it is not valid YAML \(quote the"):
        parse_document(f"a: 1\n{key}: 2\n", source="some.yaml")

    assert parse_document(f"a: 1\n'{key}': 2\n", source="some.yaml") == {"a": 1, key: 2}


REFUSED = [
    ("a.yaml", "a: 1\nb: 2\na: 3\n",
     "a.yaml, line 3: it is not valid YAML (the key a occurs twice in one mapping)."),
    ("a.yaml", "200: 1\n'200': 2\n",
     "a.yaml, line 2: it is not valid YAML (the key 200 occurs twice in one mapping)."),
    ("a.yaml", "a: {b: 1, b: 2, <<: {}}",
     "a.yaml, line 1: it is not valid YAML (the key b occurs twice in one mapping)."),
    ("a.yaml", "? [a]\n: 1\n", "a.yaml, line 1: it is not valid YAML (a mapping key must be a scalar)."),
    ("a.yaml", "a: 1\n---\nb: 2\n", "a.yaml, line 2: it is not valid YAML (but found another document)."),
    ("a.yaml", "a: [1\n",
     "a.yaml, line 2: it is not valid YAML (expected ',' or ']', but got '<stream end>')."),
    ("a.yaml", "a: .inf\n", "a.yaml: inf is not a JSON number."),
    ("a.yaml", "a: .nan\n", "a.yaml: nan is not a JSON number."),
    ("a.yaml", 'a: "\\ud800"\n', "a.yaml: the text '\\ud800' contains an unpaired surrogate."),
    ("a.yaml", "a: !!float x\n",
     "a.yaml: a value does not match its tag (could not convert string to float: 'x')."),
    ("a.yaml", "a: &a [*a]\n", "a.yaml: it is nested more than 200 levels deep."),
    ("a.yaml", "a: &a {<<: *a}\n", "a.yaml, line 1: it is not valid YAML (a mapping merges itself by <<)."),
    ("a.yaml", "b: &b {<<: [{c: &c {<<: *b}}, *c]}\n",
     "a.yaml, line 1: it is not valid YAML (a mapping merges itself by <<)."),
    ("a.yaml", f"a: {'1' * 4_301}\n",
     "a.yaml, line 1: it is not valid YAML (a number has more than 4,300 digits)."),
    ("a.json", f"[{'1' * 4_301}]", "a.json: a number has more than 4,300 digits."),
    ("a.json", '{"a": 1,\n"b" 2}', "a.json, line 2: it is not valid JSON (Expecting ':' delimiter)."),
    ("a.json", '{"a": {"b": 1, "b": 2}}', "a.json: the key b occurs twice in one object."),
    ("a.json", '{"a": NaN}', "a.json: nan is not a JSON number."),
    ("a.json", '{"a": -1e999}', "a.json: -inf is not a JSON number."),
    ("a.json", '{"\\udfff": 1}', "a.json: the text '\\udfff' contains an unpaired surrogate."),
    ("a.json", "", "a.json, line 1: it is not valid JSON (Expecting value)."),
    ("a.json", "[" * 100_000, "a.json: it is nested more than 200 levels deep."),
    ("a.json", "[" * 202 + "]" * 202, "a.json: it is nested more than 200 levels deep."),
    ("a.yaml", "[" * 500, "a.yaml: it is nested more than 200 levels deep."),
    ("a.yaml", "".join(f"{' ' * n}a:\n" for n in range(201)),
     "a.yaml: it is nested more than 200 levels deep."),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "sentence"), REFUSED)
def test_values_that_json_cannot_represent_are_rejected_with_a_sentence(
    source: str, text: str, sentence: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        parse_document(text, source=source)

    assert str(refused.value).replace("; correct it there, or use another file", "") == sentence


@pytest.mark.parametrize("tag", ["!!binary aGk=", "!!set {x}", "!!omap [a: 1]", "!!pairs [a: 1]", "!mine x"])
def test_a_tag_without_a_json_equivalent_is_rejected(tag: str) -> None:
    with pytest.raises(DocumentError, match="could not determine a constructor for the tag"):
        parse_document(f"a: {tag}", source="a.yaml")


@pytest.mark.slow
def test_aliases_that_unfold_without_end_are_rejected_and_not_followed() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

    with pytest.raises(
        DocumentError, match=r"^a.yaml: aliases and merge keys add more than 200,000 values to it"
    ):
        parse_document("\n".join(lines), source="a.yaml")


@pytest.mark.parametrize("source", ["a.json", "a.yaml"])
def test_two_hundred_levels_are_read(source: str) -> None:
    text = "[" * 201 + "]" * 201

    assert dump_json(parse_document(text, source=source)).count("[") == 201


@pytest.mark.slow
def test_a_long_text_behind_many_aliases_counts_by_its_length() -> None:
    text = f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 2_100)}]\n"

    with pytest.raises(DocumentError, match="aliases and merge keys add more than 200,000 values to it"):
        parse_document(text, source="a.yaml")


MERGE_BOMBS = {
    "nine aliases on each of many levels": "a0: &a0 {k: x}\n"
    + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 30)),
    "another key on each level": "a0: &a0 {k: x}\n"
    + "".join(
        f"a{n}: &a{n} {{m{n}: y, <<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 30)
    ),
    "a large mapping many times": f"b: &b {{{', '.join(f'k{n}: x' for n in range(500))}}}\n"
     "l: [" + ", ".join(["{<<: *b}"] * 500) + "]\n",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("text", MERGE_BOMBS.values(), ids=MERGE_BOMBS)
def test_merge_keys_that_bring_in_too_much_are_rejected_before_they_are_followed(text: str) -> None:
    with pytest.raises(DocumentError, match=r"merge keys \(<<\) add more than 200,000 pairs"):
        parse_document(text, source="a.yaml")


def test_what_several_mappings_merge_is_within_the_bound() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {<<: *a, y: 3}\nc: {<<: [*b, {z: 4, x: 5}], w: 6}\n"

    document = parse_document(text, source="a.yaml")

    assert document == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}, "c": {"x": 1, "y": 3, "z": 4, "w": 6}}


def test_a_value_behind_an_alias_is_a_value_of_its_own() -> None:
    document = parse_document("a: &a [1]\nb: *a\n", source="a.yaml")

    assert isinstance(document, dict)
    assert document["a"] is not document["b"]


def test_a_mapping_that_is_merged_before_it_is_read_has_no_key_twice() -> None:
    text = "a: {b: {c: &c {<<: {x: 1}, x: 2}}}\nd: {<<: *c}\n"

    assert parse_document(text, source="a.yaml") == {"a": {"b": {"c": {"x": 2}}}, "d": {"x": 2}}


@pytest.mark.parametrize(
    ("source", "text", "form"),
    [
        ("a.json", "a: 1", DocumentFormat.JSON),
        ("a.yaml", "{}", DocumentFormat.YAML),
        ("a.YML", "{}", DocumentFormat.YAML),
        ("a.txt", " \n{}", DocumentFormat.JSON),
        ("a.txt", "[]", DocumentFormat.JSON),
        ("a.txt", "openapi: 3.1.0", DocumentFormat.YAML),
        ("a", "", DocumentFormat.YAML),
    ],
)
def test_the_format_depends_on_the_name_and_else_on_the_text(
    source: str, text: str, form: DocumentFormat
) -> None:
    assert format_of(text, source=source) is form


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": "\xc3\xa9"}')

    assert read_document(tmp_path / "a.json") == {"a": "é"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DocumentError, match=r"none\.json: cannot read it \(No such file or directory\); check"
    ):
        read_document(tmp_path / "none.json")


def test_json_is_indented_unescaped_and_ends_with_a_newline() -> None:
    assert dump_json({"b": ["é"], "a": {}}) == '{\n  "b": [\n    "é"\n  ],\n  "a": {}\n}\n'


def test_yaml_is_written_in_blocks_with_keys_in_their_order() -> None:
    document: JSONValue = {"b": [{"c": "é", "d": []}], "a": "two\nlines\n", "200": {}}

    assert dump_yaml(document) == "b:\n- c: é\n  d: []\na: |\n  two\n  lines\n'200': {}\n"


def test_yaml_quotes_what_an_older_reader_would_take_for_more_than_text() -> None:
    assert dump_yaml(["no", "Y", "12:30", "2026-11-21", "1_000", "plain"]) == (
        "- 'no'\n- 'Y'\n- '12:30'\n- '2026-11-21'\n- '1_000'\n- plain\n"
    )


def test_yaml_writes_a_value_out_each_time_it_occurs() -> None:
    shared: JSONValue = [1]

    assert dump_yaml({"a": shared, "b": shared}) == "a:\n- 1\nb:\n- 1\n"


TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["no", "1e3", "0x1", "<<", "=", "a: b", "- a", "#", "%", " a", "a ", "\n", "a\n\n b", "---", "..."]
)  # fmt: skip
VALUES: st.SearchStrategy[JSONValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_json_comes_back_as_it_was(document: JSONValue) -> None:
    assert repr(parse_document(dump_json(document), source="a.json")) == repr(document)


@given(VALUES)
def test_yaml_comes_back_as_it_was(document: JSONValue) -> None:
    assert repr(parse_document(dump_yaml(document), source="a.yaml")) == repr(document)
