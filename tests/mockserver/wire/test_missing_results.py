"""A body about a job without a result has null in place of each link to one."""

import pytest

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.missing_results import without_outputs

RESULT = "http://twin/files/any/box/job/output/photo.png?expires=1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (RESULT, None),
        (RESULT.replace("output/", "output-preview/"), None),
        (RESULT.replace("output/", "input/"), RESULT.replace("output/", "input/")),
        ("http://twin/base/files/any/box/job/output/files/photo.png", None),
        ("http://twin/files/output", "http://twin/files/output"),
        (
            "http://[twin/files/any/box/job/output/photo.png",
            "http://[twin/files/any/box/job/output/photo.png",
        ),
        ("output", "output"),
        (
            {"state": "done", "links": [RESULT, {"url": RESULT}]},
            {"state": "done", "links": [None, {"url": None}]},
        ),
        ((RESULT, 1), [None, 1]),
        (None, None),
        (7, 7),
    ],
)
def test_links_to_results_are_null_and_all_else_is_as_it_was(value: JSON, expected: JSON) -> None:
    assert without_outputs(value) == expected
