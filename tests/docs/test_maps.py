"""Maps lead to code: docstrings of packages name all of their modules, and pages name files that exist."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "mockserver/safelight_mock"
NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
TOPS = ("client", "codegen", "lifecycle", "mockserver", "openapi_tools")


def docstring(folder: Path) -> str:
    return ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""


def modules(folder: Path) -> set[str]:
    """Return the modules and folders of a package."""
    folders = {path.parent.name for path in folder.glob("*/__init__.py")}
    return folders | {path.stem for path in folder.glob("*.py")} - {"__init__"}


FOLDERS = [
    pytest.param(init.parent, id=str(init.parent.relative_to(ROOT)))
    for top in TOPS
    for init in sorted((ROOT / top).rglob("__init__.py"))
    if modules(init.parent)
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_map_names_every_module(folder: Path) -> None:
    named = {name.partition(".")[0] for name in re.findall(r"`(\w+(?:\.\w+)*)`", docstring(folder))}

    assert modules(folder) - named == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_map_names_no_module_that_does_not_exist(folder: Path) -> None:
    listed = re.findall(r"^- ((?:`[a-z_]+`(?:, )?)+)", docstring(folder), re.MULTILINE)

    assert {name for names in listed for name in re.findall(r"`([a-z_]+)`", names)} - modules(folder) == set()


def rows() -> Iterator[str]:
    """Yield the rows of the table of architecture.md that says where in the server to look."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    yield from re.findall(
        r"^\| (.+) \|$", page.partition("| looked for | file |\n|---|---|\n")[2], re.MULTILINE
    )


def files(path: str) -> list[Path]:
    """Return the files of a path as the table has it: below the server, or below the project."""
    pattern = path.replace("<vendor>", "*")
    return [*SERVER.glob(pattern), *ROOT.glob(pattern)]


@pytest.mark.parametrize("row", [*rows()], ids=lambda row: row.partition(" |")[0])
def test_a_row_of_the_table_names_files_that_exist_and_names_in_them(row: str) -> None:
    cell = row.partition(" | ")[2]
    paths = list(re.finditer(r"`([\w/<>]+\.(?:py|json))`(?: \(([^)]*)\))?", cell))

    assert paths, "the row names no file"
    for path, inside in (found.groups() for found in paths):
        assert files(path), f"{path} does not exist"
        for name in re.findall(r"`([\w.]+)`", inside or ""):
            assert all(is_defined(name, file) for file in files(path)), f"{path} has no {name}"


def is_defined(name: str, file: Path) -> bool:
    """Whether a file defines a function, class or method; `Class.method` or one name."""
    return name in defined(file)


@cache
def defined(file: Path) -> frozenset[str]:
    """Return the names of the functions and classes of a file, and of methods as `Class.method`."""
    nodes = [*ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    methods = (
        f"{owner.name}.{one.name}" for owner in classes for one in owner.body if isinstance(one, NAMED)
    )
    return frozenset({*(node.name for node in nodes if isinstance(node, NAMED)), *methods})
