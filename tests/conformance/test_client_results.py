"""A generated client saves results of every kind that a case of the suite has."""

from pathlib import Path

import pytest
from tests.conformance.client import Play

from safelight import (
    ApiError,
    NoResultError,
    UnsupportedOperationError,
)

pytestmark = pytest.mark.slow


def test_a_result_behind_a_url_is_saved(play: Play, tmp_path: Path) -> None:
    with play("results: the result is behind a URL that expires") as case:
        job = case.create(prompt="Rain")

        with pytest.raises(NoResultError, match=r"\(waiting\) has no result to download"):
            job.result()
        job.wait()

        assert job.result().startswith("http")
        assert job.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_several_results_are_saved(play: Play, tmp_path: Path) -> None:
    with play("results: there are several results") as case:
        job = case.create(prompt="Rain").wait()

        assert len(job.result()) == len(job.save_all(tmp_path)) == 1


def test_the_operation_of_the_result_is_called_at_the_url_of_the_submission(
    play: Play, tmp_path: Path
) -> None:
    with play("results: the result is in the response of an operation, at a URL of the submission") as case:
        job = case.create(prompt="Rain")
        with pytest.raises(ApiError, match="409"):
            job.save(tmp_path / "early.png")
        job.wait()

        assert job.save(tmp_path / "a.png").stat().st_size
        assert job.origin.values["$response.body#/links/result"] in [
            str(one.url) for one in case.network.sent
        ]


def test_a_result_whose_url_has_expired_is_saved_from_a_new_one(play: Play, tmp_path: Path) -> None:
    with play("results: the result is in the response of an operation, at a URL of the submission") as case:
        job = case.create(prompt="Rain").wait()
        case.network.expired = 1

        assert job.save(tmp_path / "a.png").stat().st_size
        assert [one.url.path for one in case.network.sent].count(f"/v1/jobs/{job.id}/result") == 2


def test_the_body_of_an_operation_is_saved(play: Play, tmp_path: Path) -> None:
    with play("results: the result is the body of an operation") as case:
        job = case.create(prompt="Rain").wait()

        assert job.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
        with pytest.raises(UnsupportedOperationError, match="only bytes: use save"):
            job.result()


def test_a_file_with_an_id_is_saved(play: Play, tmp_path: Path) -> None:
    with play("results: the result is a file with an id") as case:
        job = case.create(prompt="Rain").wait()

        assert job.save(tmp_path / "a").stat().st_size
        assert case.network.lines[-1] == f"GET /files/{job.result()}/content"


def test_further_results_have_names_states_and_parameters(play: Play, tmp_path: Path) -> None:
    with play("results: a result is there on a condition, in a state, or by a parameter") as case:
        job = case.create(prompt="Rain")
        case.advance(5)

        assert job.result("preview")
        job.wait()
        with pytest.raises(NoResultError):
            job.result()
        assert job.save(tmp_path / "small.png", result="link").stat().st_size
        assert f"GET /jobs/{job.id}/result?kind=small" in case.network.lines
        with pytest.raises(
            UnsupportedOperationError, match="no further result 'x'; use one of preview, link"
        ):
            job.result("x")
