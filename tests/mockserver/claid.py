"""How the tests of Claid's twin talk to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from safelight_mock import Settings

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

BASE = "/claid/v1"
ASYNC, BATCH, SYNC, UPLOAD = "/image/edit/async", "/image/edit/batch", "/image/edit", "/image/edit/upload"
POSTS = (ASYNC, BATCH, SYNC)
COFFEE, CAT = "safelight://coffee.jpg", "safelight://chelsea.jpg"  # 600 by 400, 451 by 300
DAMAGED, TEXT = "safelight://damaged.jpg", "safelight://text.txt"
START = 1_800_000_000.25
DAY = 86_400
Json = dict[str, Any]
Request = Callable[..., httpx.Response]

PICTURE = {"ext": "jpeg", "mps": 0.24, "mime": "image/jpeg", "format": "JPEG", "width": 600, "height": 400}
TYPES = {"auth", "billing", "general", "image", "validation"}


def with_options(**options: str | float | bool) -> pytest.MarkDecorator:
    result = {f"claid.{name}": value for name, value in options.items()}
    return pytest.mark.parametrize("settings", [Settings(seed="tests", options=result)])


def caller(client: "TwinClient", key: str = "k", base: str = BASE) -> Request:
    def call(method: str, path: str, **rest: object) -> httpx.Response:
        return client.request(method, base + path, **{"headers": {"Authorization": f"Bearer {key}"}, **rest})

    return call


def advance(client: "TwinClient", seconds: float, key: str = "k") -> None:
    client.twin.advance(seconds, vendor="claid", key=key)


def request(image: object = COFFEE, output: object = None, **operations: object) -> Json:
    return {"input": image, "operations": operations, **({"output": output} if output else {})}


def submitted(call: Request, requested: Json, path: str = ASYNC) -> int:
    response = call("POST", path, json=requested)
    assert response.status_code == 200, response.text
    taken: int = response.json()["data"]["id"]
    return taken


def read_edit(call: Request, edit: int, path: str = ASYNC) -> Json:
    response = call("GET", f"{path}/{edit}")
    assert response.status_code == 200, response.text
    result: Json = response.json()["data"]
    return result


def finished(client: "TwinClient", requested: Json, path: str = ASYNC) -> Json:
    """The edit once it is over."""
    edit = submitted(caller(client), requested, path)
    advance(client, 60)
    return read_edit(caller(client), edit, path)


def fetched(client: "TwinClient", output: Json) -> httpx.Response:
    return client.request("GET", output["tmp_url"])


def status_and_error(response: httpx.Response) -> tuple[int, Json]:
    """Status and envelope, which is as the vendor has it."""
    result: Json = response.json()
    assert set(result) == {"error_code", "error_type", "error_message", "error_details"}
    assert result["error_type"] in TYPES
    assert UUID(response.headers["x-request-id"])
    return response.status_code, result
