"""A malformed `x-async-jobs` is reported with its location."""

from typing import Any

import pytest
from tests.openapi.checks.rendering import edited

from safelight_openapi._checks.lifecycles import lifecycle_violations


@pytest.mark.parametrize(
    ("described", "actual"),
    [({"edit": {}}, "no version"), ({"version": "1"}, "version '1'"), ([], "no version")],
)
def test_another_version_is_reported_with_what_to_do(described: Any, actual: str) -> None:  # noqa: ANN401 - any JSON
    advice = "write it as version '2' says: `version: '2'`, and the lifecycles by name under `lifecycles`"

    reported = list(lifecycle_violations({"x-async-jobs": described}))

    assert reported == [f"/x-async-jobs: {actual}; {advice}"]


@pytest.mark.parametrize(
    ("path", "to", "violation"),
    [
        (("submit",), [], "/submit: [] has less than 1 item"),
        (("colour",), "red", ": Additional properties are not allowed"),
        (("states", "waiting"), "idle", "/states/waiting: "),
        (("retention",), "7 days", '/retention: "7 days" does not match'),
        (("retention",), "P", '/retention: "P" does not match'),
        (("retention",), "P1DT", '/retention: "P1DT" does not match'),
        (("id", "from"), "id", "/id/from: "),
        (("result",), {"as": "bytes"}, '/result: "operation" is a required property'),
        (("deliver", 0, "sign"), "perhaps", "/deliver: "),
    ],
)
def test_a_malformed_lifecycle_is_reported_with_its_location(
    path: tuple[str | int, ...], to: object, violation: str
) -> None:
    reported = list(lifecycle_violations(edited(*path, to=to)))

    assert len(reported) == 1
    assert reported[0].startswith(f"/x-async-jobs/lifecycles/render{violation}")
