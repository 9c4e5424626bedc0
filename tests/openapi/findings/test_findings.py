"""Findings: locations as queries, actions that correct a value, and what a misspelled name may mean."""

from typing import Any

import pytest

from safelight_openapi import (
    Finding,
    FindingCode,
    add_member,
    apply_overlay,
    closest,
    json_path,
    parse_overlay,
    remove_value,
    rename_member,
    set_value,
)

DOCUMENT: Any = {"x-async-jobs": {"it's": {"submit": ["one", "tow"]}, "a\\b\n\x01": 1}}


@pytest.mark.parametrize(
    ("location", "query"),
    [
        ((), "$"),
        (("paths", "/a/{b}", "get"), "$.paths['/a/{b}'].get"),
        (("x-async-jobs", "it's", "submit", 1), r"$['x-async-jobs']['it\'s'].submit[1]"),
        (("a\\b\n\x01",), r"$['a\\b\n\u0001']"),
    ],
)
def test_a_location_is_written_as_a_query_of_rfc_9535(location: tuple[str | int, ...], query: str) -> None:
    assert json_path(location) == query


def test_actions_set_add_remove_and_rename() -> None:
    jobs = ("x-async-jobs", "it's")

    fixed: Any = _applied(
        set_value((*jobs, "submit", 1), "two", "Misspelled."),
        add_member(jobs, "read", "three", "Missing."),
        remove_value(("x-async-jobs", "a\\b\n\x01"), "Not used."),
        *rename_member((*jobs, "read"), "list", "three", "Misspelled."),
    )

    assert fixed == {"x-async-jobs": {"it's": {"submit": ["one", "two"], "list": "three"}}}


def test_the_names_most_like_a_misspelled_one_come_first_and_case_does_not_count() -> None:
    known = ["createRender", "getRender", "create_render", "listFiles"]

    assert closest("CREATERENDER", known) == ("createRender", "create_render", "getRender")
    assert closest("zzz", known) == ()


def test_a_finding_is_shown_with_its_location() -> None:
    finding = Finding(code=FindingCode.NO_LIFECYCLE, message="x-async-jobs is missing", pointer="")

    assert str(finding) == "/: x-async-jobs is missing"
    assert finding.code == "no-lifecycle"
    assert finding.code.subject == "lifecycle"


def _applied(*actions: Any) -> Any:  # noqa: ANN401 - as documents are read
    overlay: Any = {"overlay": "1.1.0", "info": {"title": "Fixes", "version": "1"}, "actions": [*actions]}
    return apply_overlay(DOCUMENT, parse_overlay(overlay, source="fixes"), strict=True).document
