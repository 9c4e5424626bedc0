"""The generated client of a vendor before a twin: over a real socket, and in process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from safelight_clients.topaz.client import AuthenticatedClient
from safelight_mock import MockServer, Settings, Twin, TwinTransport

SEED = "contract"
PHOTOGRAPH = Path(__file__).parent.parent / "docs" / "photograph" / "dahlia.jpg"


@dataclass(frozen=True)
class Bench:
    """A twin whose clock stands still until it is advanced, and how to reach it with a client."""

    twin: Twin
    client: Callable[[str], AuthenticatedClient]
    fetch: Callable[[str], httpx.Response]

    def advance(self, seconds: float, key: str = "k") -> None:
        self.twin.advance(seconds, vendor="topaz", key=key)


@pytest.fixture(scope="session")
def photograph() -> bytes:
    """The photograph of the demo."""
    return PHOTOGRAPH.read_bytes()


@pytest.fixture(params=["socket", "in process"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Every journey is made twice: over a socket and inside this process."""
    twin = Twin(Settings(seed=SEED))
    with ExitStack() as closing:
        closing.callback(twin.close)
        transport: httpx.BaseTransport = TwinTransport(twin)
        base = "http://twin/topaz/image/v1"
        if request.param == "socket":
            base = closing.enter_context(MockServer(twin=twin)).url("topaz")
            transport = httpx.HTTPTransport()

        def client(key: str) -> AuthenticatedClient:
            made = AuthenticatedClient(
                base_url=base,
                token=key,
                prefix="",
                auth_header_name="X-API-Key",
                httpx_args={"transport": transport},
            )
            return closing.enter_context(made)

        keyless = closing.enter_context(httpx.Client(transport=transport))
        yield Bench(twin, client, keyless.get)
