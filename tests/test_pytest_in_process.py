"""A run of pytest inside of a test neither unloads modules nor leaves its own behind."""

import sys

import pytest
from tests.pytest_in_process import RunInProcess


@pytest.mark.slow
def test_what_a_run_imports_stays_and_its_own_modules_go(
    run_in_process: RunInProcess, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "this", raising=False)
    pytester.makepyfile(test_shop="import this, own\ndef test_nothing(): own.module = this")
    pytester.makepyfile(own="")

    outcome = run_in_process("-p", "no:cacheprovider", "-p", "no:asyncio")

    outcome.assert_outcomes(passed=1)
    assert "this" in sys.modules
    assert "own" not in sys.modules
