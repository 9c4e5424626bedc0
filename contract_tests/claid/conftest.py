"""Claid's generated client before a twin: over a real socket, and in process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from safelight_clients.claid.client import AuthenticatedClient
from safelight_mock import MockServer, Settings, Twin, TwinTransport


@dataclass(frozen=True)
class Bench:
    """A twin whose clock stands still until it is advanced, and how to reach it with a client."""

    twin: Twin
    client: Callable[[str], AuthenticatedClient]
    fetch: Callable[[str], httpx.Response]
    control: httpx.Client

    def advance(self, seconds: float, key: str = "k") -> None:
        self.twin.advance(seconds, vendor="claid", key=key)


@pytest.fixture(params=["socket", "in process"])
def claid(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Every journey is made twice: over a socket and inside this process."""
    twin = Twin(Settings(seed="contract"))
    with ExitStack() as closing:
        closing.callback(twin.close)
        transport: httpx.BaseTransport = TwinTransport(twin)
        base = "http://twin/claid/v1"
        if request.param == "socket":
            base = closing.enter_context(MockServer(twin=twin)).url("claid")
            transport = httpx.HTTPTransport()

        def client(key: str) -> AuthenticatedClient:
            made = AuthenticatedClient(base_url=base, token=key, httpx_args={"transport": transport})
            return closing.enter_context(made)

        control = httpx.Client(transport=transport, base_url=httpx.URL(base).copy_with(path="/_safelight"))
        keyless = closing.enter_context(httpx.Client(transport=transport))
        bench = Bench(twin, client, keyless.get, closing.enter_context(control))
        bench.advance(0)
        yield bench
