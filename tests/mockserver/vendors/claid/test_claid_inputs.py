"""What Claid's twin edits, and what becomes of an edit whose image it cannot use."""

import json
from io import BytesIO
from typing import TYPE_CHECKING

import pillow_heif
import pytest
from PIL import Image
from tests.mockserver.claid import (
    DAMAGED,
    PICTURE,
    SYNC,
    TEXT,
    UPLOAD,
    Json,
    advance,
    caller,
    fetched,
    finished,
    request,
)
from tests.mockserver.conftest import picture

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

UNUSABLE = {
    DAMAGED: "Input image is damaged.",
    TEXT: "Input file is not an image.",
    "safelight://none.jpg": "Unable to download the input image.",
    "http://127.0.0.1:9/a.jpg": "Unable to download the input image.",
    "storage://shop/a.jpg": "Unable to find the storage of the input image.",
}


@pytest.mark.fidelity("claid:failed-inputs")
@pytest.mark.parametrize(("image", "message"), UNUSABLE.items())
def test_an_edit_of_an_unusable_input_is_accepted_and_fails(
    client: "TwinClient", image: str, message: str
) -> None:
    result = finished(client, request(image))

    (error,) = result["errors"]
    assert (result["status"], result["result"], error["error"]) == ("ERROR", {}, message)
    assert error["input_object"] == (PICTURE if image == DAMAGED else None)
    assert error["created_at"] > result["created_at"]


@pytest.mark.fidelity("claid/400")
@pytest.mark.parametrize(("image", "message"), UNUSABLE.items())
def test_a_synchronous_edit_of_an_unusable_input_is_rejected(
    client: "TwinClient", image: str, message: str
) -> None:
    advance(client, 0)

    response = caller(client)("POST", SYNC, json=request(image))

    assert response.status_code == (422 if image in (DAMAGED, TEXT) else 400)
    assert (response.json()["error_type"], response.json()["error_message"]) == ("image", message)


@pytest.mark.fidelity("claid:padding", "claid:failed-inputs")
@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ({"padding": "300px"}, "Padding cannot be bigger than half of the image width or height."),
        ({"resizing": {"width": "9000%"}}, "Output image of 54000x36000 is too large."),
        (
            {"generative": {"style_transfer": {"style_reference_image": TEXT}}},
            "Unable to use the style reference image.",
        ),
        (
            {"generative": {"style_transfer": {"style_reference_image": DAMAGED}}},
            "Unable to use the style reference image.",
        ),
    ],
)
def test_an_edit_that_does_not_suit_its_input_fails_later(
    client: "TwinClient", operations: Json, message: str
) -> None:
    result = finished(client, request(**operations))

    (error,) = result["errors"]
    assert (result["status"], error["error"], error["input_object"]) == ("ERROR", message, PICTURE)


@pytest.mark.fidelity("claid:inputs")
@pytest.mark.parametrize("kind", ["BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIC"])
def test_images_of_every_documented_format_are_accepted(client: "TwinClient", kind: str) -> None:
    advance(client, 0)
    image = heic(48, 32) if kind == "HEIC" else picture(48, 32, kind)
    data = json.dumps({"operations": {"resizing": {"width": 24, "height": 16}}})

    response = caller(client)("POST", UPLOAD, files={"file": ("a", image)}, data={"data": data})

    result = response.json()["data"]
    name = kind.lower()
    assert result["input"] == {
        "ext": name,
        "mps": 0.001536,
        "mime": f"image/{name}",
        "format": name.upper(),
        "width": 48,
        "height": 32,
    }
    assert Image.open(BytesIO(fetched(client, result["output"]).content)).size == (24, 16)


def heic(width: int, height: int) -> bytes:
    file = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (width, height), "teal")).save(file)
    return file.getvalue()
