"""Links of the pages resolve, and their generated parts are up to date."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

import pytest

from safelight_mock import Settings
from safelight_mock.config.services import services
from safelight_mock.core import RetryPolicy

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)")
TARGET = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_has_one_title(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)

    assert len(re.findall(r"^# ", prose, re.MULTILINE)) == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = " ".join(re.findall(r"`make[^`]*`|^make .*$", page.read_text(), re.MULTILINE))

    assert set(TARGET.findall(code)) <= targets


def test_the_changelog_has_each_heading_once_per_version() -> None:
    _, *versions = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)

    headings = [re.findall(r"^### (.*)$", version, re.MULTILINE) for version in versions]

    for one in headings:
        assert one == [kind for kind in ("Added", "Changed", "Fixed", "Removed") if kind in one]


def test_the_diagram_matches_the_code() -> None:
    command = [sys.executable, "docs/diagram.py", "--check"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_diagram_is_reported_with_the_command(tmp_path: Path) -> None:
    docs = copytree(ROOT / "docs", tmp_path / "docs")
    for name in ("pyproject.toml", "mockserver"):
        (tmp_path / name).symlink_to(ROOT / name)
    page = docs / "architecture.md"
    drawn = page.read_text()
    page.write_text(drawn.replace("queued --> running: start", "queued --> running: hurry"))

    check = [sys.executable, "diagram.py", "--check"]
    stale = subprocess.run(check, cwd=docs, capture_output=True, text=True, check=False)
    subprocess.run(check[:2], cwd=docs, check=True)

    assert (stale.returncode, stale.stderr) == (1, "architecture.md is stale; run: python diagram.py\n")
    assert page.read_text() == drawn


@pytest.mark.fidelity("topaz.webhook_retried", "topaz.webhook_attempts", "topaz.webhook_timeout")
def test_tables_match_the_command_and_the_benchmarks() -> None:
    command = [sys.executable, "docs/tables.py", "--check"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_table_is_reported_with_the_command(tmp_path: Path) -> None:
    docs = copytree(ROOT / "docs", tmp_path / "docs")
    copy(ROOT / "README.md", tmp_path)
    for name in ("benchmarks", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    copytree(ROOT / "examples", tmp_path / "examples")
    page = docs / "options.md"
    made = page.read_text()
    page.write_text(made.replace("| `--port` | `4010` |", "| `--port` | `80` |"))

    check = [sys.executable, "tables.py", "--check"]
    stale = subprocess.run(check, cwd=docs, capture_output=True, text=True, check=False)
    subprocess.run(check[:2], cwd=docs, check=True)

    assert (stale.returncode, stale.stderr) == (1, "options.md is stale; run: python tables.py\n")
    assert page.read_text() == made


def test_the_table_of_webhooks_matches_the_lifecycles() -> None:
    page = (ROOT / "docs/webhooks.md").read_text(encoding="utf-8")
    rules = [
        next(cycle.deliver for cycle in service.lifecycles.values() if cycle.deliver)
        for service in services(Settings()).values()
    ]
    schedules = [rule.retry_policy for rule in rules]

    rows = {
        "retried after": ["5xx, no response" if one.attempts > 1 else "never" for one in schedules],
        "back-off": [_waits(one) for one in schedules],
        "timeout": [f"{one.timeout:g} s" for one in schedules],
    }

    assert all({"5xx", "network"} <= one.retried for one in schedules)
    for title, cells in rows.items():
        assert f"| {title} | {' | '.join(cells)} |\n".replace(" |  |", " | |") in page


def _waits(schedule: RetryPolicy) -> str:
    if schedule.waits:
        return f"{', '.join(f'{wait:g}' for wait in schedule.waits)} s"
    waits = [schedule.wait(made) for made in (1, 2, 3)]
    first = ", ".join(f"{wait:g}" for wait in waits if wait is not None)
    return f"{first} … {schedule.max_delay:g} s, {schedule.attempts} attempts" if first else ""
