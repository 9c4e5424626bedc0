"""Clients of a mock server over each of its adapters, and pictures."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from io import BytesIO

import httpx
import pytest
from PIL import Image

from safelight_mock import App, AsyncTwinTransport, MockServer, Settings, Twin, TwinTransport
from safelight_mock.wire.listener import SINGLE_PORT, Listener

BASE = "/topaz/image/v1"
START = 1_800_000_000.25
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # for http: loading certificates takes 35 ms


@dataclass(frozen=True)
class TwinClient:
    """A mock server and one way to send it requests; paths and keys are those of Topaz."""

    twin: Twin
    request: Callable[..., httpx.Response]
    key: dict[str, str] = field(default_factory=lambda: {"X-API-Key": "k"})

    def call(self, method: str, path: str, **rest: object) -> httpx.Response:
        return self.request(method, BASE + path, **{"headers": self.key, **rest})

    def submit(self, image: bytes, path: str = "/enhance/async", **fields: str) -> str:
        response = self.call("POST", path, files={"image": ("photo.jpg", image)}, data=fields)
        assert response.status_code == 200, response.text
        process_id: str = response.json()["process_id"]
        return process_id

    def advance(self, seconds: float) -> None:
        self.twin.advance(seconds, vendor="topaz", key="k")


@contextmanager
def over_a_socket(twin: Twin) -> Iterator[TwinClient]:
    with (
        MockServer(twin=twin) as server,
        httpx.Client(base_url=server.origin, verify=NO_CERTIFICATES) as client,
    ):
        yield TwinClient(twin, client.request)


@contextmanager
def in_process(twin: Twin) -> Iterator[TwinClient]:
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        yield TwinClient(twin, client.request)


@contextmanager
def asynchronously(twin: Twin, transport: httpx.AsyncBaseTransport) -> Iterator[TwinClient]:
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=transport, base_url="http://localhost")

        def request(method: str, url: str, **rest: object) -> httpx.Response:
            return runner.run(client.request(method, url, **rest))  # type: ignore[arg-type] # whatever httpx takes

        yield TwinClient(twin, request)
        runner.run(client.aclose())


@contextmanager
def in_process_async(twin: Twin) -> Iterator[TwinClient]:
    with asynchronously(twin, AsyncTwinTransport(twin)) as client:
        yield client


@contextmanager
def as_asgi(twin: Twin) -> Iterator[TwinClient]:
    app = App(twin)
    with asynchronously(twin, httpx.ASGITransport(app)) as client:
        yield client
    app.close()


@contextmanager
def serving(
    settings: Settings | None = None,
    over: Callable[[Twin], AbstractContextManager[TwinClient]] = in_process,
    *,
    real: Callable[[], float] = lambda: START,
    listener: Listener = SINGLE_PORT,
) -> Iterator[TwinClient]:
    """Make a mock server, by default at START until it is advanced, and a client over one of its adapters."""
    twin = Twin(settings or Settings(seed="tests"), real=real, listener=listener)
    with closing(twin), over(twin) as opened:
        yield opened


ADAPTERS = {
    "in process": in_process,
    "in process, async": in_process_async,
    "ASGI": as_asgi,
    "socket": over_a_socket,
}
SLOW = {"socket": pytest.mark.slow}


@pytest.fixture(params=[pytest.param(name, marks=SLOW.get(name, ())) for name in ADAPTERS])
def any_client(request: pytest.FixtureRequest) -> Iterator[TwinClient]:
    """A client over each adapter: a test with this fixture runs once for each."""
    with serving(over=ADAPTERS[request.param]) as opened:
        yield opened


@pytest.fixture
def client() -> Iterator[TwinClient]:
    """A client in process, the fastest, for what does not depend on the adapter."""
    with serving() as opened:
        yield opened


@pytest.fixture
def configured_client(settings: Settings) -> Iterator[TwinClient]:
    """A client in process of a server with the settings of the module's fixture `settings`."""
    with serving(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_client() -> Iterator[TwinClient]:
    """A client in process for a whole module, for requests that are refused and change nothing."""
    with serving() as opened:
        yield opened


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A small JPEG, 48 by 32."""
    return picture(48, 32)


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    """Draw a gradient, so that pictures differ by what is in them."""
    gradient = Image.linear_gradient("L").resize((width, height))
    image = Image.merge("RGB", (gradient, gradient.rotate(180), gradient))
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()
