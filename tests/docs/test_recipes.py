"""The recipes of docs/recipes.md pass as their users run them, and stand on the page."""

import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "examples" / "recipes"
PYTEST = ("-m", "pytest", "-q", "-p", "no:asyncio", "-p", "no:cacheprovider", "-W", "error")
# By folder: the command, and what it prints at the end.
RUN = {
    "unittest": (("-W", "error", "-m", "unittest"), "Ran 2 tests", "OK"),
    "django": (("-W", "error", "manage.py", "test"), "Ran 3 tests", "OK"),
    "flask": (PYTEST, "3 passed", ""),
    "fastapi": (PYTEST, "2 passed", ""),
    "celery": (PYTEST, "5 passed", ""),
}
SETUP = ("manage.py", "__init__.py", "settings.py", "urls.py", "models.py")  # of any project of Django


@pytest.mark.parametrize("name", RUN)
def test_a_recipe_passes(name: str, tmp_path: Path) -> None:
    folder = copytree(RECIPES / name, tmp_path / name)
    copy(ROOT / "docs" / "photograph" / "dahlia.jpg", folder / "photo.jpg")
    arguments, number, end = RUN[name]

    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=110
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert number in done.stdout + done.stderr
    assert end in done.stdout + done.stderr


def test_each_recipe_is_on_the_page() -> None:
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    files = [path for path in RECIPES.rglob("*.py") if path.name not in SETUP]

    assert {path.name for path in RECIPES.iterdir() if path.is_dir()} == {*RUN}
    assert [path for path in files if f"<!-- shown: {path.relative_to(ROOT)} -->" not in page] == []
