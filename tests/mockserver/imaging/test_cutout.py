"""The subject is found and cut out, wherever it is; its background is removed, replaced or blurred."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from safelight_mock.core import Format, RecipeStep
from safelight_mock.imaging import subject_box

pytestmark = pytest.mark.slow


Develop = Callable[..., Image.Image]


Box = tuple[int, int, int, int]


Mask = npt.NDArray[np.bool_]


SIZE = (480, 320)


ROOT = Path(__file__).parents[3]


DAHLIA = ROOT / "docs/photograph/dahlia.jpg"


CHELSEA = ROOT / "tests/data/chelsea.jpg"


COFFEE = ROOT / "tests/data/coffee.jpg"


# Crops of the photographs that serve as a subject or as a background.
PETALS = (DAHLIA, (185, 100, 435, 345))


LEAVES = (DAHLIA, (440, 0, 640, 150))


DARK_LEAVES = (DAHLIA, (0, 0, 170, 113))


FUR = (CHELSEA, (60, 20, 330, 250))


CLOTH = (CHELSEA, (340, 120, 451, 200))


CUP = (COFFEE, (180, 30, 400, 200))


WOOD = (COFFEE, (380, 0, 600, 140))


ALPHA = RecipeStep(name="matte", settings={"mode": "alpha"})


SEGMENTATION = RecipeStep(name="matte", settings={"mode": "segmentation"})


def _piece(source: tuple[Path, Box], size: tuple[int, int]) -> Image.Image:
    file, box = source
    with Image.open(file) as photograph:
        return photograph.convert("RGB").crop(box).resize(size, Image.Resampling.LANCZOS)


def _star(box: Box) -> list[tuple[float, float]]:
    left, top, right, bottom = box
    turns = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 0.55, 1)
    x = (left + right) / 2 + (right - left) / 2 * reach * np.sin(turns)
    y = (top + bottom) / 2 - (bottom - top) / 2 * reach * np.cos(turns)
    return [(float(across), float(down)) for across, down in zip(x, y, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A piece of one photograph, cut to a shape, on a piece of another."""

    subject: tuple[Path, Box]
    background: tuple[Path, Box]
    shape: Literal["ellipse", "star", "card"]
    box: Box

    def mask(self) -> Mask:
        sketch = Image.new("L", SIZE)
        pen = ImageDraw.Draw(sketch)
        if self.shape == "ellipse":
            pen.ellipse(self.box, fill=255)
        elif self.shape == "star":
            pen.polygon(_star(self.box), fill=255)
        else:
            pen.rounded_rectangle(self.box, radius=12, fill=255)
        return np.asarray(sketch) > 0

    def picture(self) -> Image.Image:
        left, top, right, bottom = self.box
        layer = Image.new("RGB", SIZE)
        layer.paste(_piece(self.subject, (right - left, bottom - top)), (left, top))
        return Image.composite(layer, _piece(self.background, SIZE), Image.fromarray(self.mask()))


SCENES = {
    "light before dark, in the middle": Scene(
        subject=PETALS, background=LEAVES, shape="ellipse", box=(150, 70, 330, 250)
    ),
    "dark before light, far left": Scene(
        subject=DARK_LEAVES, background=CLOTH, shape="star", box=(20, 60, 230, 280)
    ),
    "small, a twelfth of the picture": Scene(
        subject=DARK_LEAVES, background=WOOD, shape="ellipse", box=(330, 180, 458, 304)
    ),
    "a star off the centre": Scene(subject=FUR, background=LEAVES, shape="star", box=(230, 40, 450, 260)),
    "cut off by the lower edge": Scene(
        subject=PETALS, background=DARK_LEAVES, shape="ellipse", box=(140, 150, 350, 360)
    ),
    "on textured wood": Scene(subject=LEAVES, background=WOOD, shape="card", box=(90, 60, 250, 270)),
    "cut off by the left edge": Scene(
        subject=CUP, background=LEAVES, shape="ellipse", box=(-50, 60, 150, 250)
    ),
    "in a corner": Scene(subject=CUP, background=DARK_LEAVES, shape="ellipse", box=(330, -40, 520, 140)),
    "petals on cloth": Scene(subject=PETALS, background=CLOTH, shape="ellipse", box=(270, 30, 450, 260)),
}


