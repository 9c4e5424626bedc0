import json
from pathlib import Path
from typing import Any

import pytest

from safelight_openapi._effective import Effective, effective
from safelight_openapi._effective.extract import extract
from safelight_openapi._structure.operations import Operation, operations

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="session")
def claid() -> Effective:
    return effective("claid", ROOT)


@pytest.fixture(scope="session")
def claid_page() -> list[Any]:
    """The two examples of answers on Claid's page."""
    page = (ROOT / "openapi/claid/pages/async-image-edit.md").read_bytes()
    return [json.loads(extract(page, f"fenced-json {number} of 4")) for number in (2, 4)]
