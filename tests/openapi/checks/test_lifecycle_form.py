"""A malformed `x-async-jobs` is reported with its location."""

from typing import Any

import pytest
from tests.openapi.checks.rendering import edited

from safelight_openapi._checks.lifecycles import lifecycle_violations


@pytest.mark.parametrize(
    ("described", "actual"),
    [
        ({"edit": {}}, "there is no version"),
        ({"version": "1"}, "version '1' is not supported"),
        ([], "there is no version"),
    ],
)
def test_another_version_is_reported_with_what_to_do(described: Any, actual: str) -> None:  # noqa: ANN401 - any JSON
    advice = "write `version: '2'`, and the lifecycles by name under `lifecycles`"

    reported = list(lifecycle_violations({"x-async-jobs": described}))

    assert reported == [f"/x-async-jobs: {actual}; {advice}"]


def test_a_version_that_is_a_number_is_reported_as_such() -> None:
    (reported,) = lifecycle_violations({"x-async-jobs": {"version": 2}})

    assert reported == "/x-async-jobs: the version must be the string '2', not a number: write `version: '2'`"


@pytest.mark.parametrize(
    ("path", "to", "violation"),
    [
        (("submit",), [], "/submit: it is empty; give at least 1 item"),
        (("colour",), "red", ": unknown key 'colour'; use one of submit"),
        (("states", "waiting"), "idle", "/states/waiting: "),
        (("retention",), "7 days", '/retention: "7 days" is not a duration; use ISO 8601, such as PT5S'),
        (("retention",), "P", '/retention: "P" is not a duration'),
        (("retention",), "P1DT", '/retention: "P1DT" is not a duration'),
        (("id", "from"), "id", '/id/from: "id" is not a place in a response, such as $response.body#/id'),
        (("result",), {"as": "bytes"}, "/result: operation is missing"),
        (("submit",), "createRender", '/submit: "createRender" is not a list; write ["createRender"]'),
        (
            ("deliver", 0, "retry"),
            {"on": ["5xx"], "first": "PT5S"},
            "/deliver/0/retry: factor and ceiling are missing: give first, factor and ceiling, or waits",
        ),
        (
            ("deliver", 0, "sign"),
            "perhaps",
            '/deliver/0/sign: "perhaps" must be none, unverified or an object with scheme',
        ),
    ],
)
def test_a_malformed_lifecycle_is_reported_with_its_location(
    path: tuple[str | int, ...], to: object, violation: str
) -> None:
    reported = list(lifecycle_violations(edited(*path, to=to)))

    assert len(reported) == 1
    assert reported[0].startswith(f"/x-async-jobs/lifecycles/render{violation}")