# One of them always, the others in the full run.
CASES = [
    pytest.param(scene, id=name, marks=[pytest.mark.slow] if number >= 1 else [])
    for number, (name, scene) in enumerate(SCENES.items())
]


@pytest.mark.fidelity("topaz:matting-pixels")
@pytest.mark.parametrize("scene", CASES)
def test_the_subject_is_found(scene: Scene, tmp_path: Path, develop: Develop) -> None:
    """Intersection over union with the true mask is at least 0.8; we hold ourselves to 0.9."""
    scene.picture().save(tmp_path / "scene.png")

    alpha = develop(tmp_path / "scene.png", ALPHA, format_=Format.PNG, width=480, height=320)

    actual, true = np.asarray(alpha) > 127, scene.mask()
    assert alpha.mode == "L"
    assert (actual & true).sum() / (actual | true).sum() >= 0.9


def test_the_dahlia_is_cut_out_of_its_leaves_in_its_own_colours(
    tmp_path: Path, dahlia: Path, develop: Develop
) -> None:
    with Image.open(dahlia) as photograph:
        photograph.resize((320, 213)).save(tmp_path / "small.png")
    plain = np.asarray(develop(tmp_path / "small.png", format_=Format.PNG, width=320, height=213)).astype(int)

    cut_out = develop(tmp_path / "small.png", SEGMENTATION, format_=Format.PNG, width=320, height=213)

    assert cut_out.mode == "RGBA"
    colours, alpha = np.asarray(cut_out)[..., :3], np.asarray(cut_out)[..., 3]
    middle = np.s_[75:145, 120:190]
    assert alpha[middle].min() > 250
    assert max(alpha[:, :75].max(), alpha[:40].max(), alpha[:150, 230:].max()) < 5
    assert np.abs(colours[middle] - plain[middle]).max() <= 2


def test_transparent_pixels_stay_transparent(tmp_path: Path, develop: Develop) -> None:
    picture = SCENES["light before dark, in the middle"].picture().resize((240, 160))
    picture.putalpha(Image.new("L", picture.size, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 120, 160))
    picture.save(tmp_path / "half.png")

    alpha = np.asarray(develop(tmp_path / "half.png", ALPHA, format_=Format.PNG, width=240, height=160))

    assert alpha[:, :120].max() == 0


@pytest.mark.slow
def test_the_outline_is_sharp_at_12_megapixels(tmp_path: Path, develop: Develop) -> None:
    scene = SCENES["a star off the centre"]
    size = (4200, 2800)
    scene.picture().resize(size, Image.Resampling.BICUBIC).save(tmp_path / "large.jpg", quality=92)

    alpha = develop(tmp_path / "large.jpg", ALPHA, format_=Format.PNG, width=size[0], height=size[1])

    actual = np.asarray(alpha) > 127
    true = np.asarray(Image.fromarray(scene.mask()).resize(size))
    assert (actual & true).sum() / (actual | true).sum() >= 0.95


Pixels = npt.NDArray[np.uint8]


Open = Callable[[Path], Pixels]


Apply = Callable[..., Pixels]


BLUE = (48, 64, 255)


IN_FLOWER, IN_LEAVES = np.s_[170:250, 270:370], np.s_[20:120, 20:160]


@pytest.fixture
def flower(dahlia: Path, opened: Open) -> Pixels:
    return opened(dahlia)


@pytest.fixture
def disc() -> Pixels:
    """An orange disc of radius 20 in the middle of a green ground of 120 x 80."""
    down, right = np.ogrid[:80, :120]
    is_disc = np.hypot(down - 40, right - 60) < 20
    return np.where(is_disc[..., None], (240, 140, 20), (20, 90, 40)).astype(np.uint8)


def _detail(picture: Pixels) -> float:
    """Mean step from each pixel to the next."""
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())


