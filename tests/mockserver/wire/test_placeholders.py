"""Placeholders in recorded bodies are replaced by what is different each time."""

import time
from typing import Any

import pytest

from safelight_mock.wire.placeholders import Filling, filled, problems

FILLING = Filling(job="17", submitted=1_767_225_600.25, api="http://h/v1", link="http://h/files/{}".format)

VALUES: list[tuple[Any, Any]] = [
    ("${job}", "17"),
    ("${job int}", 17),
    ("${api}/jobs/${job}", "http://h/v1/jobs/17"),
    ("${file 1}", "http://h/files/1"),
    ("${time 1.5}Z", "2026-01-01T00:00:01Z"),
    ("${time.3 1.5}+00:00", "2026-01-01T00:00:01.750+00:00"),
    ("${time.6 -0.25}", "2026-01-01T00:00:00.000000"),
    ("${unix 60}", 1_767_225_660),
    ("${unix_ms 1.5}", 1_767_225_601_750),
    ("at ${unix 0}", "at 1767225600"),
    ("$${job} costs $5", "${job} costs $5"),
    ({"a": ["${own}", {"b": "${own}"}]}, {"a": [1, {"b": [2]}]}),
    ("no ${own} inside", "no  inside"),
    (3.5, 3.5),
    (None, None),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=[str(value) for value, _ in VALUES])
def test_a_placeholder_is_replaced_in_its_type(value: object, expected: object) -> None:
    assert filled(value, FILLING, {"a": [1, {"b": [2]}]}) == expected


def test_where_the_server_itself_has_nothing_there_is_nothing() -> None:
    assert filled({"a": ["${own}"], "b": {"c": "${own}"}}, FILLING, {"a": [], "b": "text"}) == {
        "a": [None],
        "b": {"c": None},
    }


def test_unknown_placeholders_and_files_are_listed() -> None:
    body = {"a": ["${jbo}", "${file 2}", "${file 1}"], "b": "$${fine} ${time}"}

    assert [*problems(body, {"1": "a.png"})] == [
        "unknown placeholder '${jbo}'; write '$${' for the text '${'",
        "'${file 2}' names none of the job's files",
        "unknown placeholder '${time}'; write '$${' for the text '${'",
    ]


def test_placeholders_are_replaced_at_any_depth() -> None:
    assert filled({"a": [{"b": ["${job}"]}], "c": {"d": "${api}"}}, FILLING) == {
        "a": [{"b": ["17"]}],
        "c": {"d": "http://h/v1"},
    }


def test_times_are_in_utc_wherever_the_server_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        assert filled("${time 0}", FILLING) == "2026-01-01T00:00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_long_unknown_placeholder_is_cut_after_eighty_characters() -> None:
    (problem,) = problems("${" + "x" * 100 + "}", {})

    assert problem == f"unknown placeholder '${{{'x' * 78}'; write '$${{' for the text '${{'"
