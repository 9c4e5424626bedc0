from pathlib import Path
from typing import Any

import pytest

from safelight_codegen.spec import Effective, effective
from safelight_codegen.spec.operations import Operation, operations

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def topaz() -> Effective:
    return effective("topaz", ROOT)


@pytest.fixture(scope="session")
def truth(topaz: Effective) -> dict[str, Any]:
    return topaz.truth


@pytest.fixture(scope="session")
def known(topaz: Effective) -> dict[str, Operation]:
    return operations(topaz.truth)
