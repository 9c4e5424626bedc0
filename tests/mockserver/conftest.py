"""The same twin behind each of its shells."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

import httpx
import pytest
from PIL import Image

from safelight_mock import App, AsyncTwinTransport, MockServer, Settings, Twin, TwinTransport

BASE = "/topaz/image/v1"
START = 1_800_000_000.25
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # for http: loading certificates takes 35 ms


@dataclass(frozen=True)
class Door:
    """One transport to a mock server with a manual clock."""

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
def over_a_socket(twin: Twin) -> Iterator[Door]:
    with (
        MockServer(twin=twin) as server,
        httpx.Client(base_url=server.origin, verify=NO_CERTIFICATES) as client,
    ):
        yield Door(twin, client.request)


@contextmanager
def in_process(twin: Twin) -> Iterator[Door]:
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        yield Door(twin, client.request)


@contextmanager
def asynchronously(twin: Twin, transport: httpx.AsyncBaseTransport) -> Iterator[Door]:
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=transport, base_url="http://localhost")

        def request(method: str, url: str, **rest: object) -> httpx.Response:
            return runner.run(client.request(method, url, **rest))  # type: ignore[arg-type] # whatever httpx takes

        yield Door(twin, request)
        runner.run(client.aclose())


@contextmanager
def in_process_async(twin: Twin) -> Iterator[Door]:
    with asynchronously(twin, AsyncTwinTransport(twin)) as door:
        yield door


@contextmanager
def as_asgi(twin: Twin) -> Iterator[Door]:
    app = App(twin)
    with asynchronously(twin, httpx.ASGITransport(app)) as door:
        yield door
    app.close()


DOORS = {
    "in process": in_process,
    "in process, async": in_process_async,
    "ASGI": as_asgi,
    "socket": over_a_socket,
}
SLOW = {"socket": pytest.mark.slow}


@pytest.fixture(params=[pytest.param(name, marks=SLOW.get(name, ())) for name in DOORS])
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    """Every test with this fixture runs once through each shell."""
    twin = Twin(Settings(seed="tests"), real=lambda: START)
    with DOORS[request.param](twin) as opened:
        yield opened
    twin.close()


@pytest.fixture
def inside() -> Iterator[Door]:
    """The quickest way in, for what does not depend on the shell."""
    twin = Twin(Settings(seed="tests"), real=lambda: START)
    with in_process(twin) as opened:
        yield opened
    twin.close()


@pytest.fixture
def special(settings: Settings) -> Iterator[Door]:
    """The same into a twin with settings of its own."""
    twin = Twin(settings, real=lambda: START)
    with in_process(twin) as opened:
        yield opened
    twin.close()


@pytest.fixture(scope="module")
def steady() -> Iterator[Door]:
    """The same for a whole module, into a twin for all that is refused and leaves nothing."""
    twin = Twin(Settings(seed="tests"), real=lambda: START)
    with in_process(twin) as opened:
        yield opened
    twin.close()


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
