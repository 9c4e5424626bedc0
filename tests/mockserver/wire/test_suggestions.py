"""What a client may have meant by a name or path that does not exist."""

import pytest

from safelight_mock.wire.suggestions import LONGEST, nearest_name, nearest_path, suggestion

PATHS = {
    path: path.split("/")
    for path in ("/v1/jobs", "/v1/jobs/{id}", "/v1/jobs/{id}/result", "/v1/files/{id}/content")
}


def test_the_most_similar_name_is_suggested_and_without_one_all() -> None:
    assert suggestion("topas", ["topaz", "claid"]) == "did you mean 'topaz'?"
    assert suggestion("other", ["topaz", "claid"]) == "use one of topaz, claid"


def test_a_name_that_is_too_long_is_compared_with_none() -> None:
    name = "a" * LONGEST

    assert (nearest_name(name, [name]), nearest_name(f"{name}a", [name])) == (name, "")


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/v1/job/7", "/v1/jobs/{id}"),  # one segment is misspelled
        ("/v1/jobs/7/results", "/v1/jobs/{id}/result"),
        ("/jobs", "/v1/jobs"),  # it lacks its beginning
        ("/content", "/v1/files/{id}/content"),
        ("/v2/a/files/7/content", "/v1/files/{id}/content"),  # the last segment is in one path alone
        ("/v1/jobs/7/other", ""),
        ("/v2/job/7", ""),
        (f"/v1/jobs/{'7' * (LONGEST - len('/v1/jobs//results'))}/results", "/v1/jobs/{id}/result"),
        (f"/v1/jobs/{'7' * (LONGEST - len('/v1/jobs//result'))}/results", ""),
    ],
)
def test_the_path_that_may_be_meant_is_found(path: str, nearest: str) -> None:
    assert nearest_path(path, PATHS) == nearest


def test_slashes_at_the_end_of_a_path_are_not_what_is_meant_by_it() -> None:
    assert nearest_path("/b/c/", {"/a/": ["", "a", ""]}) == ""
