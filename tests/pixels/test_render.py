"""A result has exactly the format and size its recipe promises, whatever the input is."""

from collections.abc import Callable
from io import BytesIO
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageDraw, ImageOps

from safelight_mock.core.picture import WRITABLE, Format, Picture, Recipe, Step
from safelight_mock.pixels.error import PixelError
from safelight_mock.pixels.probe import probe
from safelight_mock.pixels.render import render
from safelight_mock.pixels.steps import STEPS

pytestmark = pytest.mark.slow

Develop = Callable[..., Image.Image]

SLOW = pytest.mark.slow
RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


def _resize(width: int, height: int, fit: str = "stretch") -> Step:
    return Step(name="resize", settings={"width": width, "height": height, "fit": fit})


def _recipe(format_: Format, width: int, height: int, *steps: Step) -> Recipe:
    return Recipe(steps=steps, output=Picture(format=format_, width=width, height=height))


def _saved(image: Image.Image, file: Path, format_: str = "PNG", **options: object) -> Path:
    image.save(file, format_, **options)
    return file


COFFEE = str(Path(__file__).parents[1] / "data/coffee.jpg")
RESULTS = sorted(WRITABLE)
INPUTS = [(1, 1), (1, 500), (500, 1), (97, 89), (64, 48), (331, 7)]
OUTPUTS = [(1, 1), (3, 200), (127, 61), (640, 480)]


@pytest.mark.parametrize("size", INPUTS, ids=str)
@pytest.mark.parametrize("fit", ["stretch", "letterbox", "crop"])
def test_the_file_has_the_promised_size_and_format(size: tuple[int, int], fit: str, tmp_path: Path) -> None:
    source = _saved(Image.new("RGB", size, "orange"), tmp_path / "in")

    for (width, height), format_ in zip(OUTPUTS, cycle(RESULTS), strict=False):
        recipe = _recipe(format_, width, height, _resize(width, height, fit))
        render(source, recipe, tmp_path / "out")

        assert probe(tmp_path / "out") == recipe.output


# Each step at its strongest.
STRONGEST: dict[str, dict[str, str | float | bool]] = {
    "adjust": {"contrast": 1.0, "saturation": 1.0},
    "backdrop": {"remove": True, "clip": True, "colour": "transparent"},
    "canvas": {"width": 83, "height": 97, "background": "#4060a0", "left": 9, "top": 3},
    "colorize": {},
    "deblock": {"strength": 1.0},
    "deblur": {"strength": 1.0, "kind": "motion"},
    "defocus": {"strength": 1.0, "kind": "lens"},
    "denoise": {"strength": 1.0, "original_detail": 1.0},
    "faces": {"strength": 1.0, "creativity": 1.0},
    "hdr": {"amount": 1.0, "seamless": True},
    "hide_faces": {},
    "hide_plates": {},
    "invent": {"creativity": 1.0, "texture": 1.0, "seed": 20},
    "levels": {"amount": 1.0, "balance": True},
    "light": {"exposure": 1.0, "highlight": -1.0, "shadow": 1.0},
    "matte": {"mode": "segmentation"},
    "outpaint": {"width": 83, "height": 97, "inside_width": 40, "inside_height": 47, "feathering": 0.5},
    "resize": {"width": 83, "height": 97, "fit": "letterbox"},
    "restore": {"strength": 1.0},
    "restyle": {"reference": COFFEE, "style": 1.0, "colour": 1.0, "shape": 0.0},
    "sharpen": {"amount": 1.0},
    "smart_crop": {"width": 83, "height": 97},
    "white_balance": {"amount": 1.0},
}


# They may change size or alpha.
SHAPING = {"backdrop", "canvas", "hide_faces", "matte", "outpaint", "resize", "smart_crop"}

# They look for a subject first, which takes its time; `matte` speaks for them in the fast tests.
ON_SUBJECTS = {"backdrop", "defocus"}

# They find nothing in noise: no blocks, no subject, no plate.
IDLE = {"deblock", "defocus", "hide_plates"}


def test_every_step_is_tried() -> None:
    assert STRONGEST.keys() == STEPS.keys()


