"""The how-to pages show their tests unchanged."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TESTS = sorted((ROOT / "contract_tests" / "howto").glob("test_howto_*.py"))


def check(docs: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "howto.py", *arguments]
    done = subprocess.run(command, cwd=docs, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_the_pages_show_tests_as_they_are() -> None:
    assert check(ROOT / "docs", "--check") == (0, "")


@pytest.mark.parametrize("tests", TESTS, ids=lambda path: path.stem)
def test_a_page_shows_its_tests_whole(tests: Path) -> None:
    page = ROOT / "docs" / f"{tests.stem.removeprefix('test_howto_').replace('_', '-')}.md"
    shown = "\n".join(re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL))

    _, *lines = filter(None, tests.read_text().splitlines())  # the first is its docstring

    assert [line for line in lines if line not in shown.splitlines()] == []


def test_a_stale_page_is_reported_with_the_command(tmp_path: Path) -> None:
    docs = copytree(ROOT / "docs", tmp_path / "docs")
    for name in ("contract_tests", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    page = docs / "time.md"
    woven = page.read_text()
    page.write_text(woven.replace("assert happened", "assert nothing").replace("advance(10,", "advance(11,"))

    stale = check(docs, "--check")
    rewritten = check(docs)

    assert (stale, rewritten) == ((1, "time.md is stale; run: python howto.py\n"), (0, ""))
    assert page.read_text() == woven
