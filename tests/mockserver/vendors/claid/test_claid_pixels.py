"""What a Claid edit does to the light, the detail and the style of a photograph can be measured."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests.mockserver.claid_images import (
    CAT,
    PORTRAIT,
    Edited,
    Edits,
    Json,
    Values,
    brightness,
    change,
    chroma,
    detail,
    edits,
    light,
    plain,
    spread,
)

pytestmark = pytest.mark.slow

__all__ = ["edits", "plain"]

MORE, LESS = 1.05, 0.95
ADJUSTED: dict[str, tuple[Json, Callable[[Values], float], float]] = {
    "exposure up": ({"exposure": 40}, brightness, MORE),
    "exposure down": ({"exposure": -40}, brightness, LESS),
    "saturation up": ({"saturation": 60}, chroma, MORE),
    "saturation down": ({"saturation": -60}, chroma, LESS),
    "contrast up": ({"contrast": 60}, spread, MORE),
    "contrast down": ({"contrast": -60}, spread, LESS),
    "sharpness": ({"sharpness": 80}, detail, MORE),
    "hdr": ({"hdr": 80}, detail, MORE),
    "hdr with stitching": ({"hdr": {"intensity": 80, "stitching": True}}, detail, MORE),
}


@pytest.mark.fidelity("claid:adjustments")
@pytest.mark.parametrize(("requested", "measure", "factor"), ADJUSTED.values(), ids=ADJUSTED)
def test_each_adjustment_changes_what_it_is_named_after(
    edits: Edits,
    plain: Edited,
    requested: Json,
    measure: Callable[[Values], float],
    factor: float,
) -> None:
    before, after = measure(plain.colours), measure(edits.edit({"adjustments": requested}).colours)

    assert after > before * factor if factor > 1 else after < before * factor


@pytest.mark.fidelity("claid:adjustments")
def test_stitching_changes_what_hdr_does_at_the_edges(edits: Edits) -> None:
    alone, stitched = (
        edits.edit({"adjustments": {"hdr": {"intensity": 80, "stitching": stitching}}}).colours
        for stitching in (False, True)
    )

    assert change(alone[:, :20], stitched[:, :20]) > 4 * change(alone[:, 290:310], stitched[:, 290:310])
    assert change(alone[:, :20], stitched[:, :20]) > 0.5


@pytest.mark.fidelity("claid:restorations")
@pytest.mark.parametrize("how", ["moderate", "strong", "auto"])
def test_decompression_removes_blocks(edits: Edits, how: str) -> None:
    file = BytesIO()
    with Image.open(PORTRAIT) as portrait:
        portrait.crop((0, 0, 256, 256)).save(file, "JPEG", quality=8)
    blocky = Image.open(file).convert("RGB")

    before, after = edits.upload(blocky, {}), edits.upload(blocky, {"restorations": {"decompress": how}})

    assert blocks(after.colours) < 0.8 * blocks(before.colours)


def blocks(colours: Values) -> float:
    """By how much pixels differ more across the grid of JPEG than elsewhere."""
    steps = np.abs(np.diff(light(colours), axis=1))
    across = steps[:, 7::8].mean()
    return float(across - np.delete(steps, np.s_[7::8], axis=1).mean())


@pytest.mark.fidelity("claid:restorations")
def test_automatic_decompression_leaves_a_clean_picture_alone(edits: Edits) -> None:
    with Image.open(PORTRAIT) as portrait:
        clean = portrait.convert("RGB").resize((200, 200))

    left, done = edits.upload(clean, {}), edits.upload(clean, {"restorations": {"decompress": "auto"}})

    assert left.file == done.file


@pytest.mark.fidelity("claid:restorations")
def test_polishing_makes_a_dull_picture_livelier(edits: Edits) -> None:
    with Image.open(PORTRAIT) as portrait:
        dull = portrait.convert("RGB").resize((200, 200)).point(lambda value: value // 3 + 60)

    left, done = edits.upload(dull, {}), edits.upload(dull, {"restorations": {"polish": True}})

    assert spread(done.colours) > 1.1 * spread(left.colours)


UPSCALED = (
    "smart_enhance",
    "smart_resize",
    "faces",
    "digital_art",
    "photo",
    {"type": "photo", "version": "1"},
    {"type": "photo", "version": "2"},
    {"type": "photo", "version": "3"},
)


@pytest.mark.fidelity("claid:restorations")
def test_every_kind_of_upscaling_shows_more_detail_than_plain_enlargement_and_each_its_own(
    edits: Edits,
) -> None:
    with Image.open(PORTRAIT) as portrait:
        small = portrait.convert("RGB").resize((128, 128))
    resizing = {"width": "200%", "height": "200%"}

    plain = edits.upload(small, {"resizing": resizing, "restorations": {"upscale": None}})
    made = [
        edits.upload(small, {"resizing": resizing, "restorations": {"upscale": kind}}) for kind in UPSCALED
    ]

    assert {(each.output["width"], each.output["height"]) for each in made} == {(256, 256)}
    assert all(detail(each.colours) > 1.02 * detail(plain.colours) for each in made)
    assert made[4].file == made[6].file
    assert len({each.file for each in made}) == len(made) - 1


@pytest.mark.fidelity("claid:privacy")
def test_a_number_plate_becomes_unreadable(edits: Edits) -> None:
    street = Image.new("RGB", (400, 300), (70, 80, 90))
    drawn = ImageDraw.Draw(street)
    drawn.rectangle((140, 180, 260, 210), fill=(240, 240, 235))
    for stroke in range(150, 252, 10):
        drawn.rectangle((stroke, 186, stroke + 4, 204), fill=(20, 20, 20))

    left, done = edits.upload(street, {}), edits.upload(street, {"privacy": {"blur_car_plate": True}})

    plate = np.s_[186:204, 150:250]
    assert spread(done.colours[plate]) < 0.4 * spread(left.colours[plate])
    assert change(done.colours[:150], left.colours[:150]) == 0


@pytest.mark.fidelity("claid:privacy")
def test_removing_the_identity_crops_the_face(edits: Edits) -> None:
    """Her eyes are in the second quarter of the picture."""
    with Image.open(PORTRAIT) as opened:
        portrait = opened.convert("RGB")

    left, done = edits.upload(portrait, {}), edits.upload(portrait, {"privacy": {"identity_crop": True}})

    assert done.image.size == left.image.size
    assert change(done.colours, left.colours) > 20


def styled(edits: Edits, **settings: object) -> Edited:
    return edits.edit({"generative": {"style_transfer": {"style_reference_image": CAT, **settings}}})


@pytest.mark.fidelity("claid:style-transfer")
def test_a_style_brings_the_colours_of_its_reference(edits: Edits, plain: Edited) -> None:
    cat = edits.edit({}, image=CAT).colours.reshape(-1, 3).mean(0)

    faint, full = styled(edits, style_strength=0.2), styled(edits, style_strength=1)

    away = [np.abs(made.colours.reshape(-1, 3).mean(0) - cat).sum() for made in (plain, faint, full)]
    assert away[0] > away[1] > away[2]


@pytest.mark.fidelity("claid:style-transfer")
@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("depth_strength", 0.0, 1.0), ("denoising_strength", 0.0, 1.0), ("prompt", "a red cup", "a blue cup")],
)
def test_each_setting_of_a_style_has_its_own_effect(
    edits: Edits, name: str, low: object, high: object
) -> None:
    one, other = styled(edits, **{name: low}), styled(edits, **{name: high})

    assert change(one.colours, other.colours) > 0.5
