"""Packages export names that exist, with the types and errors of their signatures, and load them on use."""

import ast
import builtins
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from safelight_openapi import JSONValue

pytestmark = pytest.mark.slow

PACKAGES = [
    "safelight",
    "safelight_codegen",
    "safelight_lifecycle",
    "safelight_mock",
    "safelight_openapi",
    "safelight_testing",
]
OPEN = {"safelight_mock", "safelight_testing"}  # which have folders for their parts, described in `__init__`
# What adapters of safelight_mock alone use of its classes.
INTERNAL = (
    "App.__init__: AccessLog",
    "App.begin: ",
    "App.finish: ",
    "App.take_body: ",
    "Twin.__init__: Listener",
    "Twin.__init__: ServedVendor",
    "Twin.exchange: ",
    "Twin.run_until_response: ",
    # What Safelight alone makes.
    "Faults.__init__: ",
    "Jobs.__init__: ",
    "Ledger.__init__: ",
    "SharedClock.__init__: ",
    "Webhooks.__init__: ",
)
LOADED = "import sys; before = {*sys.modules}; import NAME; print(*({*sys.modules} - before))"


def folder(package: str) -> Path:
    file = import_module(package).__file__
    assert file is not None
    return Path(file).parent


def names_for_type_checkers(package: str) -> dict[str, str]:
    """Return the module of each name that the block `if TYPE_CHECKING` imports."""
    blocks = ast.parse((folder(package) / "__init__.py").read_text(encoding="utf-8")).body
    first = next(node for node in blocks if isinstance(node, ast.If))
    imports = [node for node in first.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: str(node.module) for node in imports for alias in node.names}


def exported(package: str) -> dict[str, Any]:
    module = import_module(package)
    return {name: getattr(module, name) for name in module.__all__}


def callables(value: object) -> Iterator[Callable[..., Any]]:
    """Yield a function, or a class with its public methods."""
    if inspect.isfunction(value):
        yield value
    elif inspect.isclass(value):
        yield value
        for name, member in vars(value).items():
            if inspect.isfunction(member) and (name == "__init__" or not name.startswith("_")):
                yield member
            if isinstance(member, property) and member.fget is not None:
                yield member.fget


def classes(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from classes(part)


def types_for_checkers(one: Callable[..., Any]) -> dict[str, Any]:
    """Return what the module of a function imports for type checkers only."""
    tree = ast.parse(inspect.getsource(sys.modules[one.__module__]))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    names: dict[str, Any] = {"JSONValue": JSONValue}  # a recursive alias, which names itself
    for node in (node for block in blocks for node in block.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            exec(ast.unparse(node), names)  # noqa: S102 - our own imports
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_type_checkers_see_the_names_that_are_exported(package: str) -> None:
    module = import_module(package)

    names = names_for_type_checkers(package)

    assert set(names) == set(module.__all__) == {*dir(module)} - {"__version__"}
    assert all(
        value is getattr(import_module(names[name]), name) for name, value in exported(package).items()
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_other_names_do_not_exist(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'misspelled'"):
        _ = import_module(package).misspelled


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_the_version_of_the_distribution(package: str) -> None:
    assert import_module(package).__version__ == version("safelight")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_types(package: str) -> None:
    assert (folder(package) / "py.typed").is_file()


@pytest.mark.parametrize("package", sorted({*PACKAGES} - OPEN))
def test_modules_at_the_top_of_a_package_are_private(package: str) -> None:
    modules = [path.stem for path in folder(package).iterdir() if path.suffix in {"", ".py"}]

    assert [name for name in modules if not name.startswith("_")] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_loads_none_of_its_modules(package: str) -> None:
    program = LOADED.replace("NAME", package)

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    loaded = done.stdout.split()
    assert [name for name in loaded if name.startswith("safelight")] == [package]
    assert {name.partition(".")[0] for name in loaded} - {package} <= sys.stdlib_module_names


@pytest.mark.parametrize("package", PACKAGES)
def test_types_in_signatures_are_exported(package: str) -> None:
    known = {id(value) for other in PACKAGES for value in exported(other).values()}

    hidden = {
        f"{one.__qualname__}: {hidden_class.__qualname__}"
        for value in exported(package).values()
        for one in callables(value)
        for name, annotation in get_type_hints(one, localns=types_for_checkers(one)).items()
        if not name.startswith("_")
        for hidden_class in classes(annotation)
        if hidden_class.__module__.startswith("safelight") and id(hidden_class) not in known
        if not hidden_class.__module__.startswith("safelight_clients.")  # its modules are public
    }

    assert {name for name in hidden if not name.startswith(INTERNAL)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_errors_in_docstrings_are_exported(package: str) -> None:
    known = {name for other in PACKAGES for name in exported(other)} | {*dir(builtins)}

    hidden = {
        f"{one.__qualname__}: {name}"
        for value in exported(package).values()
        for one in callables(value)
        for name in re.findall(r"\b[A-Z]\w+Error\b", inspect.getdoc(one) or "")
        if name not in known
    }

    assert hidden == set()
