"""Tengr's generated client, and how to let time pass for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest

from safelight_clients.tengr.client import AuthenticatedClient

if TYPE_CHECKING:
    from contract_tests.targets.served import Served


@dataclass(frozen=True)
class Bench:
    """A service with a manual clock, and factories of clients for it."""

    served: "Served"
    client: Callable[[str], AuthenticatedClient]
    fetch: Callable[[str], httpx.Response]

    def advance(self, seconds: float, key: str = "k") -> None:
        self.served.advance(seconds, vendor="tengr", key=key)


@pytest.fixture
def tengr(served: "Served") -> Iterator[Bench]:
    """The fixtures of a journey through the generated client."""
    with ExitStack() as opened:

        def client(key: str) -> AuthenticatedClient:
            made = AuthenticatedClient(
                base_url=served.url("tengr"),
                token=served.key("tengr", key),
                httpx_args={"transport": served.transport},
            )
            return opened.enter_context(made)

        keyless = opened.enter_context(httpx.Client(transport=served.transport))
        bench = Bench(served, client, keyless.get)
        bench.advance(0)
        yield bench
