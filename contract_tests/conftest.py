"""The generated client of a vendor before a twin: over a real socket, and in process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from safelight import Patience
from safelight_clients.topaz.client import AuthenticatedClient
from safelight_mock import MockServer, Settings, Twin, TwinTransport

collect_ignore = ["toy"]  # run by test_registry.py, where it has a client

SEED = "contract"
PHOTOGRAPH = Path(__file__).parent.parent / "docs" / "photograph" / "dahlia.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running twin, and where clients find it."""

    twin: Twin
    origin: str
    transport: httpx.BaseTransport | None = None

    def url(self, vendor: str) -> str:
        """A vendor's base URL."""
        return f"{self.origin}/{vendor}{self.twin.served[vendor].api.base}"

    def patience(self, vendor: str, key: str) -> Patience:
        """Rests that move the clock of a sandbox, which stands still otherwise."""
        rests: list[float] = []

        def rest(seconds: float) -> None:
            rests.append(seconds)
            self.twin.advance(seconds, vendor=vendor, key=key)

        self.twin.advance(0, vendor=vendor, key=key)
        return Patience(sleep=rest, clock=lambda: sum(rests))

    def move(self, job_id: str, to: str) -> None:
        """Bring a job to another state, as no vendor's operation does."""
        with httpx.Client(transport=self.transport) as control:
            moved = control.post(f"{self.origin}/_safelight/jobs/{job_id}/move", json={"to": to})
        assert moved.is_success, moved.text


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
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Journeys are made twice, over sockets and inside this process; none takes a key to the file host."""
    twin = Twin(Settings(seed=SEED))
    with closing(twin):
        if request.param == "socket":
            with MockServer(twin=twin, files_port=0) as server:
                yield Served(twin=twin, origin=server.origin)
        else:
            yield Served(twin=twin, origin="http://twin", transport=TwinTransport(twin))
        assert list(twin.misconduct) == []


@pytest.fixture
def bench(served: Served) -> Iterator[Bench]:
    """What a journey through the generated client needs."""
    with ExitStack() as opened:
        transport = served.transport or httpx.HTTPTransport()

        def client(key: str) -> AuthenticatedClient:
            made = AuthenticatedClient(
                base_url=served.url("topaz"),
                token=key,
                prefix="",
                auth_header_name="X-API-Key",
                httpx_args={"transport": transport},
            )
            return opened.enter_context(made)

        keyless = opened.enter_context(httpx.Client(transport=transport))
        yield Bench(served.twin, client, keyless.get)