def _noise(size: tuple[int, int], mode: str) -> Image.Image:
    """Skin-coloured noise with scratches, so that every step finds something to do."""
    width, height = size
    noise = np.random.default_rng(3).normal([205, 160, 135], 8, (height, width, 3)).clip(0, 255)
    noise[height // 3, :] = 0
    image = Image.fromarray(noise.astype(np.uint8))
    if mode in {"RGBA", "LA"}:
        image.putalpha(Image.linear_gradient("L").resize(size))
    return image.convert(mode)


@pytest.mark.parametrize("step", STRONGEST)
@pytest.mark.parametrize(
    "mode", ["RGBA", *(pytest.param(mode, marks=SLOW) for mode in ("RGB", "L", "LA", "CMYK"))]
)
def test_every_step_takes_every_kind_of_picture(step: str, mode: str, tmp_path: Path) -> None:
    settings = STRONGEST[step]
    for size in [(1, 1), (1, 70), (61, 43)]:
        source = _saved(_noise(size, mode), tmp_path / "in", "TIFF")

        recipe = _recipe(Format.PNG, *size, Step(name=step, settings=settings))
        render(source, recipe, tmp_path / "out")

        assert probe(tmp_path / "out") == recipe.output
        with Image.open(tmp_path / "out") as result:
            assert result.mode == (
                "RGBA" if mode in {"RGBA", "LA"} or step in {"backdrop", "matte"} else "RGB"
            )


@pytest.mark.slow
@pytest.mark.parametrize("step", STRONGEST)
@pytest.mark.parametrize("size", [(1, 5000), (5000, 1), (3, 40_000)], ids=str)
def test_every_step_takes_long_pictures(step: str, size: tuple[int, int], tmp_path: Path) -> None:
    source = _saved(_noise(size, "RGBA"), tmp_path / "in")

    recipe = _recipe(Format.TIFF, *size, Step(name=step, settings=STRONGEST[step]))
    render(source, recipe, tmp_path / "out")

    assert probe(tmp_path / "out") == recipe.output


@pytest.mark.parametrize("step", sorted(STRONGEST.keys() - SHAPING))
def test_alpha_is_kept_to_the_pixel_and_colours_are_changed(
    step: str, tmp_path: Path, develop: Develop
) -> None:
    picture = _noise((96, 80), "RGBA")
    source = _saved(picture, tmp_path / "in")

    result = develop(
        source, Step(name=step, settings=STRONGEST[step]), format_=Format.PNG, width=96, height=80
    )

    assert np.array_equal(np.asarray(result)[..., 3], np.asarray(picture)[..., 3])
    if step not in IDLE:
        assert not np.array_equal(np.asarray(result)[..., :3], np.asarray(picture)[..., :3])


@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=SLOW if step in ON_SUBJECTS else ()) for step in STRONGEST]
)
def test_the_same_recipe_gives_the_same_bytes(step: str, tmp_path: Path, dahlia: Path) -> None:
    recipe = _recipe(Format.JPEG, 160, 106, Step(name=step, settings=STRONGEST[step]))
    with Image.open(dahlia) as photograph:
        source = _saved(photograph.resize((160, 106)), tmp_path / "in", "JPEG", quality=40)

    render(source, recipe, tmp_path / "one")
    render(source, recipe, tmp_path / "other")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize(
    "step",
    [
        Step(name="adjust", settings={}),
        Step(name="backdrop", settings={}),
        Step(name="canvas", settings={"width": 61, "height": 43}),
        Step(name="deblock", settings={"strength": 0.0}),
        Step(name="deblur", settings={"strength": 0.0, "kind": "lens"}),
        Step(name="defocus", settings={"strength": 0.0, "kind": "lens"}),
        Step(name="denoise", settings={"strength": 0.0, "original_detail": 1.0}),
        Step(name="faces", settings={"strength": 0.0}),
        Step(name="hdr", settings={"amount": 0.0}),
        Step(name="invent", settings={"creativity": 0.0, "texture": 0.0, "seed": 1}),
        Step(name="levels", settings={"amount": 0.0, "balance": True}),
        Step(name="light", settings={}),
        Step(name="resize", settings={"width": 61, "height": 43, "fit": "stretch"}),
        Step(name="restore", settings={"strength": 0.0}),
        Step(name="restyle", settings={"reference": COFFEE, "style": 0.0, "colour": 1.0, "shape": 0.0}),
        Step(name="sharpen", settings={"amount": 0.0}),
        Step(name="white_balance", settings={"amount": 0.0}),
    ],
    ids=lambda step: step.name,
)
def test_a_step_of_no_strength_changes_nothing(step: Step, tmp_path: Path, develop: Develop) -> None:
    picture = _noise((61, 43), "RGBA")
    source = _saved(picture, tmp_path / "in")

    result = develop(source, step, format_=Format.PNG, width=61, height=43)

    assert np.array_equal(np.asarray(result), np.asarray(picture))


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_result_is_upright(format_: Format, orientation: int, tmp_path: Path, chelsea: Path) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    with Image.open(chelsea) as photograph:
        small, named = photograph.resize((90, 60)), "HEIF" if format_ is Format.HEIC else format_.value
        source = _saved(small, tmp_path / "in", named, exif=exif.tobytes())
    seen = probe(source)
    assert seen is not None

    render(source, _recipe(Format.PNG, seen.width, seen.height), tmp_path / "out")

    with Image.open(tmp_path / "out") as result, Image.open(source) as original:
        upright = np.asarray(ImageOps.exif_transpose(original).convert("RGB"), np.float32)
        assert np.abs(np.asarray(result, np.float32) - upright).mean() < 2


