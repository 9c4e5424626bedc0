"""How the tests of Tengr's twin talk to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

BASE = "/tengr/v2"
DETAILER = "/artworks/detailer-upscaler"
UPSCALING = "/artworks/upscaling"
KEY = {"Authorization": "Bearer k"}
COFFEE, CAT = "safelight://coffee.jpg", "safelight://chelsea.jpg"  # 600 by 400, 451 by 300
DAY = 86_400
START = 1_800_000_000.25
Request = Callable[..., httpx.Response]


def caller(client: "TwinClient") -> Request:
    def call(method: str, path: str, **rest: object) -> httpx.Response:
        return client.request(method, BASE + path, **{"headers": KEY, **rest})

    return call


def submitted(call: Request, path: str = DETAILER, **fields: object) -> str:
    response = call("POST", path, json={"imageUrl": CAT, **fields})
    assert response.status_code == 202, response.text
    taken: str = response.json()["id"]
    return taken


def advance(client: "TwinClient", seconds: float) -> None:
    client.twin.advance(seconds, vendor="tengr", key="k")


def read_artwork(call: Request, artwork: str) -> dict[str, Any]:
    result: dict[str, Any] = call("GET", f"/artworks/{artwork}").json()
    return result


def finished(client: "TwinClient", path: str = DETAILER, **fields: object) -> dict[str, Any]:
    """The artwork once it is over."""
    artwork = submitted(caller(client), path, **fields)
    advance(client, 60)
    return read_artwork(caller(client), artwork)


def fetched(client: "TwinClient", artwork: dict[str, Any]) -> bytes:
    (link,) = artwork["results"]
    return client.request("GET", link).content
