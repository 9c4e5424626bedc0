"""Runs of pytest inside a test, with the plugin as users have it."""

from pathlib import Path
from shutil import copy

import pytest
from tests.pytest_in_process import RunInProcess

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

    def __init__(self, pytester: pytest.Pytester, run_in_process: RunInProcess) -> None:
        self._pytester, self._run_in_process = pytester, run_in_process

    def run(
        self, code: str, *options: str, plugin: str = "", apart: bool = False, photo: bool = False
    ) -> Run:
        """Run a test module, with `photo` beside a photograph; `apart`: in a process of its own.

        `plugin`: the one of OTHERS that is not left out.
        """
        self._pytester.makepyfile(test_shop=code)
        if photo:
            copy(PHOTOGRAPH, self._pytester.path / "photo.jpg")
        left_out = [f"no:{name}" for name in OTHERS if name != plugin]
        arguments = (*(part for name in left_out for part in ("-p", name)), *options)
        if apart:
            return self._pytester.runpytest_subprocess(*arguments)
        return self._run_in_process(*arguments)


@pytest.fixture
def inner(run_in_process: RunInProcess, pytester: pytest.Pytester) -> Inner:
    return Inner(pytester, run_in_process)
