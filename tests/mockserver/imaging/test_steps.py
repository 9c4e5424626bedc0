"""Every step accepts every image, keeps its alpha, and is deterministic."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.mockserver.imaging.conftest import Develop
from tests.mockserver.imaging.recipes import SLOW, recipe_for, saved

from safelight_mock.core import Format, RecipeStep
from safelight_mock.imaging import probe, render
from safelight_mock.imaging.pipeline import STEPS

pytestmark = pytest.mark.slow

COFFEE = str(Path(__file__).parents[2] / "data/coffee.jpg")

# Each step at its strongest.
STRONGEST: dict[str, dict[str, str | float | bool]] = {
    "adjust": {"contrast": 1.0, "saturation": 1.0},
    "backdrop": {"remove": True, "colour": "transparent"},
    "canvas": {"width": 83, "height": 97, "background": "#4060a0", "left": 9, "top": 3},
    "colorize": {},
    "crop": {"left": 0, "top": 0, "width": 1, "height": 1},
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
SHAPING = {"backdrop", "canvas", "crop", "hide_faces", "matte", "outpaint", "resize", "smart_crop"}


# They look for a subject first, which takes its time; `matte` speaks for them in the fast tests.
ON_SUBJECTS = {"backdrop", "defocus"}


# They find nothing in noise: no blocks, no subject, no plate.
IDLE = {"deblock", "defocus", "hide_plates"}


def test_every_step_has_a_test_case() -> None:
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
def test_every_step_accepts_every_kind_of_image(step: str, mode: str, tmp_path: Path) -> None:
    settings = STRONGEST[step]
    for size in [(1, 1), (1, 70), (61, 43)]:
        source = saved(_noise(size, mode), tmp_path / "in", "TIFF")

        recipe = recipe_for(Format.PNG, *size, RecipeStep(name=step, settings=settings))
        render(source, recipe, tmp_path / "out")

        assert probe(tmp_path / "out") == recipe.output
        with Image.open(tmp_path / "out") as result:
            assert result.mode == (
                "RGBA" if mode in {"RGBA", "LA"} or step in {"backdrop", "matte"} else "RGB"
            )


@pytest.mark.slow
@pytest.mark.parametrize("step", STRONGEST)
@pytest.mark.parametrize("size", [(1, 5000), (5000, 1), (3, 40_000)], ids=str)
def test_every_step_accepts_long_images(step: str, size: tuple[int, int], tmp_path: Path) -> None:
    source = saved(_noise(size, "RGBA"), tmp_path / "in")

    recipe = recipe_for(Format.TIFF, *size, RecipeStep(name=step, settings=STRONGEST[step]))
    render(source, recipe, tmp_path / "out")

    assert probe(tmp_path / "out") == recipe.output


@pytest.mark.parametrize("step", sorted(STRONGEST.keys() - SHAPING))
def test_alpha_is_kept_to_the_pixel_and_colours_are_changed(
    step: str, tmp_path: Path, develop: Develop
) -> None:
    picture = _noise((96, 80), "RGBA")
    source = saved(picture, tmp_path / "in")

    result = develop(
        source, RecipeStep(name=step, settings=STRONGEST[step]), format_=Format.PNG, width=96, height=80
    )

    assert np.array_equal(np.asarray(result)[..., 3], np.asarray(picture)[..., 3])
    if step not in IDLE:
        assert not np.array_equal(np.asarray(result)[..., :3], np.asarray(picture)[..., :3])


@pytest.mark.fidelity("twin:determinism")
@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=SLOW if step in ON_SUBJECTS else ()) for step in STRONGEST]
)
def test_the_same_recipe_gives_the_same_bytes(step: str, tmp_path: Path, dahlia: Path) -> None:
    recipe = recipe_for(Format.JPEG, 160, 106, RecipeStep(name=step, settings=STRONGEST[step]))
    with Image.open(dahlia) as photograph:
        source = saved(photograph.resize((160, 106)), tmp_path / "in", "JPEG", quality=40)

    render(source, recipe, tmp_path / "one")
    render(source, recipe, tmp_path / "other")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize(
    "step",
    [
        RecipeStep(name="adjust", settings={}),
        RecipeStep(name="backdrop", settings={}),
        RecipeStep(name="canvas", settings={"width": 61, "height": 43}),
        RecipeStep(name="deblock", settings={"strength": 0.0}),
        RecipeStep(name="deblur", settings={"strength": 0.0, "kind": "lens"}),
        RecipeStep(name="defocus", settings={"strength": 0.0, "kind": "lens"}),
        RecipeStep(name="denoise", settings={"strength": 0.0, "original_detail": 1.0}),
        RecipeStep(name="faces", settings={"strength": 0.0}),
        RecipeStep(name="hdr", settings={"amount": 0.0}),
        RecipeStep(name="invent", settings={"creativity": 0.0, "texture": 0.0, "seed": 1}),
        RecipeStep(name="levels", settings={"amount": 0.0, "balance": True}),
        RecipeStep(name="light", settings={}),
        RecipeStep(name="resize", settings={"width": 61, "height": 43, "fit": "stretch"}),
        RecipeStep(name="restore", settings={"strength": 0.0}),
        RecipeStep(name="restyle", settings={"reference": COFFEE, "style": 0.0, "colour": 1.0, "shape": 0.0}),
        RecipeStep(name="sharpen", settings={"amount": 0.0}),
        RecipeStep(name="white_balance", settings={"amount": 0.0}),
    ],
    ids=lambda step: step.name,
)
def test_a_step_of_no_strength_changes_nothing(step: RecipeStep, tmp_path: Path, develop: Develop) -> None:
    picture = _noise((61, 43), "RGBA")
    source = saved(picture, tmp_path / "in")

    result = develop(source, step, format_=Format.PNG, width=61, height=43)

    assert np.array_equal(np.asarray(result), np.asarray(picture))
