"""A sandbox without jobs."""

import pytest

from safelight_mock.core import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(name="box", seed="seed")
