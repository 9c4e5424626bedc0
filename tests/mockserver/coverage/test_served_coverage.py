"""A coverage is asked for at the control plane, and written by the command when it ends."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from selenium.webdriver.common.by import By
from tests.browsing import chromium
from tests.mockserver.coverage.kiln import Kiln, kiln
from tests.mockserver.coverage.reports import REPORT
from tests.mockserver.processes import closing_down

from safelight_mock import read_coverage, write_coverage
from safelight_mock.adapters.cli import main

STATUSES = "/topaz/image/v1/status"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Kiln]:
    with kiln(tmp_path) as opened:
        opened.look(opened.job())
        yield opened


def test_the_control_plane_responds_with_the_coverage_as_json(api: Kiln) -> None:
    response = api.control("GET", "coverage")

    assert read_coverage(response.content) == api.twin.coverage()
    assert response.json()["totals"]["operations"] == {"covered": 2, "total": 4}


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("json", "application/json", '{"totals":{'),
        ("text", "text/plain; charset=utf-8", "kiln\n  operations           2 of 4      50 %\n"),
        ("html", "text/html; charset=utf-8", "<!doctype html>\n"),
        ("junit", "application/xml; charset=utf-8", "<?xml version='1.0' encoding='utf-8'?>\n<testsuites>"),
    ],
)
def test_the_control_plane_responds_in_each_format(
    api: Kiln, form: str, media_type: str, begins: str
) -> None:
    response = api.control("GET", f"coverage?format={form}")

    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert response.text.startswith(begins)


def test_another_format_is_refused(api: Kiln) -> None:
    response = api.control("GET", "coverage?format=pdf")

    assert response.status_code == 422
    assert '"pdf" must be one of json, text, html, junit' in response.json()["detail"]


def test_requests_to_the_control_plane_cover_nothing(api: Kiln) -> None:
    before = api.twin.coverage()

    api.control("GET", "coverage")
    api.control("GET", "jobs")

    assert api.twin.coverage() == before


def test_a_reset_keeps_what_was_covered(api: Kiln) -> None:
    before = api.twin.coverage()

    api.control("POST", "reset")

    assert api.twin.coverage() == before


@contextmanager
def served(*options: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; yield the process and the origin that it prints."""
    command = [sys.executable, "-m", "safelight_mock", "serve", "--port", "0", "--vendors", "topaz", *options]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as process,
        closing_down(process),
    ):
        assert process.stderr is not None
        _, _, url = process.stderr.readline().strip().partition(": ")
        yield process, url.removesuffix("/topaz/image/v1")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_writes_what_was_covered_when_it_ends(tmp_path: Path, how: signal.Signals) -> None:
    with served("--coverage", "reports/coverage.json", folder=tmp_path) as (process, origin):
        httpx.get(origin + STATUSES, headers={"X-API-Key": "k"}, timeout=30)
        httpx.get(origin + STATUSES, headers={"X-API-Key": "invalid"}, timeout=30)
        is_early = (tmp_path / "reports").exists()
        process.send_signal(how)
        process.wait(30)

    coverage = read_coverage((tmp_path / "reports/coverage.json").read_bytes())
    responses = coverage.apis["topaz"].operations["getAllStatuses"].responses
    assert {status: times for status, times in responses.items() if times} == {"200": 1, "401": 1}
    assert (process.returncode, is_early) == (0, False)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("folder.txt", "--coverage folder.txt is a folder; name a file in it"),
        ("file/coverage.txt", "--coverage file/coverage.txt is below {folder}/file, which is a file; "),
        ("coverage", "--coverage coverage has no format; let its name end with .json, .txt, .html, .xml"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)

    outcome = CliRunner().invoke(main, ["serve", "--coverage", name])

    assert outcome.exit_code == 2
    assert message.format(folder=tmp_path) in outcome.stderr


@pytest.mark.slow
def test_the_command_fails_if_the_file_cannot_be_written_at_the_end(tmp_path: Path) -> None:
    with served("--log", "none", "--coverage", "coverage.txt", folder=tmp_path) as (process, origin):
        httpx.get(origin + STATUSES, timeout=30)  # then it runs
        (tmp_path / "coverage.txt").mkdir()
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        errors = process.stderr.read()

    assert errors == "cannot write coverage.txt: Is a directory; choose another --coverage\n"
    assert process.returncode == 1


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_unfolds_fields_and_fits_a_narrow_window(tmp_path: Path) -> None:
    write_coverage(REPORT, tmp_path / "coverage.html")

    with chromium(tmp_path / "profile") as browser:
        browser.set_window_size(500, 900)
        browser.get((tmp_path / "coverage.html").as_uri())
        field = browser.find_element(By.XPATH, "//details//li[.='/pots']")
        is_folded = not field.is_displayed()
        browser.find_element(By.TAG_NAME, "summary").click()
        is_shown = field.is_displayed()
        overflow = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        complaints = browser.get_log("browser")  # type: ignore[no-untyped-call] # selenium

    assert (is_folded, is_shown, complaints) == (True, True, [])
    assert overflow <= 0
