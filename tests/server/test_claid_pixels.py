"""Every operation and option of a Claid edit does to a photograph what it says, and one can measure it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from safelight_mock import Twin, TwinTransport

pytestmark = pytest.mark.slow

COFFEE, CAT = "safelight://coffee.jpg", "safelight://chelsea.jpg"  # 600 by 400, 451 by 300
PORTRAIT = Path(__file__).parents[1] / "pixels" / "data" / "astronaut.jpg"
Values = np.ndarray[Any, np.dtype[np.float64]]
Json = dict[str, Any]


@dataclass(frozen=True)
class Studio:
    """A twin whose synchronous edits take no time."""

    client: httpx.Client

    def edit(self, operations: Json, image: str = COFFEE, output: Json | None = None) -> "Print":
        """Edit an image that is named."""
        request = {"input": image, "operations": operations, "output": output or {"format": "png"}}
        return self._print(self.client.post("/image/edit", json=request))

    def upload(self, image: Image.Image, operations: Json) -> "Print":
        """Edit an image that is sent."""
        data = json.dumps({"operations": operations, "output": {"format": "png"}})
        file = BytesIO()
        image.save(file, "PNG")
        answer = self.client.post(
            "/image/edit/upload", files={"file": ("it.png", file.getvalue())}, data={"data": data}
        )
        return self._print(answer)

    def _print(self, answer: httpx.Response) -> "Print":
        assert answer.status_code == 200, answer.text
        told = answer.json()["data"]["output"]
        return Print(told, self.client.get(told["tmp_url"]).content)


@dataclass(frozen=True)
class Print:
    """A result: what the answer says of it, and its file."""

    told: Json
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
def studio() -> Iterator[Studio]:
    twin = Twin(real=lambda: 1_800_000_000.0)
    twin.advance(0, vendor="claid", key="k")
    bearer = {"Authorization": "Bearer k"}
    with httpx.Client(
        transport=TwinTransport(twin), base_url="http://twin/claid/v1", headers=bearer
    ) as client:
        yield Studio(client)
    twin.close()


@pytest.fixture(scope="module")
def plain(studio: Studio) -> Print:
    """The photograph with nothing done to it."""
    return studio.edit({})


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
    """How much neighbours differ."""
    grey = light(colours)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


def edges(colours: Values, width: int = 12) -> Values:
    """The outermost pixels on all sides."""
    sides = colours[:width], colours[-width:], colours[:, :width], colours[:, -width:]
    return np.concatenate([side.reshape(-1, colours.shape[2]) for side in sides])


def change(one: Values, other: Values) -> float:
    return float(np.abs(one - other).mean())


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


@pytest.mark.parametrize(("asked", "measure", "factor"), ADJUSTED.values(), ids=ADJUSTED)
def test_an_adjustment_moves_what_it_is_named_after(
    studio: Studio, plain: Print, asked: Json, measure: Callable[[Values], float], factor: float
) -> None:
    before, after = measure(plain.colours), measure(studio.edit({"adjustments": asked}).colours)

    assert after > before * factor if factor > 1 else after < before * factor


def test_stitching_changes_what_hdr_does_at_the_edges(studio: Studio) -> None:
    alone, stitched = (
        studio.edit({"adjustments": {"hdr": {"intensity": 80, "stitching": stitching}}}).colours
        for stitching in (False, True)
    )

    assert change(alone[:, :20], stitched[:, :20]) > 4 * change(alone[:, 290:310], stitched[:, 290:310])
    assert change(alone[:, :20], stitched[:, :20]) > 0.5


RESIZED: dict[str, tuple[Json, tuple[int, int]]] = {
    "nothing": ({}, (600, 400)),
    "both auto": ({"width": "auto", "height": "auto"}, (600, 400)),
    "crop by default": ({"width": 200, "height": 200}, (200, 200)),
    "crop, one side": ({"width": 300}, (300, 400)),
    "crop, the other auto": ({"width": 300, "height": "auto"}, (300, 200)),
    "crop smart": ({"width": 200, "height": 200, "fit": {"type": "crop", "crop": "smart"}}, (200, 200)),
    "percent": ({"width": "50%", "height": "50%"}, (300, 200)),
    "percent and auto": ({"width": "auto", "height": "150%"}, (900, 600)),
    "cover": ({"width": 300, "height": 300, "fit": "cover"}, (450, 300)),
    "bounds": ({"width": 300, "height": 300, "fit": {"type": "bounds"}}, (300, 200)),
    "bounds, one side": ({"height": 100, "fit": "bounds"}, (150, 100)),
    "canvas": ({"width": 300, "height": 300, "fit": "canvas"}, (300, 300)),
    "outpaint": ({"width": 600, "height": 600, "fit": "outpaint"}, (600, 600)),
    "outpaint by": ({"fit": {"type": "outpaint", "outpaint_by": "10% 50px"}}, (660, 450)),
}


@pytest.mark.parametrize(("resizing", "size"), RESIZED.values(), ids=RESIZED)
def test_a_picture_has_the_size_that_was_asked_for(
    studio: Studio, resizing: Json, size: tuple[int, int]
) -> None:
    made = studio.edit({"resizing": resizing})

    assert made.image.size == size == (made.told["width"], made.told["height"])


def test_a_smart_crop_looks_elsewhere_than_at_the_centre(studio: Studio) -> None:
    centre, smart = (
        studio.edit(
            {"resizing": {"width": 150, "height": 400, "fit": {"type": "crop", "crop": crop}}}
        ).colours
        for crop in ("center", "smart")
    )

    assert change(centre, smart) > 10


def test_a_canvas_shows_its_colour_around_the_whole_picture(studio: Studio) -> None:
    resizing = {"width": 300, "height": 300, "fit": "canvas"}

    made = studio.edit({"resizing": resizing, "background": {"color": "#00F"}}).colours

    assert (made[:45] == [0, 0, 255]).all()
    assert not (made[55:245] == [0, 0, 255]).all(2).any()


def test_outpainting_goes_on_as_the_picture_ends(studio: Studio, plain: Print) -> None:
    made = studio.edit({"resizing": {"width": 600, "height": 600, "fit": "outpaint"}}).colours

    assert change(made[200:400], plain.colours[100:300]) < 2
    assert change(made[80:95].mean(0), plain.colours[:15].mean(0)) < 60
    assert made[:90].std() > 5


def test_feathering_lets_the_picture_fade_further_in(studio: Studio) -> None:
    hard, soft = (
        studio.edit(
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


@pytest.mark.parametrize(("padding", "sides"), PADDED.values(), ids=PADDED)
def test_padding_squeezes_the_picture_between_margins(
    studio: Studio, padding: str, sides: tuple[int, int, int, int]
) -> None:
    top, right, bottom, left = sides

    made = studio.edit({"padding": padding, "background": {"color": "#ff0000"}})

    is_red = (made.colours == [255, 0, 0]).all(2)
    assert made.image.size == (600, 400)
    assert is_red[:top].all()
    assert is_red[400 - bottom :].all()
    assert is_red[:, :left].all()
    assert is_red[:, 600 - right :].all()
    assert not is_red[200, (left + 600 - right) // 2]


@pytest.mark.slow
def test_a_removed_background_is_white_or_clear_or_as_asked(studio: Studio) -> None:
    white, clear, green, hinted = (
        studio.edit({"background": background})
        for background in (
            {"remove": True},
            {"remove": True, "color": "transparent"},
            {"remove": True, "color": "#00ff00"},
            {"remove": {"category": "products", "selective": {"object_to_keep": "cup"}}},
        )
    )

    assert white.image.mode == "RGB"
    share = (clear.alpha == 0).mean()
    assert 0.2 < share < 0.9
    assert (white.colours[clear.alpha == 0] == 255).all()
    assert (green.colours[clear.alpha == 0] == [0, 255, 0]).all()
    assert hinted.file == white.file


@pytest.mark.slow
def test_a_clear_background_becomes_white_where_the_format_has_no_alpha(studio: Studio) -> None:
    operations = {"background": {"remove": True, "color": "transparent"}}

    png, jpeg = studio.edit(operations), studio.edit(operations, output={"format": "jpeg"})

    assert (jpeg.image.format, jpeg.image.mode) == ("JPEG", "RGB")
    assert jpeg.colours[png.alpha == 0].mean() > 250


@pytest.mark.slow
def test_clipping_lets_the_subject_fill_the_picture(studio: Studio) -> None:
    whole, clipped = (
        studio.edit({"background": {"remove": {"clipping": clipping}, "color": "transparent"}}).alpha
        for clipping in (False, True)
    )

    assert clipped.shape == whole.shape
    assert (clipped > 128).mean() > 1.1 * (whole > 128).mean()
    assert (clipped[:2] > 0).any() or (clipped[:, :2] > 0).any()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["regular", "lens"])
def test_blurring_the_background_leaves_the_subject(studio: Studio, plain: Print, kind: str) -> None:
    subject = studio.edit({"background": {"remove": True, "color": "transparent"}}).alpha
    changes = []
    for level in ("low", "medium", "high"):
        made = studio.edit({"background": {"blur": {"type": kind, "level": level}}}).colours
        changes.append(np.abs(made - plain.colours).mean(2))

    grounds = [float(found[subject == 0].mean()) for found in changes]
    assert grounds[0] < grounds[1] < grounds[2]
    assert all(found[subject == 255].mean() < found[subject == 0].mean() / 2 for found in changes)


@pytest.mark.slow
def test_a_mere_yes_blurs_as_the_documented_defaults_do(studio: Studio) -> None:
    mere, defaults = (
        studio.edit({"background": {"blur": blur}}) for blur in (True, {"type": "regular", "level": "medium"})
    )

    assert mere.file == defaults.file


@pytest.mark.parametrize("how", ["moderate", "strong", "auto"])
def test_decompressing_takes_blocks_out(studio: Studio, how: str) -> None:
    file = BytesIO()
    with Image.open(PORTRAIT) as portrait:
        portrait.crop((0, 0, 256, 256)).save(file, "JPEG", quality=8)
    blocky = Image.open(file).convert("RGB")

    before, after = studio.upload(blocky, {}), studio.upload(blocky, {"restorations": {"decompress": how}})

    assert blocks(after.colours) < 0.8 * blocks(before.colours)


def blocks(colours: Values) -> float:
    """By how much pixels differ more across the grid of JPEG than elsewhere."""
    steps = np.abs(np.diff(light(colours), axis=1))
    across = steps[:, 7::8].mean()
    return float(across - np.delete(steps, np.s_[7::8], axis=1).mean())


def test_automatic_decompression_leaves_a_clean_picture_alone(studio: Studio) -> None:
    with Image.open(PORTRAIT) as portrait:
        clean = portrait.convert("RGB").resize((200, 200))

    left, done = studio.upload(clean, {}), studio.upload(clean, {"restorations": {"decompress": "auto"}})

    assert left.file == done.file


def test_polishing_makes_a_dull_picture_livelier(studio: Studio) -> None:
    with Image.open(PORTRAIT) as portrait:
        dull = portrait.convert("RGB").resize((200, 200)).point(lambda value: value // 3 + 60)

    left, done = studio.upload(dull, {}), studio.upload(dull, {"restorations": {"polish": True}})

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


def test_every_kind_of_upscaling_shows_more_detail_than_plain_enlargement_and_each_its_own(
    studio: Studio,
) -> None:
    with Image.open(PORTRAIT) as portrait:
        small = portrait.convert("RGB").resize((128, 128))
    resizing = {"width": "200%", "height": "200%"}

    plain = studio.upload(small, {"resizing": resizing, "restorations": {"upscale": None}})
    made = [
        studio.upload(small, {"resizing": resizing, "restorations": {"upscale": kind}}) for kind in UPSCALED
    ]

    assert {(each.told["width"], each.told["height"]) for each in made} == {(256, 256)}
    assert all(detail(each.colours) > 1.02 * detail(plain.colours) for each in made)
    assert made[4].file == made[6].file
    assert len({each.file for each in made}) == len(made) - 1


def test_a_number_plate_is_blurred_past_reading(studio: Studio) -> None:
    street = Image.new("RGB", (400, 300), (70, 80, 90))
    drawn = ImageDraw.Draw(street)
    drawn.rectangle((140, 180, 260, 210), fill=(240, 240, 235))
    for stroke in range(150, 252, 10):
        drawn.rectangle((stroke, 186, stroke + 4, 204), fill=(20, 20, 20))

    left, done = studio.upload(street, {}), studio.upload(street, {"privacy": {"blur_car_plate": True}})

    plate = np.s_[186:204, 150:250]
    assert spread(done.colours[plate]) < 0.4 * spread(left.colours[plate])
    assert change(done.colours[:150], left.colours[:150]) == 0


def test_an_identity_is_cropped_away(studio: Studio) -> None:
    """Her eyes are in the second quarter of the picture."""
    with Image.open(PORTRAIT) as opened:
        portrait = opened.convert("RGB")

    left, done = studio.upload(portrait, {}), studio.upload(portrait, {"privacy": {"identity_crop": True}})

    assert done.image.size == left.image.size
    assert change(done.colours, left.colours) > 20


def styled(studio: Studio, **settings: object) -> Print:
    return studio.edit({"generative": {"style_transfer": {"style_reference_image": CAT, **settings}}})


def test_a_style_brings_the_colours_of_its_reference(studio: Studio, plain: Print) -> None:
    cat = studio.edit({}, image=CAT).colours.reshape(-1, 3).mean(0)

    faint, full = styled(studio, style_strength=0.2), styled(studio, style_strength=1)

    away = [np.abs(made.colours.reshape(-1, 3).mean(0) - cat).sum() for made in (plain, faint, full)]
    assert away[0] > away[1] > away[2]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("depth_strength", 0.0, 1.0), ("denoising_strength", 0.0, 1.0), ("prompt", "a red cup", "a blue cup")],
)
def test_each_setting_of_a_style_has_its_own_effect(
    studio: Studio, name: str, low: object, high: object
) -> None:
    one, other = styled(studio, **{name: low}), styled(studio, **{name: high})

    assert change(one.colours, other.colours) > 0.5


@pytest.mark.slow
def test_operations_work_together_in_one_edit(studio: Studio) -> None:
    made = studio.edit(
        {
            "restorations": {"decompress": "moderate", "upscale": "photo", "polish": True},
            "adjustments": {"exposure": 10, "hdr": 20},
            "background": {"remove": {"clipping": True}, "color": "#ffeecc"},
            "resizing": {"width": 300, "height": 300, "fit": "canvas"},
            "padding": "10%",
            "privacy": {"blur_car_plate": True},
        }
    )

    assert made.image.size == (300, 300)
    assert (edges(made.colours) == [255, 238, 204]).all()
