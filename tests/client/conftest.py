"""Clients with prepared responses, and a clock that only sleeping advances."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import httpx
import pytest

from safelight import Claid, Polling, Tengr, Topaz

Answer: TypeAlias = Callable[[httpx.Request], httpx.Response]
Network: TypeAlias = Callable[[Answer], httpx.BaseTransport]

KEY = "sk-secret"
TENGR = "https://tengr.example"
STATUS = {
    "process_id": "5f0c9f5a-7d4e-4b8e-9a55-6a3f0d1c2b10",
    "filename": "photo.jpg",
    "input_format": "jpeg",
    "input_height": 427,
    "input_width": 640,
    "output_format": "jpeg",
    "output_height": 854,
    "output_width": 1280,
    "model": "Standard V2",
    "crop_to_fill": False,
    "progress": 40,
    "eta": 1795260311,
    "creation_time": 1795260309,
    "modification_time": 1795260310,
    "credits": 1,
    "category": "Enhance",
    "model_type": "GAN",
}


@pytest.fixture
def rests() -> list[float]:
    """Every delay in seconds; their sum is the time."""
    return []


@pytest.fixture
def sent() -> list[httpx.Request]:
    """Every request sent."""
    return []


@pytest.fixture
def polling(rests: list[float]) -> Polling:
    """Polling without real delays."""
    return Polling(sleep=rests.append, clock=lambda: sum(rests))


@pytest.fixture
def network(sent: list[httpx.Request]) -> Callable[[Answer], httpx.BaseTransport]:
    """Return a network on which a function responds."""

    def answered_by(answer: Answer) -> httpx.BaseTransport:
        def noted(request: httpx.Request) -> httpx.Response:
            request.read()
            sent.append(request)
            return answer(request)

        return httpx.MockTransport(noted)

    return answered_by


@pytest.fixture
def connect(network: Network, polling: Polling) -> Iterator[Callable[[Answer], Topaz]]:
    """Return a client of Topaz for responses of a function."""
    with ExitStack() as opened:
        yield lambda answer: opened.enter_context(
            Topaz(api_key=KEY, transport=network(answer), polling=polling)
        )


@pytest.fixture
def connect_claid(network: Network, polling: Polling) -> Iterator[Callable[[Answer], Claid]]:
    """Return a client of Claid for responses of a function."""
    with ExitStack() as opened:
        yield lambda answer: opened.enter_context(
            Claid(api_key=KEY, transport=network(answer), polling=polling)
        )


@pytest.fixture
def connect_tengr(network: Network, polling: Polling) -> Iterator[Callable[[Answer], Tengr]]:
    """Return a client of Tengr for responses of a function."""
    with ExitStack() as opened:
        yield lambda answer: opened.enter_context(
            Tengr(api_key=KEY, base_url=TENGR, transport=network(answer), polling=polling)
        )


@pytest.fixture
def status() -> Callable[[str], httpx.Response]:
    """Return the getStatus response for a state."""
    return lambda vendor_state: httpx.Response(200, json={**STATUS, "status": vendor_state})
