"""`pytest --safelight-coverage FILE` writes what all processes of a run cover."""

import json
from pathlib import Path

import pytest
from tests.testing.plugin.conftest import Inner

pytestmark = pytest.mark.slow

SHOP = """
    import httpx, pytest
    from safelight_mock import MockServer

    @pytest.mark.parametrize("key", ["k", "invalid"])
    def test_listing(key):
        with MockServer() as server:
            httpx.get(f"{server.url('topaz')}/status", headers={"X-API-Key": key})

    def test_a_job(safelight):
        assert safelight.topaz.jobs() == []
"""


@pytest.mark.parametrize("jobs", ["0", "2"])
def test_it_writes_what_all_processes_of_a_run_cover(inner: Inner, jobs: str) -> None:
    run = inner.run(SHOP, "-n", jobs, "--safelight-coverage", "reports/coverage.json", apart=True)

    run.assert_outcomes(passed=3)
    written = json.loads(Path("reports/coverage.json").read_text(encoding="utf-8"))
    responses = written["apis"]["topaz"]["operations"]["getAllStatuses"]["responses"]
    assert {status: times for status, times in responses.items() if times} == {"200": 2, "401": 1}
    assert written["not_called"] == ["claid", "tengr"]
    run.stdout.fnmatch_lines(
        ["*safelight coverage, in full in reports/coverage.json*", "topaz: operations 4 %, *"]
    )


def test_without_it_nothing_is_written(inner: Inner) -> None:
    run = inner.run(SHOP)

    run.assert_outcomes(passed=3)
    run.stdout.no_fnmatch_line("*safelight coverage*")


def test_a_file_without_a_format_is_refused_before_any_test(inner: Inner) -> None:
    run = inner.run(SHOP, "--safelight-coverage", "coverage.pdf")

    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines(
        ["ERROR: --safelight-coverage: coverage.pdf has no format; let its name end with *"]
    )


def test_a_folder_is_refused_before_any_test(inner: Inner) -> None:
    Path("coverage.txt").mkdir()

    run = inner.run(SHOP, "--safelight-coverage", "coverage.txt")

    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines(["ERROR: --safelight-coverage: coverage.txt is a folder; name a file in it"])


@pytest.mark.parametrize("jobs", ["0", "2"])
def test_a_file_that_cannot_be_written_fails_the_run(inner: Inner, jobs: str) -> None:
    code = """
    from pathlib import Path

    def test_a_folder_is_in_the_way():
        Path("coverage.txt").mkdir()
    """

    run = inner.run(code, "-n", jobs, "--safelight-coverage", "coverage.txt", apart=True)

    assert run.ret == pytest.ExitCode.TESTS_FAILED
    run.assert_outcomes(passed=1)
    run.stdout.fnmatch_lines(["*safelight coverage: cannot write coverage.txt: Is a directory*"])
