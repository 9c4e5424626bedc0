"""docs/fidelity.toml speaks for everything the twin has, and for nothing it has not."""

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from shutil import copy

import pytest

from safelight_mock import Settings
from safelight_mock.vendors import VENDORS
from safelight_specs import read_spec

pytestmark = pytest.mark.slow  # a test for each of many hundred rows

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MARKS = {"documented", "documented later", "observed", "assumed", "ours"}


@dataclass(frozen=True, kw_only=True)
class Row:
    id: str
    about: str
    mark: str
    source: str
    tests: tuple[str, ...]
    covers: tuple[str, ...] = ()
    reached: bool = True

    def claims(self, name: str) -> bool:
        return any(_matches(pattern, name) for pattern in (self.id, *self.covers))


ROWS = [Row(**row) for row in tomllib.loads((DOCS / "fidelity.toml").read_text())["row"]]


@cache
def operations() -> dict[str, list[str]]:
    """Every operation of every vendor, as slug/operationId, with the codes it may answer."""
    described = {
        f"{slug}/{operation['operationId']}": [*operation["responses"]]
        for slug in VENDORS
        for place in ("paths", "webhooks")
        for item in read_spec(slug).get(place, {}).values()
        for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    assert described
    return described


def webhooks(slug: str) -> list[str]:
    return [item["post"]["operationId"] for item in read_spec(slug).get("webhooks", {}).values()]


def settings() -> set[str]:
    ours = {f"twin.{field.name}" for field in fields(Settings)}
    return ours | {f"{slug}.{name}" for slug, vendor in VENDORS.items() for name in vendor.settings}


def everything() -> set[str]:
    answers = {f"{operation}/{code}" for operation, codes in operations().items() for code in codes}
    return answers | set(operations()) | settings()


@pytest.mark.parametrize("name", sorted(everything()))
def test_every_operation_answer_and_setting_has_one_row(name: str) -> None:
    claiming = [row.id for row in ROWS if row.claims(name)]

    assert len(claiming) == 1, f"{name} needs one row in docs/fidelity.toml, has {claiming}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_speaks_of_what_there_is(row: Row) -> None:
    known = everything()

    for pattern in row.covers:
        assert any(_matches(pattern, name) for name in known), f"{row.id} covers {pattern}: there is none"
    if "." in row.id:
        assert row.id in known, f"{row.id} is no setting"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_on_whose_word_and_names_its_tests(row: Row) -> None:
    assert row.mark in MARKS
    assert row.about.endswith(".")
    assert row.source
    assert row.tests or not row.reached, "only what is not reached may go without a test"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_names_tests_that_are_collected(row: Row) -> None:
    for node in row.tests:
        path, _, name = node.partition("::")
        assert (ROOT / path).is_file(), f"{row.id}: there is no {path}"
        assert name in collected(ROOT / path), f"{row.id}: pytest collects no {node}"


def test_no_two_rows_have_one_id() -> None:
    assert [name for name, times in Counter(row.id for row in ROWS).items() if times > 1] == []


def test_a_row_calls_an_operation_not_reached_exactly_when_it_is_not_served() -> None:
    served = {f"{slug}/{name}" for slug, vendor in VENDORS.items() for name in vendor.handlers}
    told = {f"{slug}/{name}" for slug, vendor in VENDORS.items() if vendor.tell for name in webhooks(slug)}

    reached = {row.id for row in ROWS if row.id in operations() and row.reached}

    assert reached == served | (told & {row.id for row in ROWS})


def test_the_page_is_current_and_has_every_row() -> None:
    told = subprocess.run(
        [sys.executable, DOCS / "fidelity.py", "--check"], capture_output=True, text=True, check=False
    )
    page = (DOCS / "fidelity.md").read_text()

    assert (told.returncode, told.stderr) == (0, "")
    assert [row.id for row in ROWS if f"`{row.id}`" not in page] == []


def test_a_stale_page_is_refused_with_what_to_do(tmp_path: Path) -> None:
    for name in ("fidelity.py", "fidelity.toml", "fidelity.md"):
        copy(DOCS / name, tmp_path)
    (tmp_path / "fidelity.md").write_text("old")

    check = [sys.executable, "fidelity.py", "--check"]
    stale = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    subprocess.run(check[:2], cwd=tmp_path, check=True)
    mended = subprocess.run(check, cwd=tmp_path, check=False)

    assert (stale.returncode, stale.stderr) == (1, "fidelity.md is stale; run: python fidelity.py\n")
    assert mended.returncode == 0


@cache
def collected(path: Path) -> frozenset[str]:
    """The names pytest would collect in a file, read without running it."""
    return frozenset(_names(ast.parse(path.read_text()).body))


def _names(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test"):
                yield name
            case ast.ClassDef(name=name) if name.startswith("Test"):
                yield from (f"{name}::{inner}" for inner in _names(node.body))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr="TestCase")):
                yield f"{name}::runTest"  # a Hypothesis state machine


def _matches(pattern: str, name: str) -> bool:
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))
