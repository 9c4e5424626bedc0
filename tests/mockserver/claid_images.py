"""Synchronous edits by Claid's mock server, and measurements of their results."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from safelight_mock import Twin, TwinTransport

COFFEE, CAT = "safelight://coffee.jpg", "safelight://chelsea.jpg"  # 600 by 400, 451 by 300
PORTRAIT = Path(__file__).parent / "imaging" / "data" / "astronaut.jpg"
Values = np.ndarray[Any, np.dtype[np.float64]]
Json = dict[str, Any]


@dataclass(frozen=True)
class Edits:
    """A client of a twin whose synchronous edits take no time."""

    client: httpx.Client

    def edit(self, operations: Json, image: str = COFFEE, output: Json | None = None) -> "Edited":
        """Edit the image at a URL."""
        request = {"input": image, "operations": operations, "output": output or {"format": "png"}}
        return self._edited_image(self.client.post("/image/edit", json=request))

    def upload(self, image: Image.Image, operations: Json) -> "Edited":
        """Upload and edit an image."""
        data = json.dumps({"operations": operations, "output": {"format": "png"}})
        file = BytesIO()
        image.save(file, "PNG")
        response = self.client.post(
            "/image/edit/upload", files={"file": ("it.png", file.getvalue())}, data={"data": data}
        )
        return self._edited_image(response)

    def _edited_image(self, response: httpx.Response) -> "Edited":
        assert response.status_code == 200, response.text
        output = response.json()["data"]["output"]
        return Edited(output, self.client.get(output["tmp_url"]).content)


@dataclass(frozen=True)
class Edited:
    """A result: its description in the response, and its file."""

    output: Json
    file: bytes

    @property
    def image(self) -> Image.Image:
        return Image.open(BytesIO(self.file))

    @property
    def colours(self) -> Values:
        return np.asarray(self.image.convert("RGB"), np.float64)

    @property
    def alpha(self) -> Values:
        return np.asarray(self.image.convert("RGBA"), np.float64)[..., 3]


@pytest.fixture(scope="module")
def edits() -> Iterator[Edits]:
    twin = Twin(real=lambda: 1_800_000_000.0)
    twin.advance(0, vendor="claid", key="k")
    bearer = {"Authorization": "Bearer k"}
    with httpx.Client(
        transport=TwinTransport(twin), base_url="http://twin/claid/v1", headers=bearer
    ) as client:
        yield Edits(client)
    twin.close()


@pytest.fixture(scope="module")
def plain(edits: Edits) -> Edited:
    """The photograph with nothing done to it."""
    return edits.edit({})


def light(colours: Values) -> Values:
    means: Values = colours.mean(2)
    return means


def brightness(colours: Values) -> float:
    return float(colours.mean())


def spread(colours: Values) -> float:
    return float(light(colours).std())


def chroma(colours: Values) -> float:
    return float((colours.max(2) - colours.min(2)).mean())


def detail(colours: Values) -> float:
    """The mean difference of adjacent pixels."""
    grey = light(colours)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


def edges(colours: Values, width: int = 12) -> Values:
    """The outermost pixels on all sides."""
    sides = colours[:width], colours[-width:], colours[:, :width], colours[:, -width:]
    return np.concatenate([side.reshape(-1, colours.shape[2]) for side in sides])


def change(one: Values, other: Values) -> float:
    return float(np.abs(one - other).mean())
