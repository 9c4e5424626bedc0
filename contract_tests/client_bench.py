"""Clients of one vendor's generated package for a journey, and the clock of the service."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx

if TYPE_CHECKING:
    from contract_tests.targets.served import Served

Client = TypeVar("Client", bound=AbstractContextManager[Any])


@dataclass(frozen=True)
class ClientBench(Generic[Client]):
    """A service, a factory of clients by API key, and `fetch`, which sends a GET request without a key."""

    served: "Served"
    vendor: str
    client: Callable[[str], Client]
    fetch: Callable[[str], httpx.Response]

    def advance(self, seconds: float, key: str = "k") -> None:
        """Advance the clock of a key's sandbox; skips the journey at a service with real time."""
        self.served.advance(seconds, vendor=self.vendor, key=key)


@contextmanager
def client_bench(
    served: "Served", vendor: str, client_class: Callable[..., Client]
) -> Iterator[ClientBench[Client]]:
    """Make clients of a class, such as `AuthenticatedClient`; all are closed at the end of the block."""
    with ExitStack() as opened:

        def client(key: str) -> Client:
            made = client_class(
                base_url=served.url(vendor),
                token=served.key(vendor, key),
                httpx_args={"transport": served.transport},
            )
            opened.enter_context(made)
            return made

        keyless = opened.enter_context(httpx.Client(transport=served.transport))
        yield ClientBench(served, vendor, client, keyless.get)
