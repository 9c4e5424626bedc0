"""How the tests of Claid's twin talk to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from safelight_mock import Settings

if TYPE_CHECKING:
    from tests.mockserver.conftest import Door

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
    told = {f"claid.{name}": value for name, value in options.items()}
    return pytest.mark.parametrize("settings", [Settings(seed="tests", options=told)])


def caller(door: "Door", key: str = "k", base: str = BASE) -> Request:
    def call(method: str, path: str, **rest: object) -> httpx.Response:
        return door.request(method, base + path, **{"headers": {"Authorization": f"Bearer {key}"}, **rest})

    return call


def advance(door: "Door", seconds: float, key: str = "k") -> None:
    door.twin.advance(seconds, vendor="claid", key=key)


def request(image: object = COFFEE, output: object = None, **operations: object) -> Json:
    return {"input": image, "operations": operations, **({"output": output} if output else {})}


def submitted(call: Request, asked: Json, path: str = ASYNC) -> int:
    answer = call("POST", path, json=asked)
    assert answer.status_code == 200, answer.text
    taken: int = answer.json()["data"]["id"]
    return taken


def found(call: Request, edit: int, path: str = ASYNC) -> Json:
    answer = call("GET", f"{path}/{edit}")
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()["data"]
    return told


def finished(door: "Door", asked: Json, path: str = ASYNC) -> Json:
    """The edit as it stands once it is over."""
    edit = submitted(caller(door), asked, path)
    advance(door, 60)
    return found(caller(door), edit, path)


def fetched(door: "Door", output: Json) -> httpx.Response:
    return door.request("GET", output["tmp_url"])


def said(answer: httpx.Response) -> tuple[int, Json]:
    """Status and envelope, which is as the vendor has it."""
    told: Json = answer.json()
    assert set(told) == {"error_code", "error_type", "error_message", "error_details"}
    assert told["error_type"] in TYPES
    assert UUID(answer.headers["x-request-id"])
    return answer.status_code, told
