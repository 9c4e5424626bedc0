"""The report in docs/drift.md is the output of the command."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/drift.md").read_text()
LINE = re.compile(r"(?<=\.py:)\d+")  # code moves, and no page has to follow


def test_the_report_on_the_page_is_the_report_of_its_commands(tmp_path: Path) -> None:
    commands, _, after = PAGE.partition("```sh\n")[2].partition("```\n")
    shown = after.partition("```\n")[2].partition("```\n")[0]
    for name in ("openapi", "overlays", "generated", "client", "mockserver"):
        (tmp_path / name).symlink_to(ROOT / name)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    command = ["bash", "-c", commands]
    outcome = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (outcome.returncode, outcome.stderr) == (4, "")
    assert LINE.sub("…", outcome.stdout) == LINE.sub("…", shown)
