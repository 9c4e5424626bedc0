"""Runs of pytest inside a test, with the plugin as users have it."""

from pathlib import Path
from shutil import copy

import numpy as np
import pytest

import safelight_testing

# pytester removes the modules that a run in this process has imported, and numpy cannot be imported twice.
LOADED = (np, safelight_testing.Safelight)

PHOTOGRAPH = Path(__file__).parents[2] / "data" / "chelsea.jpg"
Run = pytest.RunResult

OTHERS = (
    "asyncio",
    "cacheprovider",
    "hypothesispytest",
    "schemathesis",
    "socket",
)  # plugins that are left out


class Inner:
    """A run of pytest on test modules of its own."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def run(
        self, code: str, *options: str, plugin: str = "", apart: bool = False, photo: bool = False
    ) -> Run:
        """Run a test module, with `photo` beside a photograph; `apart`: in a process of its own.

        `plugin`: the one of OTHERS that is not left out.
        """
        self._pytester.makepyfile(test_shop=code)
        if photo:
            copy(PHOTOGRAPH, self._pytester.path / "photo.jpg")
        run = self._pytester.runpytest_subprocess if apart else self._pytester.runpytest_inprocess
        left_out = [f"no:{name}" for name in OTHERS if name != plugin]
        return run(*(part for name in left_out for part in ("-p", name)), *options)


@pytest.fixture
def inner(pytester: pytest.Pytester) -> Inner:
    return Inner(pytester)
