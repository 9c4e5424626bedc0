"""A Claid edit gives a picture the size, the frame and the margins that were requested."""

import json
from io import BytesIO

import pytest
from PIL import Image
from tests.mockserver.claid import (
    ASYNC,
    BATCH,
    CAT,
    UPLOAD,
    advance,
    caller,
    fetched,
    finished,
    request,
    with_options,
)
from tests.mockserver.claid_images import Edited, Edits, Json, change, edits, plain
from tests.mockserver.conftest import TwinClient, in_process, picture

from safelight_mock import Settings, Twin

pytestmark = pytest.mark.slow

__all__ = ["edits", "plain"]

RESIZED: dict[str, tuple[Json, tuple[int, int]]] = {
    "nothing": ({}, (600, 400)),
    "both auto": ({"width": "auto", "height": "auto"}, (600, 400)),
    "crop by default": ({"width": 200, "height": 200}, (200, 200)),
    "crop, one side": ({"width": 300}, (300, 200)),
    "crop, the other auto": ({"width": 300, "height": "auto"}, (300, 200)),
    "crop smart": ({"width": 200, "height": 200, "fit": {"type": "crop", "crop": "smart"}}, (200, 200)),
    "crop without its type": ({"width": 200, "height": 200, "fit": {"crop": "smart"}}, (200, 200)),
    "percent": ({"width": "50%", "height": "50%"}, (300, 200)),
    "percent and auto": ({"width": "auto", "height": "150%"}, (900, 600)),
    "cover": ({"width": 300, "height": 300, "fit": "cover"}, (450, 300)),
    "bounds": ({"width": 300, "height": 300, "fit": {"type": "bounds"}}, (300, 200)),
    "bounds, one side": ({"height": 100, "fit": "bounds"}, (150, 100)),
    "canvas": ({"width": 300, "height": 300, "fit": "canvas"}, (300, 300)),
    "outpaint": ({"width": 600, "height": 600, "fit": "outpaint"}, (600, 600)),
    "outpaint by": ({"fit": {"type": "outpaint", "outpaint_by": "10% 50px"}}, (660, 450)),
}


@pytest.mark.fidelity("claid:sizes", "claid:resizing")
@pytest.mark.parametrize(("resizing", "size"), RESIZED.values(), ids=RESIZED)
def test_a_result_has_the_requested_size(edits: Edits, resizing: Json, size: tuple[int, int]) -> None:
    made = edits.edit({"resizing": resizing})

    assert made.image.size == size == (made.output["width"], made.output["height"])


def example(client: TwinClient) -> tuple[int, int]:
    """Edit a picture of 128 by 128 as the page's own example does."""
    advance(client, 0)
    operations = {"resizing": {"width": 1000}, "background": {"remove": False}}
    data = json.dumps({"operations": operations})

    response = caller(client)(
        "POST", UPLOAD, files={"file": ("a.jpg", picture(128, 128))}, data={"data": data}
    )

    result = response.json()["data"]["output"]
    assert Image.open(BytesIO(fetched(client, result).content)).size == (result["width"], result["height"])
    return result["width"], result["height"]


@pytest.mark.fidelity("claid:resizing")
def test_a_missing_side_follows_the_aspect_ratio_as_in_the_documents_example(client: TwinClient) -> None:
    assert example(client) == (1000, 1000)


@pytest.mark.fidelity("claid.absent_side")
@with_options(absent_side="kept")
def test_a_missing_side_can_keep_its_size(configured_client: TwinClient) -> None:
    assert example(configured_client) == (1000, 128)


@with_options(absent_side="kept")
@pytest.mark.parametrize("path", [ASYNC, BATCH])
def test_an_edit_keeps_the_side_however_it_is_submitted(configured_client: TwinClient, path: str) -> None:
    clipped = {"background": {"remove": {"clipping": True}}, "resizing": {"width": 50}}

    result = finished(configured_client, request(CAT, **clipped), path)

    pair = result["result"] if path == ASYNC else result["results"][0]
    made = Image.open(BytesIO(fetched(configured_client, pair["output_object"]).content))
    assert made.size == (50, 120) == (pair["output_object"]["width"], pair["output_object"]["height"])


