"""Runs of pytest inside of a test, in its process, that leave modules as they find them.

pytester forgets the modules that a run has imported. They would be imported again by later tests: numpy
refuses that, and of the others there would be two copies, whose classes are not those of the first.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Protocol

import pytest


class RunInProcess(Protocol):
    """Runs pytest on what the test has written."""

    def __call__(self, *arguments: str) -> pytest.RunResult: ...


class KeptModules:
    """A plugin of the runs of one test, which remembers what they import but for modules of tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._modules: dict[str, ModuleType] = {}

    @pytest.hookimpl(tryfirst=True)  # others may raise
    def pytest_unconfigure(self) -> None:
        """Remember the modules, at the end of a run."""
        self._modules |= {name: one for name, one in [*sys.modules.items()] if self._is_kept(one)}

    def bring_back(self) -> None:
        """Enter modules that are no longer known."""
        for name, module in self._modules.items():
            sys.modules.setdefault(name, module)

    def _is_kept(self, module: ModuleType | None) -> bool:
        file = getattr(module, "__file__", None)
        return module is not None and not (isinstance(file, str) and Path(file).is_relative_to(self._folder))


@pytest.fixture
def kept_modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptModules]:
    """Bring modules back after pytester, which forgets them once more when it ends."""
    kept = KeptModules(tmp_path_factory.getbasetemp())
    yield kept
    kept.bring_back()


@pytest.fixture
def run_in_process(kept_modules: KeptModules, pytester: pytest.Pytester) -> RunInProcess:
    """Return a function that runs pytest; in this order, so that `kept_modules` ends after `pytester`."""

    def run(*arguments: str) -> pytest.RunResult:
        result = pytester.runpytest_inprocess(*arguments, plugins=[kept_modules])
        kept_modules.bring_back()
        return result

    return run