def test_the_subject_is_on_the_requested_colour(flower: Pixels, apply: Apply) -> None:
    laid = apply("backdrop", flower, remove=True, colour="#3040ff")

    assert laid.shape == flower.shape
    assert np.abs(laid[IN_LEAVES].astype(int) - BLUE).max() <= 2
    assert np.abs(laid[IN_FLOWER].astype(int) - flower[IN_FLOWER]).mean() < 3


@pytest.mark.parametrize(
    ("bands", "colour", "corner"),
    [
        (3, "own", (255, 255, 255)),
        (4, "own", None),
        (3, "transparent", None),
        (4, "#3040ff", BLUE),
    ],
)
def test_a_background_without_colour_is_white_unless_the_image_had_alpha(
    bands: int, colour: str, corner: tuple[int, ...] | None, disc: Pixels, apply: Apply
) -> None:
    picture = np.insert(disc, 3, 255, axis=2)[..., :bands]

    corner_pixel = apply("backdrop", picture, remove=True, colour=colour)[5, 5]

    assert tuple(corner_pixel) == corner if corner else corner_pixel[3] == 0


def test_without_removal_the_colour_shows_through_transparent_pixels(apply: Apply) -> None:
    picture = np.full((20, 20, 4), 255, np.uint8)
    picture[:, :10] = 0

    laid = apply("backdrop", picture, colour="#3040ff")

    assert (laid[:, :10] == BLUE).all()
    assert (laid[:, 10:] == 255).all()


def _saved(picture: Pixels, folder: Path) -> Path:
    Image.fromarray(picture).save(folder / "it.png")
    return folder / "it.png"


def test_the_box_of_a_subject_meets_the_edges_of_what_is_cut_out(
    disc: Pixels, apply: Apply, tmp_path: Path
) -> None:
    box = subject_box(_saved(disc, tmp_path))

    cut = apply("crop", apply("backdrop", disc, remove=True, colour="transparent"), **box._asdict())
    whole = apply("matte", disc, mode="alpha")
    assert (cut[..., 3] > 25).sum() == (whole > 25).sum()
    assert all(side.max() > 25 for side in (cut[0, :, 3], cut[-1, :, 3], cut[:, 0, 3], cut[:, -1, 3]))
    assert (box.width, box.height) == pytest.approx((39, 39), abs=3)


def test_a_fully_transparent_image_is_its_own_subject(tmp_path: Path) -> None:
    assert subject_box(_saved(np.zeros((9, 7, 4), np.uint8), tmp_path)) == (0, 0, 7, 9)


@pytest.mark.parametrize("kind", ["regular", pytest.param("lens", marks=pytest.mark.slow)])
def test_the_background_is_blurred_by_the_strength_and_the_subject_is_not(
    kind: str, flower: Pixels, apply: Apply
) -> None:
    noise = np.random.default_rng(1).normal(0, 12, (*flower.shape[:2], 1))
    picture = (flower + noise).clip(0, 255).astype(np.uint8)

    results = [apply("defocus", picture, strength=strength, kind=kind) for strength in (0.25, 1.0)]

    details = [_detail(result[IN_LEAVES]) for result in results]
    assert details[0] < 0.3 * _detail(picture[IN_LEAVES])
    assert details == sorted(details, reverse=True)
    assert [_detail(result[IN_FLOWER]) for result in results] == pytest.approx(
        2 * [_detail(picture[IN_FLOWER])], 0.1
    )


@pytest.mark.slow
def test_lens_blur_turns_lights_into_discs(flower: Pixels, apply: Apply) -> None:
    lit = flower.copy()
    lit[68:72, 78:82] = 255

    soft, lens = (
        apply("defocus", lit, strength=1.0, kind=kind).astype(int)
        - apply("defocus", flower, strength=1.0, kind=kind)
        for kind in ("regular", "lens")
    )

    disc, beside = np.s_[60:80, 70:90, 0], np.s_[60:80, 120:140, 0]  # there is no red in the leaves
    assert lens[disc].mean() > 2 * soft[disc].mean()
    assert abs(lens[beside].mean()) < 1