@pytest.mark.parametrize("format_", RESULTS)
def test_the_result_carries_no_metadata(
    format_: Format, tmp_path: Path, dahlia: Path, develop: Develop
) -> None:
    """The dahlia has a colour profile; we add a camera's name and a date."""
    exif = Image.Exif()
    exif[271], exif[306] = "Camera", "2026:11:21 10:00:00"
    with Image.open(dahlia) as photograph:
        profile = photograph.info["icc_profile"]
        source = _saved(photograph.resize((60, 40)), tmp_path / "in", "JPEG", exif=exif, icc_profile=profile)

    result = develop(source, format_=format_, width=60, height=40)

    data = (tmp_path / "result").read_bytes()
    assert b"Camera" not in data
    assert b"2026" not in data
    assert "icc_profile" not in result.info


def test_alpha_is_kept_where_the_format_has_it_and_lies_on_white_in_jpeg(
    tmp_path: Path, develop: Develop
) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 20, 40))
    source = _saved(picture, tmp_path / "in")

    png = develop(source, format_=Format.PNG, width=40, height=40)
    tiff = develop(source, format_=Format.TIFF, width=40, height=40)
    jpeg = develop(source, format_=Format.JPEG, width=40, height=40)

    assert png.getpixel((30, 20)) == (0, 0, 0, 0)
    assert tiff.getpixel((5, 20)) == (*RED, 255)
    assert jpeg.mode == "RGB"
    assert np.allclose(np.asarray(jpeg)[20, 35], WHITE, atol=3)


@pytest.mark.parametrize("format_", ["PNG", "TIFF", "WEBP", "AVIF", "GIF", "HEIF"])
def test_what_is_clear_is_clear_whatever_the_format(format_: str, tmp_path: Path, develop: Develop) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 20, 40))
    source = _saved(picture, tmp_path / "in", format_)

    result = np.asarray(develop(source, format_=Format.PNG, width=40, height=40))

    assert (result[20, 30, 3], result[20, 10, 3]) == (0, 255)
    assert np.allclose(result[20, 10, :3], RED, atol=12)


def test_clear_pixels_do_not_bleed_when_scaled(tmp_path: Path, develop: Develop) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 255, 0, 0))
    picture.paste((*RED, 255), (0, 0, 20, 40))
    source = _saved(picture, tmp_path / "in")

    result = np.asarray(develop(source, _resize(15, 15), format_=Format.PNG, width=15, height=15))

    visible = result[result[..., 3] > 20]
    assert visible[:, 1].max() < 10


def test_a_cut_out_enlarged_has_no_fringes(tmp_path: Path, develop: Develop) -> None:
    """A red disc on a ground of clear green, enlarged four times: no green shows, and no other colour."""
    picture = Image.new("RGBA", (60, 60), (0, 255, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, 50, 50), fill=(*RED, 255))
    source = _saved(picture, tmp_path / "in")

    result = develop(source, _resize(240, 240), format_=Format.PNG, width=240, height=240)

    colours, alpha = np.asarray(result)[..., :3].astype(int), np.asarray(result)[..., 3]
    assert result.mode == "RGBA"
    assert np.abs(colours[alpha > 20] - RED).max() < 10
    assert (alpha[:30].max(), alpha[120, 120]) == (0, 255)
    assert 0.95 < (alpha > 127).sum() / 16 / (np.asarray(picture)[..., 3] > 0).sum() < 1.05


def _sixteen_bit_png() -> bytes:
    image = pyvips.Image.new_from_array(np.full((10, 20, 3), [65535, 32768, 0], np.uint16))
    return bytes(image.copy(interpretation="rgb16").pngsave_buffer())


def _sixteen_bit_grey_tiff() -> bytes:
    image = (pyvips.Image.black(20, 10) + 32768).cast("ushort").copy(interpretation="grey16")
    return bytes(image.tiffsave_buffer())


