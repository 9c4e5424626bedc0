"""A small vendor, Darkroom, with everything that the generator supports."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

DARKROOM = Path(__file__).with_name("darkroom.json").read_bytes()


@pytest.fixture
def darkroom() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DARKROOM)
    return document


@pytest.fixture(scope="session")
def darkroom_client() -> Mapping[str, bytes]:
    from safelight_codegen._generate.client_package import client_package  # noqa: PLC0415 - slow tests pay for it

    return client_package("darkroom", json.loads(DARKROOM))
