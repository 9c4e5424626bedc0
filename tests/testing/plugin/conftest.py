"""Runs of pytest inside a test, with the plugin as users have it."""

import numpy as np
import pytest

import safelight_testing

# pytester removes the modules that a run in this process has imported, and numpy cannot be imported twice.
LOADED = (np, safelight_testing.Safelight)

Run = pytest.RunResult

NO_PLUGINS = [
    option
    for name in ("asyncio", "cacheprovider", "hypothesispytest", "schemathesis", "socket")
    for option in ("-p", f"no:{name}")
]


class Inner:
    """A run of pytest on test modules of its own."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def run(self, code: str, *options: str, name: str = "test_shop", apart: bool = False) -> Run:
        """Run a test module; `apart`: in a process of its own."""
        self._pytester.makepyfile(**{name: code})
        run = self._pytester.runpytest_subprocess if apart else self._pytester.runpytest_inprocess
        return run(*NO_PLUGINS, *options)


@pytest.fixture
def inner(pytester: pytest.Pytester) -> Inner:
    return Inner(pytester)
