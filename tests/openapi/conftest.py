import json
from pathlib import Path
from typing import Any

import pytest

from safelight_openapi import (
    DocumentOperation,
    EffectiveDocuments,
    build_effective,
    extract_document,
    operations_by_id,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def topaz() -> EffectiveDocuments:
    return build_effective("topaz", ROOT)


@pytest.fixture(scope="session")
def truth(topaz: EffectiveDocuments) -> dict[str, Any]:
    return topaz.truth


@pytest.fixture(scope="session")
def known(topaz: EffectiveDocuments) -> dict[str, DocumentOperation]:
    return operations_by_id(topaz.truth)


@pytest.fixture(scope="session")
def claid() -> EffectiveDocuments:
    return build_effective("claid", ROOT)


@pytest.fixture(scope="session")
def claid_page() -> list[Any]:
    """The two examples of responses on Claid's page."""
    page = (ROOT / "openapi/claid/pages/async-image-edit.md").read_bytes()
    return [json.loads(extract_document(page, f"fenced-json {number} of 4")) for number in (2, 4)]
