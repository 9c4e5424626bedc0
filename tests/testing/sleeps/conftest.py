"""A Safelight on whose clock sleeps pass, and a bound for tests that would really sleep."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from safelight_testing import Safelight

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def safelight() -> Iterator[Safelight]:
    with Safelight(sleeps=True, start=START) as safelight:
        yield safelight


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """No test takes as long as the shortest sleep in it, with room for a busy machine."""
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < 30
