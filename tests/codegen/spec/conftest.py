from pathlib import Path

import pytest

from safelight_codegen.spec import Effective, effective

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def topaz() -> Effective:
    return effective("topaz", ROOT)
