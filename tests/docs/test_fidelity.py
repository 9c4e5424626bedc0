"""docs/fidelity.toml has a row for everything the twin has, and each row is held by marked tests."""

import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from shutil import copy

import pytest
from docs.fidelity import MARKS, ROWS, Row, held, read
from msgspec.structs import fields

from safelight_mock import Settings
from safelight_mock.vendors import VENDORS
from safelight_specs import read_spec

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@cache
def rows() -> list[Row]:
    return read(ROWS)


@cache
def operations() -> dict[str, list[str]]:
    """Every operation of every vendor, as slug/operationId, with the statuses it documents."""
    described = {
        f"{slug}/{operation['operationId']}": [*operation["responses"]]
        for slug in VENDORS
        for section in ("paths", "webhooks")
        for item in read_spec(slug).get(section, {}).values()
        for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    assert described
    return described


def webhooks(slug: str) -> list[str]:
    return [item["post"]["operationId"] for item in read_spec(slug).get("webhooks", {}).values()]


@cache
def everything() -> frozenset[str]:
    """All operations, documented responses and settings."""
    responses = (f"{name}/{status}" for name, statuses in operations().items() for status in statuses)
    ours = (f"twin.{field.name}" for field in fields(Settings))
    vendors = (f"{slug}.{name}" for slug, vendor in VENDORS.items() for name in vendor.settings)
    return frozenset((*responses, *operations(), *ours, *vendors))


def matches(pattern: str, name: str) -> bool:
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def test_every_operation_response_and_setting_has_one_row() -> None:
    patterns = [pattern for row in rows() for pattern in (row.id, *row.covers)]
    times = {name: sum(matches(pattern, name) for pattern in patterns) for name in everything()}

    assert {name: count for name, count in times.items() if count != 1} == {}


def test_a_row_covers_only_what_there_is() -> None:
    settings = [row.id for row in rows() if "." in row.id]
    patterns = [pattern for row in rows() for pattern in row.covers]

    assert [name for name in settings if name not in everything()] == []
    assert [one for one in patterns if not any(matches(one, name) for name in everything())] == []


def test_a_row_has_a_behaviour_and_a_source() -> None:
    unmarked = [row.id for row in rows() if row.mark not in MARKS]
    unfinished = [row.id for row in rows() if not row.about.endswith(".") or not row.source]

    assert (unmarked, unfinished) == ([], [])


def test_no_two_rows_have_one_id() -> None:
    assert [name for name, times in Counter(row.id for row in rows()).items() if times > 1] == []


def test_every_row_has_a_marked_test() -> None:
    tests = held(ROOT)

    assert [row.id for row in rows() if row.reached and not tests.get(row.id)] == []


def test_every_marker_is_on_a_test_and_names_a_row() -> None:
    known = {row.id for row in rows()}
    tests = held(ROOT)

    assert {row: tests[row] for row in tests if row not in known} == {}
    names = [name for marked in tests.values() for name in marked]
    assert [name for name in names if not name.partition("::")[2].lower().startswith("test")] == []


def test_markers_of_functions_and_state_machines_are_read_without_import(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_lamp.py").write_text(
        "import no_such_module\n"
        '@pytest.mark.slow\n@pytest.mark.fidelity("a/lamp", "a:dim")\ndef test_light(): ...\n'
        'TestLamp = pytest.mark.fidelity("a:dim")(Lamp.TestCase)\n'
    )

    assert held(tmp_path) == {
        "a/lamp": ["tests/test_lamp.py::test_light"],
        "a:dim": ["tests/test_lamp.py::test_light", "tests/test_lamp.py::TestLamp"],
    }


def test_an_operation_is_not_reached_exactly_if_it_is_not_implemented() -> None:
    served = {f"{slug}/{name}" for slug, vendor in VENDORS.items() for name in vendor.handlers}
    sent = {
        f"{slug}/{name}"
        for slug, vendor in VENDORS.items()
        if vendor.webhook_payload or vendor.notify
        for name in webhooks(slug)
    }

    reached = {row.id for row in rows() if row.id in operations() and row.reached}

    assert reached == served | (sent & {row.id for row in rows()})


def test_a_stale_page_is_reported_with_the_command(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("fidelity.py", "fidelity.toml", "fidelity.md"):
        copy(DOCS / name, docs)
    for folder in ("tests", "contract_tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)

    check = [sys.executable, "fidelity.py", "--check"]
    current = subprocess.run(check, cwd=docs, check=False)
    (docs / "fidelity.md").write_text("old")
    stale = subprocess.run(check, cwd=docs, capture_output=True, text=True, check=False)
    subprocess.run(check[:2], cwd=docs, check=True)
    rewritten = subprocess.run(check, cwd=docs, check=False)

    assert current.returncode == 0
    assert (stale.returncode, stale.stderr) == (1, "fidelity.md is stale; run: python fidelity.py\n")
    assert rewritten.returncode == 0