@pytest.mark.fidelity("claid:resizing")
def test_a_smart_crop_is_not_centred(edits: Edits) -> None:
    centre, smart = (
        edits.edit({"resizing": {"width": 150, "height": 400, "fit": {"type": "crop", "crop": crop}}}).colours
        for crop in ("center", "smart")
    )

    assert change(centre, smart) > 10


@pytest.mark.fidelity("claid:crop-without-type")
def test_a_kind_of_crop_needs_no_type(edits: Edits) -> None:
    typed, bare = (
        edits.edit({"resizing": {"width": 150, "height": 400, "fit": fit}}).file
        for fit in ({"type": "crop", "crop": "smart"}, {"crop": "smart"})
    )

    assert typed == bare


@pytest.mark.fidelity("claid:crop-without-type")
@pytest.mark.parametrize("settings", [Settings(seed="tests", strict=True)])
def test_in_strict_mode_a_kind_of_crop_needs_its_type(configured_client: TwinClient) -> None:
    response = caller(configured_client)("POST", ASYNC, json=request(resizing={"fit": {"crop": "smart"}}))

    assert response.status_code == 422
    assert response.json()["error_details"]["operations.resizing.fit.type"][0] == "field required"


@pytest.mark.parametrize("strict", [False, True])
def test_a_fit_without_anything_needs_its_type(strict: bool) -> None:  # noqa: FBT001 a column of the table
    twin = Twin(Settings(seed="tests", strict=strict))
    with in_process(twin) as client:
        response = caller(client)("POST", ASYNC, json=request(resizing={"fit": {}}))

    assert response.json()["error_details"]["operations.resizing.fit.type"] == ["field required"]
    assert "operations.resizing.fit.crop" not in response.json()["error_details"]
    twin.close()


@pytest.mark.fidelity("claid:resizing")
def test_a_canvas_shows_its_colour_around_the_whole_picture(edits: Edits) -> None:
    resizing = {"width": 300, "height": 300, "fit": "canvas"}

    made = edits.edit({"resizing": resizing, "background": {"color": "#00F"}}).colours

    assert (made[:45] == [0, 0, 255]).all()
    assert not (made[55:245] == [0, 0, 255]).all(2).any()


@pytest.mark.fidelity("claid:outpaint")
def test_outpainting_extends_the_edges_of_the_image(edits: Edits, plain: Edited) -> None:
    made = edits.edit({"resizing": {"width": 600, "height": 600, "fit": "outpaint"}}).colours

    assert change(made[200:400], plain.colours[100:300]) < 2
    assert change(made[80:95].mean(0), plain.colours[:15].mean(0)) < 60
    assert made[:90].std() > 5


@pytest.mark.fidelity("claid:outpaint")
def test_feathering_widens_the_fade(edits: Edits) -> None:
    hard, soft = (
        edits.edit(
            {"resizing": {"width": 600, "height": 600, "fit": {"type": "outpaint", "feathering": share}}}
        )
        for share in ("0%", "60%")
    )

    assert change(hard.colours[110:150], soft.colours[110:150]) > 2


PADDED: dict[str, tuple[str, tuple[int, int, int, int]]] = {
    "one value": ("10%", (40, 60, 40, 60)),
    "one in pixels": ("50px", (50, 50, 50, 50)),
    "two values": ("5% 25%", (100, 30, 100, 30)),
    "four values": ("0px 300px 0px 0px", (0, 300, 0, 0)),
}


@pytest.mark.fidelity("claid:padding")
@pytest.mark.parametrize(("padding", "sides"), PADDED.values(), ids=PADDED)
def test_padding_shrinks_the_image_between_margins(
    edits: Edits, padding: str, sides: tuple[int, int, int, int]
) -> None:
    top, right, bottom, left = sides

    made = edits.edit({"padding": padding, "background": {"color": "#ff0000"}})

    is_red = (made.colours == [255, 0, 0]).all(2)
    assert made.image.size == (600, 400)
    assert is_red[:top].all()
    assert is_red[400 - bottom :].all()
    assert is_red[:, :left].all()
    assert is_red[:, 600 - right :].all()
    assert not is_red[200, (left + 600 - right) // 2]
