"""Where Prism cannot be had its tests say so; in CI that is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.prism.running import ROOT

pytestmark = pytest.mark.slow

JUDGED = "contract_tests/prism/test_prisms_own.py::test_what_is_right_is_passed_on"


def without_node(tmp_path: Path, **environment: str) -> str:
    """Run a test that needs Prism where there is neither Node.js nor an engine; return what is said."""
    plain = {name: value for name, value in os.environ.items() if name not in {"CI", "SAFELIGHT_PRISM"}}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", JUDGED],
        cwd=ROOT,
        env={**plain, "PATH": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout


def test_without_node_its_tests_are_skipped_and_say_what_to_install(tmp_path: Path) -> None:
    said = without_node(tmp_path)

    assert "1 skipped" in said
    assert "Prism needs node and npm: install Node.js 20 or newer, or a container engine" in said


def test_without_node_in_ci_its_tests_fail(tmp_path: Path) -> None:
    said = without_node(tmp_path, CI="true")

    assert "1 error" in said
    assert "Prism needs node and npm" in said


def test_where_it_comes_from_is_not_mistaken(tmp_path: Path) -> None:
    said = without_node(tmp_path, SAFELIGHT_PRISM="podman")

    assert "1 error" in said
    assert "SAFELIGHT_PRISM is docker or npm, not 'podman'" in said
