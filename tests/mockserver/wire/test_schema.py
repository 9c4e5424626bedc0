"""Text becomes the type its schema wants, or stays text and is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.wire import JSON, Schema
from safelight_mock.wire.schema import Query, is_file, may_be_file, resolve, typed

INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}
TEXT = {"type": "string"}
OBJECT = {"type": "object"}
EITHER = {"anyOf": [{"type": "string", "enum": ["auto"]}, {"type": "integer"}]}


@pytest.mark.fidelity("topaz:lenient-booleans")
@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("2000", INTEGER, 2000),
        ("-3", INTEGER, -3),
        ("2000.5", INTEGER, "2000.5"),
        ("1_000", INTEGER, "1_000"),
        ("٣", INTEGER, "٣"),
        ("", INTEGER, ""),
        ("9" * 32, INTEGER, int("9" * 32)),
        ("9" * 33, INTEGER, "9" * 33),
        ("0.5", NUMBER, 0.5),
        ("5", NUMBER, 5),
        ("nan", NUMBER, "nan"),
        ("inf", NUMBER, "inf"),
        ("1e999", NUMBER, "1e999"),
        ("true", BOOLEAN, True),
        ("False", BOOLEAN, False),
        ("1", BOOLEAN, "1"),
        ("2000", TEXT, "2000"),
        ("auto", EITHER, "auto"),
        ("7", EITHER, 7),
        ("7", {"oneOf": [{"type": "string"}, {"type": "integer"}]}, 7),
        ("7", {"type": ["integer", "null"]}, 7),
        ('{"a": [1]}', OBJECT, {"a": [1]}),
        ("{a}", OBJECT, "{a}"),
        ("[" * 10_000, OBJECT, "[" * 10_000),
    ],
)
def test_text_is_read_as_its_schema_says(text: str, schema: dict[str, JSON], value: JSON) -> None:
    read = typed(text, schema, strict=False)

    assert read == value
    assert type(read) is type(value)


def test_uuids_are_case_insensitive() -> None:
    schema = Schema({}, {"type": "string", "format": "uuid"})

    read = schema.read("0B5B6C5E-9B4C-4B1F-8D3C-2F1E0A9D8C7B", strict=True)

    assert read == "0b5b6c5e-9b4c-4b1f-8d3c-2f1e0a9d8c7b"
    assert Schema({}, TEXT).read("Abc", strict=True) == "Abc"


@pytest.mark.fidelity("topaz:lenient-booleans")
def test_a_strict_boolean_is_written_in_lower_case() -> None:
    assert typed("True", BOOLEAN, strict=True) == "True"
    assert typed("true", BOOLEAN, strict=True) is True


@given(st.text(max_size=40), st.sampled_from([INTEGER, NUMBER, BOOLEAN, TEXT, EITHER]))
def test_no_text_breaks_the_reading(text: str, schema: dict[str, JSON]) -> None:
    value = typed(text, schema, strict=False)

    assert value == text or Schema({}, schema).accepts(value)


def test_references_are_followed_through_escapes() -> None:
    document = {"components": {"schemas": {"a/b~c": {"$ref": "#/components/schemas/d"}, "d": INTEGER}}}

    assert resolve(document, {"$ref": "#/components/schemas/a~1b~0c"}) == INTEGER


def test_formats_are_checked() -> None:
    identified = Schema({}, {"type": "string", "format": "uuid"})

    assert identified.accepts("d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b")
    assert not identified.accepts("d7b3")


def test_files_are_known_in_both_dialects() -> None:
    assert is_file({"type": "string", "contentMediaType": "application/octet-stream"})
    assert is_file({"type": "string", "format": "binary"})
    assert not is_file(TEXT)


@pytest.mark.parametrize(
    ("described", "may_be"),
    [
        ({"$ref": "#/File"}, True),
        ({"anyOf": [{"$ref": "#/File"}, {"type": "null"}]}, True),
        ({"oneOf": [{"type": "null"}, {"$ref": "#/File"}]}, True),
        ({"type": "array", "items": {"$ref": "#/File"}}, True),
        ({"type": "array", "items": True}, False),
        (TEXT, False),
    ],
)
def test_a_property_may_be_a_file_in_one_branch_and_behind_a_reference(
    described: dict[str, JSON], *, may_be: bool
) -> None:
    schema = Schema({"File": {"type": "string", "format": "binary"}}, {"properties": {"a": described}})

    assert may_be_file(schema.document, schema.properties["a"]) is may_be


def test_the_first_problem_is_returned() -> None:
    assert Schema({}, INTEGER).first_problem(3) == ""  # nothing is wrong
    assert Schema({}, INTEGER).first_problem("x") == '"x" is not an integer'
    assert Schema({}, {"type": ["integer", "null"]}).first_problem("x")


def test_a_problem_tells_what_is_allowed_and_no_secret() -> None:
    schema = Schema({}, {"properties": {"mode": {"enum": ["fast", "slow"]}, "api_key": {"type": "integer"}}})

    assert (
        schema.first_problem({"mode": "fost"})
        == "mode: \"fost\" must be one of fast, slow; did you mean 'fast'?"
    )
    assert "sk-1" not in schema.first_problem({"api_key": "sk-1"})


def test_a_schema_reads_no_file_and_fetches_no_address(tmp_path: Path) -> None:
    (tmp_path / "any.json").write_text("{}")
    address = (tmp_path / "any.json").as_uri()

    with pytest.raises(ValueError, match=f"{address} leads out of the document"):
        Schema({}, {"definitions": {"x": {"$ref": address}}}).accepts(1)


def test_a_query_has_the_first_text_of_each_name_or_all_and_knows_which_were_read() -> None:
    query = Query("page=1&tag=a&tag=b&odd=&other=2")

    assert (query["page"], query.every("tag"), query["odd"]) == ("1", ["a", "b"], "")
    assert ([*query], len(query), query.unread) == (["page", "tag", "odd", "other"], 4, ("other",))