def _with_pillow(mode: str, colour: object, format_: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (20, 10), colour).convert(mode).save(file, format_)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (_sixteen_bit_png(), (255, 128, 0)),
        (_sixteen_bit_grey_tiff(), (128, 128, 128)),
        (_with_pillow("L", (90, 90, 90), "JPEG"), (90, 90, 90)),
        (_with_pillow("P", (51, 204, 102), "PNG"), (51, 204, 102)),
        (_with_pillow("1", (255, 255, 255), "TIFF"), (255, 255, 255)),
        (_with_pillow("CMYK", (255, 255, 255), "JPEG"), (255, 255, 255)),
    ],
    ids=["16-bit PNG", "16-bit grey TIFF", "grey JPEG", "palette PNG", "bilevel TIFF", "CMYK JPEG"],
)
def test_any_colour_model_becomes_8_bit_rgb(
    data: bytes, colour: tuple[int, ...], tmp_path: Path, develop: Develop
) -> None:
    (tmp_path / "in").write_bytes(data)

    result = develop(tmp_path / "in", format_=Format.PNG, width=20, height=10)

    assert result.mode == "RGB"
    assert np.allclose(np.asarray(result)[5, 10], colour, atol=8)


def test_a_profile_is_applied_and_a_broken_one_ignored(
    tmp_path: Path, develop: Develop, dahlia: Path
) -> None:
    with Image.open(dahlia) as photograph:
        small = photograph.resize((60, 40))
        source = _saved(small, tmp_path / "in", "PNG", icc_profile=b"not a profile")

        result = develop(source, format_=Format.PNG, width=60, height=40)

        assert np.array_equal(np.asarray(result), np.asarray(small))


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "AVIF", "HEIF"])
def test_a_profile_is_applied_whatever_the_format(format_: str, tmp_path: Path, develop: Develop) -> None:
    """By the standards, this red of Display P3 is (217, 42, 52) in sRGB."""
    profile = bytes(pyvips.Image.profile_load("p3"))
    picture = Image.new("RGB", (40, 40), (200, 60, 60))
    source = _saved(picture, tmp_path / "in", format_, icc_profile=profile)

    result = develop(source, format_=Format.PNG, width=40, height=40)

    assert np.allclose(np.asarray(result)[20, 20], (217, 42, 52), atol=8)


def test_letterbox_keeps_the_whole_picture_between_black_bars(tmp_path: Path, develop: Develop) -> None:
    source = _saved(Image.new("RGB", (100, 50), RED), tmp_path / "in")

    result = develop(source, _resize(80, 80, "letterbox"), format_=Format.PNG, width=80, height=80)

    assert [result.getpixel((40, row)) for row in (10, 40, 70)] == [BLACK, RED, BLACK]


def test_crop_fills_the_size_with_the_middle(tmp_path: Path, develop: Develop) -> None:
    picture = Image.new("RGB", (120, 40), "blue")
    picture.paste(RED, (40, 0, 80, 40))
    source = _saved(picture, tmp_path / "in")

    result = develop(source, _resize(60, 60, "crop"), format_=Format.PNG, width=60, height=60)

    assert {result.getpixel((column, 30)) for column in (3, 30, 56)} == {RED}


def test_sharpening_makes_edges_steeper_the_more_it_is_asked_to(coffee: Path, develop: Develop) -> None:
    def detail(amount: float) -> float:
        step = Step(name="sharpen", settings={"amount": amount})
        result = develop(coffee, step, format_=Format.PNG, width=600, height=400)
        grey = np.asarray(result.convert("L"), np.float32)
        return float(np.abs(np.diff(grey, axis=1)).mean())

    plain, some, much = detail(0), detail(0.5), detail(1)

    assert plain * 1.05 < some
    assert some * 1.05 < much


@pytest.mark.parametrize("steps", [[], [Step(name="denoise", settings={"strength": 1.0})]])
def test_a_damaged_source_is_refused_and_leaves_nothing_behind(
    steps: list[Step], tmp_path: Path, dahlia: Path
) -> None:
    (tmp_path / "in").write_bytes(dahlia.read_bytes()[:60_000])

    with pytest.raises(PixelError, match="cannot make a picture of"):
        render(tmp_path / "in", _recipe(Format.PNG, 640, 427, *steps), tmp_path / "out")

    assert [file.name for file in tmp_path.iterdir()] == ["in"]


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"hello")

    with pytest.raises(PixelError, match="no picture of a known format"):
        render(tmp_path / "in", _recipe(Format.PNG, 4, 4), tmp_path / "out")
