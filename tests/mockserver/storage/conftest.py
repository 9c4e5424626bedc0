"""A store of sandboxes of each kind."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.mockserver.storage.stores import STORES, Open

from safelight_mock.config.settings import Settings
from safelight_mock.storage.port import SandboxStore


@pytest.fixture(params=STORES)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Open a store with settings of its own: every test runs once over each kind."""
    opened: list[SandboxStore] = []

    def make(inputs: Counter[str] | None = None, **chosen: object) -> SandboxStore:
        settings = Settings(**chosen)  # type: ignore[arg-type] # whatever it takes
        opened.append(STORES[request.param](tmp_path / str(len(opened)), settings, inputs))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(make: Open) -> SandboxStore:
    return make()
