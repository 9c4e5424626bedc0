"""A Claid edit that clips is cut to the edges of its subject, and what follows takes that for the input."""

import json
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from tests.mockserver.claid import (
    BATCH,
    CAT,
    COFFEE,
    SYNC,
    UPLOAD,
    advance,
    caller,
    fetched,
    finished,
    read_edit,
)
from tests.mockserver.claid_images import Edited, Edits, Json, edits

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

__all__ = ["edits"]

SANDBOXES = "/_safelight/sandboxes"
CLIPPED: Json = {"background": {"remove": {"clipping": True}, "color": "transparent"}}


@pytest.fixture(scope="module")
def cut(edits: Edits) -> Edited:
    """The subject of a photograph, cut out and nothing else."""
    return edits.edit(CLIPPED)


def request(image: object = CAT, **operations: object) -> Json:
    return {"input": image, "operations": {**CLIPPED, **operations}, "output": {"format": "png"}}


def size(result: Json) -> tuple[int, int]:
    return result["width"], result["height"]


@pytest.mark.fidelity("claid:clipping")
def test_without_a_size_a_clipped_picture_is_as_large_as_its_subject(edits: Edits, cut: Edited) -> None:
    whole = edits.edit({"background": {"remove": True, "color": "transparent"}})

    rows, columns = (np.flatnonzero((whole.alpha > 25).any(axis)) for axis in (1, 0))
    subject = whole.alpha[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert (cut.alpha == subject).all()
    assert cut.alpha.size < whole.alpha.size
    assert size(cut.output) == cut.image.size
    assert cut.output["mps"] == round(cut.alpha.size / 1e6, 6)


FRAMINGS: dict[str, Json] = {
    "a width": {"resizing": {"width": 200}},
    "both sides": {"resizing": {"width": 200, "height": 150}},
    "half": {"resizing": {"width": "50%", "height": "50%"}},
    "smart": {"resizing": {"width": 100, "height": 200, "fit": {"type": "crop", "crop": "smart"}}},
    "cover": {"resizing": {"width": 200, "height": 100, "fit": "cover"}},
    "bounds": {"resizing": {"width": 200, "height": 100, "fit": "bounds"}},
    "canvas": {"resizing": {"width": 300, "height": 300, "fit": "canvas"}},
    "outpaint": {"resizing": {"width": 600, "height": 500, "fit": "outpaint"}},
    "outpaint by": {"resizing": {"fit": {"type": "outpaint", "outpaint_by": "10% 50px"}}},
    "restored": {"restorations": {"decompress": "strong", "polish": True}},
    "adjusted": {"adjustments": {"exposure": 30, "sharpness": 50}},
    "padding": {"padding": "10% 20%"},
    "padding in pixels": {"padding": "10px"},
    "both": {"resizing": {"width": 300, "height": 300, "fit": "bounds"}, "padding": "10%"},
}


@pytest.mark.fidelity("claid:clipping")
@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
def test_later_operations_use_the_clipped_image_as_their_input(
    edits: Edits, cut: Edited, framing: Json
) -> None:
    at_once = edits.edit({**CLIPPED, **framing})
    one_by_one = edits.upload(cut.image, {**framing, "background": {"color": "transparent"}})

    assert at_once.image.size == size(at_once.output) == one_by_one.image.size
    assert np.abs(at_once.colours - one_by_one.colours)[at_once.alpha > 128].mean() < 1
    assert np.abs(at_once.alpha - one_by_one.alpha).mean() < 1


@pytest.mark.parametrize("upscale", ["smart_enhance", "digital_art", "photo", None])
def test_a_clipped_picture_is_enlarged_as_an_input_of_its_size(
    edits: Edits, cut: Edited, upscale: str | None
) -> None:
    width, height = cut.image.size
    requested = {"restorations": {"upscale": upscale}, "resizing": {"width": "200%", "height": "200%"}}

    made = edits.edit({**CLIPPED, **requested})

    assert made.image.size == size(made.output) == (2 * width, 2 * height)


@pytest.mark.parametrize(
    ("ground", "corner"),
    [
        ({}, [255, 255, 255, 255]),
        ({"color": "#ffeecc"}, [255, 238, 204, 255]),
        ({"color": "transparent"}, None),
    ],
)
def test_the_background_of_a_clipped_image_is_not_adjusted(
    edits: Edits, ground: Json, corner: list[int] | None
) -> None:
    background = {"remove": {"clipping": True}, **ground}
    requested = {"background": background, "adjustments": {"exposure": -50, "hdr": 50}}

    made = np.asarray(edits.edit(requested).image.convert("RGBA"))

    assert made[0, 0].tolist() == corner if corner else made[0, 0, 3] == 0


def test_the_background_of_an_input_with_alpha_stays_transparent(edits: Edits, cut: Edited) -> None:
    made = edits.upload(cut.image, {"background": {"remove": {"clipping": True}}})

    assert made.image.mode == "RGBA"


@pytest.mark.fidelity("claid:clipping")
def test_every_response_has_the_true_size_of_a_clipped_result(client: "TwinClient", photo: bytes) -> None:
    advance(client, 0)
    call = caller(client)
    pair = finished(client, request())["result"]
    batch = finished(client, request([CAT, COFFEE]), BATCH)["results"]
    sync = call("POST", SYNC, json=request()).json()["data"]["output"]
    data = json.dumps({"operations": CLIPPED, "output": {"format": "png"}})
    upload = call("POST", UPLOAD, files={"file": ("a.jpg", photo)}, data={"data": data}).json()["data"]

    result = [pair["output_object"], *(item["output_object"] for item in batch), sync, upload["output"]]
    for output in result:
        assert Image.open(BytesIO(fetched(client, output).content)).size == size(output)
    assert size(result[0]) == size(result[1]) == size(result[3]) != size(result[2])
    assert size(pair["input_object"]) == (451, 300)


def test_a_result_is_rendered_to_the_same_bytes_each_time(client: "TwinClient") -> None:
    one, other = (finished(client, request())["result"]["output_object"] for _ in range(2))

    assert fetched(client, one).content == fetched(client, other).content


@pytest.mark.fidelity("claid:clipping")
@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ({"padding": "70px"}, "Padding cannot be bigger than half of the image width or height."),
        ({"resizing": {"width": 19_000, "fit": "cover"}}, "Output image of 19000x14902 is too large."),
    ],
)
def test_a_clipped_image_unsuitable_for_later_operations_fails_at_its_end(
    client: "TwinClient", operations: Json, message: str
) -> None:
    advance(client, 0)
    result = finished(client, request(**operations))
    response = caller(client)("POST", SYNC, json=request(**operations))

    assert (result["status"], result["result"]) == ("ERROR", {})
    assert result["errors"][0]["error"] == message
    assert size(result["errors"][0]["input_object"]) == (451, 300)
    assert (response.status_code, response.json()["error_message"]) == (422, message)


@pytest.mark.parametrize("operations", [{"padding": "60px"}, {"resizing": {"width": 451, "fit": "cover"}}])
def test_what_does_not_fit_the_subject_may_fit_the_input(client: "TwinClient", operations: Json) -> None:
    assert finished(client, {"input": CAT, "operations": operations})["status"] == "DONE"


@pytest.mark.parametrize("clipped", [CLIPPED, {}], ids=["clipped", "whole"])
def test_a_snapshot_with_an_edit_of_impossible_size_is_restored(client: "TwinClient", clipped: Json) -> None:
    result = finished(client, {"input": CAT, "operations": {**clipped, "resizing": {"width": "9999%"}}})
    path = f"{SANDBOXES}/{client.request('GET', SANDBOXES).json()[0]['name']}/snapshot"
    snapshot = client.request("GET", path).content

    response = client.request("PUT", path, content=snapshot, headers={"Content-Type": "application/zip"})

    assert response.status_code == 200, response.text
    assert read_edit(caller(client), result["id"]) == result
