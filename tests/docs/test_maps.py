"""The docstring of each package and folder is a map that names all of its modules, and no others."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVER = "mockserver/safelight_mock"
DOCUMENTS = "openapi_tools/safelight_openapi"
FOLDERS = [
    "client/safelight",
    *(f"client/safelight/{folder}" for folder in ("_files", "_http", "_jobs")),
    "codegen/safelight_codegen",
    "codegen/safelight_codegen/_drift",
    "codegen/safelight_codegen/_generate",
    "lifecycle/safelight_lifecycle",
    *(f"{SERVER}/{part}" for part in ("adapters", "admin", "app", "config", "core", "inputs", "outgoing")),
    *(f"{SERVER}/{part}" for part in ("storage", "vendors/generic", "webhooks", "wire")),
    *(
        f"{SERVER}/vendors/generic/{part}"
        for part in ("bodies", "files", "operations", "schemas", "submission")
    ),
    DOCUMENTS,
    *(f"{DOCUMENTS}/{part}" for part in ("_checks", "_convert", "_effective", "_overlay")),
    *(f"{DOCUMENTS}/{part}" for part in ("_reading", "_structure")),
]


def docstring(folder: str) -> str:
    return ast.get_docstring(ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8"))) or ""


def modules(folder: str) -> set[str]:
    """Return the modules and folders of a package."""
    folders = {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
    return folders | {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_map_names_every_module(folder: str) -> None:
    assert modules(folder) <= set(re.findall(r"`(\w+)`", docstring(folder)))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_map_names_no_module_that_does_not_exist(folder: str) -> None:
    listed = re.findall(r"^- ((?:`[a-z_]+`(?:, )?)+)", docstring(folder), re.MULTILINE)

    assert {name for names in listed for name in re.findall(r"`([a-z_]+)`", names)} <= modules(folder)
