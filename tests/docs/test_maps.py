"""Each package's docstring is a map that names all of its modules, and no others."""

import ast
import re
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "mockserver" / "safelight_mock"
ROOMS = ["adapters", "admin", "app", "config", "core", "inputs", "outgoing", "storage", "webhooks", "wire"]


def named(package: Path) -> set[str]:
    """Return the names that a package's docstring has in backticks."""
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""
    return set(re.findall(r"`([a-z_]+)`", text))


@pytest.mark.parametrize("room", ROOMS)
def test_a_map_names_every_module(room: str) -> None:
    modules = {file.stem for file in (SERVER / room).glob("*.py")} - {"__init__"}

    assert modules <= named(SERVER / room)


@pytest.mark.parametrize("room", ROOMS)
def test_a_map_names_no_module_that_is_gone(room: str) -> None:
    text = ast.get_docstring(ast.parse((SERVER / room / "__init__.py").read_text())) or ""
    listed = re.findall(r"^- ((?:`[a-z_]+`(?:, )?)+)", text, re.MULTILINE)
    modules = {file.stem for file in (SERVER / room).glob("*.py")}

    assert {name for names in listed for name in re.findall(r"`([a-z_]+)`", names)} <= modules
