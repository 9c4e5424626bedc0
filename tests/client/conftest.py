"""Topaz over answers that a test wrote down, with a clock that moves only by resting."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from safelight import Patience, Topaz

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
    """Every rest taken, in seconds; their sum is the time."""
    return []


@pytest.fixture
def sent() -> list[httpx.Request]:
    """Every request sent."""
    return []


@pytest.fixture
def connect(
    rests: list[float], sent: list[httpx.Request]
) -> Iterator[Callable[[Callable[[httpx.Request], httpx.Response]], Topaz]]:
    """Make a client of a service that answers with a function."""
    with ExitStack() as open_clients:

        def connected(answer: Callable[[httpx.Request], httpx.Response]) -> Topaz:
            def noted(request: httpx.Request) -> httpx.Response:
                request.read()
                sent.append(request)
                return answer(request)

            patience = Patience(sleep=rests.append, clock=lambda: sum(rests))
            topaz = Topaz(api_key="sk-secret", transport=httpx.MockTransport(noted), patience=patience)
            return open_clients.enter_context(topaz)

        yield connected


@pytest.fixture
def status() -> Callable[[str], httpx.Response]:
    """Answer as getStatus does about a job in the given state."""
    return lambda word: httpx.Response(200, json={**STATUS, "status": word})
