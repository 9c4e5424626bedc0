"""The application as its tests use it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from safelight_testing import Safelight

from darkroom import app as darkroom


@pytest.fixture(params=["topaz", "prints"])
def vendor(request: pytest.FixtureRequest) -> str:
    """The API that enlarges: one that Safelight knows, and one of a document."""
    return str(request.param)


@pytest.fixture
def shop(safelight: Safelight) -> Iterator[TestClient]:
    """Serve the application, and have it receive the webhooks of the mock server."""
    darkroom.orders.clear()
    darkroom.maintenance_until = 0.0
    safelight.webhooks.to(darkroom.HOOKS, darkroom.app)
    with TestClient(darkroom.app) as client:
        yield client
