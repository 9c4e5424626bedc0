"""The conformance suite of `x-async-jobs` is valid and complete, and the mock server gives its exchanges."""

from typing import Any

import pytest
from tests.conformance.playing import CASES, Json, cases, document_of, play, schema_keys

from safelight_openapi import find_violations
from safelight_openapi._checks.lifecycles import lifecycle_violations


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in cases()])
def test_the_server_gives_the_exchange_of_a_case(case: Json) -> None:
    play(case)


@pytest.mark.slow
def test_the_document_of_the_suite_is_valid() -> None:
    assert find_violations(document_of({})) == []


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in cases()])
def test_the_lifecycle_of_a_case_is_valid(case: Json) -> None:
    assert [*lifecycle_violations(document_of(case))] == []


def test_each_file_says_what_it_is_about_and_no_two_cases_have_one_name() -> None:
    names = [name for name, _ in cases()]

    assert len({*names}) == len(names)
    assert all(path.read_text(encoding="utf-8").startswith("about: ") for path in CASES)


def test_every_key_of_the_schema_is_in_a_case() -> None:
    used = {key for _, case in cases() for key in _keys(document_of(case)["x-async-jobs"])}

    assert schema_keys() - used == set()


def _keys(node: Any) -> set[str]:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        return {*node, *(key for value in node.values() for key in _keys(value))}
    return {key for value in node for key in _keys(value)} if isinstance(node, list) else set()
