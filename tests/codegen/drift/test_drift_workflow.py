"""The weekly workflow compares the documents of every vendor."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from safelight_openapi import list_vendors
from safelight_openapi._reading import core_yaml

ROOT = Path(__file__).parents[3]
WORKFLOWS = ROOT / ".github/workflows"
DRIFT: dict[str, Any] = core_yaml.load((WORKFLOWS / "drift.yml").read_text())
JOB = DRIFT["jobs"]["compare"]
COMPARE = next(step for step in JOB["steps"] if step.get("id") == "compare")


def test_every_vendor_is_looked_at_once_a_week() -> None:
    assert [one["vendor"] for one in JOB["strategy"]["matrix"]["include"]] == list_vendors(ROOT)
    assert [len(one["cron"].split()) for one in DRIFT["on"]["schedule"]] == [5]
    assert DRIFT["on"]["schedule"][0]["cron"].split()[2:4] == ["*", "*"]


def test_it_may_read_the_code_and_write_issues_and_no_more() -> None:
    assert DRIFT["permissions"] == {}
    assert JOB["permissions"] == {"contents": "read", "issues": "write"}
    assert JOB["steps"][0]["with"] == {"persist-credentials": False}


def test_actions_are_those_of_the_other_workflow() -> None:
    used = set(re.findall(r"uses: (\S+)", (WORKFLOWS / "drift.yml").read_text()))

    assert used <= set(re.findall(r"uses: (\S+)", (WORKFLOWS / "ci.yml").read_text()))


def test_what_comes_from_elsewhere_reaches_the_shell_by_the_environment_alone() -> None:
    assert [step["name"] for step in JOB["steps"] if "${{" in step.get("run", "")] == []


def compare(folder: Path, addresses: str, *, vendor: str = "tengr") -> subprocess.CompletedProcess[str]:
    for name in ("openapi", "overlays"):
        (folder / name).symlink_to(ROOT / name)
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "VENDOR": vendor,
        "ADDRESSES": addresses,
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
    }
    command = ["bash", "-e", "-o", "pipefail", "-c", COMPARE["run"]]  # as GitHub runs a step
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


needs_curl = pytest.mark.skipif(
    shutil.which("curl") is None and "CI" not in os.environ, reason="the step downloads with curl"
)


def test_without_a_url_the_variable_to_set_is_named(tmp_path: Path) -> None:
    done = compare(tmp_path, "")

    assert done.returncode == 0
    assert "set the variable DRIFT_TENGR_ADDRESS" in done.stdout
    assert not (tmp_path / "output").exists()


@pytest.mark.slow
@needs_curl
def test_a_document_that_changed_is_reported(tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    old = ROOT / "openapi/tengr/detailer-upscaler.yaml"
    new.write_text(old.read_text().replace("webhook:", "webhookUrl:"))

    done = compare(tmp_path, f"{old.as_uri()}\n{new.as_uri()}")

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "output").read_text() == "drifted=true\n"
    summary = (tmp_path / "summary").read_text()
    assert [line for line in summary.splitlines() if line.startswith("## ")] == [
        "## tengr: harmless",
        "## tengr: breaking",
    ]


@pytest.mark.slow
@needs_curl
def test_an_unchanged_document_opens_no_issue(tmp_path: Path) -> None:
    done = compare(tmp_path, (ROOT / "openapi/tengr/detailer-upscaler.yaml").as_uri())

    assert done.returncode == 0
    assert not (tmp_path / "output").exists()


@pytest.mark.slow
@needs_curl
def test_each_document_of_a_page_is_extracted_by_its_own_method(tmp_path: Path) -> None:
    page = (ROOT / "openapi/claid/pages/async-image-edit.md").as_uri()

    done = compare(tmp_path, f"{page} fenced-json 1 of 4\r\n{page} fenced-json 3 of 4", vendor="claid")

    assert (done.returncode, done.stderr) == (0, "")
    summary = (tmp_path / "summary").read_text()
    assert re.findall(r"^openapi/claid/(\S+) -> ", summary, re.MULTILINE) == [
        "async-image-edit.openapi.json",
        "async-image-edit-result.openapi.json",
    ]


@pytest.mark.slow
@needs_curl
def test_a_page_instead_of_a_document_fails_the_job(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><title>Not found</title></html>")

    done = compare(tmp_path, page.as_uri())

    assert done.returncode == 1
    assert "it is a web page (Not found)" in done.stderr
