"""How tests take, restore and fork a sandbox."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.mockserver.conftest import TwinClient
from tests.mockserver.hooks import sandbox_of, serve
from tests.mockserver.stored import stored

from safelight_mock import ClockMode
from safelight_mock.core import Sandbox

CONTROL = "/_safelight"
BASE = "/topaz/image/v1"
ZIP = {"content-type": "application/zip"}
START = 1_800_000_000.25


@pytest.fixture
def manual() -> Iterator[TwinClient]:
    with serve() as client:
        yield client


def sandbox(client: TwinClient, key: str = "k") -> Sandbox:
    return stored(client.twin, "topaz", key)


def taken(client: TwinClient) -> bytes:
    response = client.request("GET", f"{CONTROL}/sandboxes/{sandbox_of(client)}/snapshot")
    assert response.status_code == 200, response.text
    return response.content


def restored(client: TwinClient, file: bytes) -> httpx.Response:
    return client.request(
        "PUT", f"{CONTROL}/sandboxes/{sandbox_of(client)}/snapshot", content=file, headers=ZIP
    )


def forked(client: TwinClient, key: str) -> httpx.Response:
    return client.request("POST", f"{CONTROL}/sandboxes/{sandbox_of(client)}/forks", json={"key": key})


def as_key(client: TwinClient, key: str) -> TwinClient:
    return replace(client, key={"X-API-Key": key})


def running(
    moments: list[float],
    mode: ClockMode = ClockMode.REAL,
    **settings: Any,  # noqa: ANN401 - whatever settings there are
) -> AbstractContextManager[TwinClient]:
    """A mock server whose real time is the last entry of a list."""
    return serve(mode, real=lambda: moments[-1], **settings)
