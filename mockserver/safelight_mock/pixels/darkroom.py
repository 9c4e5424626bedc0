"""Develops a picture: opens it, brings it to upright sRGB, applies the steps and writes the file."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyvips

from safelight_mock.core.picture import Recipe, Step
from safelight_mock.pixels.error import PixelError
from safelight_mock.pixels.resize import resize
from safelight_mock.pixels.saving import save
from safelight_mock.pixels.steps import STEPS, STREAMING
from safelight_mock.pixels.vips import open_picture

UPRIGHT = 1
EIGHT = 8  # bits a sample; without it 16-bit samples would stay so where there is a profile
EXIF = "exif-data"
REFERENCE = "reference"  # the setting that names a second picture

Find = Callable[[str], Path]
"""Tells where the file of a second picture is."""


def develop(source: Path, recipe: Recipe, target: Path, find: Find) -> None:
    """See `render.render`."""
    try:
        _write(_apply(recipe, _negative(source, recipe), find), recipe, target)
    except pyvips.Error as error:
        raise PixelError(f"cannot make a picture of {source}: {error}") from error


def _negative(source: Path, recipe: Recipe) -> pyvips.Image:
    """Open the source upright and in sRGB, streaming if every step reads from the top to the bottom."""
    image = open_picture(source, streaming=True)
    if _orientation(image) != UPRIGHT or not STREAMING.issuperset(step.name for step in recipe.steps):
        image = open_picture(source, streaming=False)
    return upright(image)


def _orientation(image: pyvips.Image) -> int:
    return int(image.get("orientation")) if image.get_typeof("orientation") else UPRIGHT


def upright(image: pyvips.Image) -> pyvips.Image:
    """Turn a picture as its Exif block says, and convert it to sRGB.

    The block goes: where a step keeps pixels in a file, libvips would read the old orientation from it again.
    """
    turned = image.autorot().copy()
    turned.remove(EXIF)
    return srgb(turned)


def srgb(image: pyvips.Image) -> pyvips.Image:
    """Convert to three bands of 8-bit sRGB, and a fourth of alpha if the picture has it."""
    if image.get_typeof("icc-profile-data"):
        try:
            return image.icc_transform("srgb", embedded=True, depth=EIGHT)
        except pyvips.Error:  # a profile that does not fit its picture, as files in the wild have
            image = image.copy()
            image.remove("icc-profile-data")
    if image.interpretation in {"multiband", "matrix"}:  # a TIFF that does not say what its channels mean
        image = image.extract_band(0, n=3 if image.bands > 2 else 1).cast("uchar")  # noqa: PLR2004 three make RGB
        image = image.copy(interpretation="srgb" if image.bands > 1 else "b-w")
    return image.colourspace("srgb").cast("uchar")


def _apply(recipe: Recipe, image: pyvips.Image, find: Find) -> pyvips.Image:
    for step in recipe.steps:
        image = STEPS[step.name](image, **_settings(step, find))
    width, height = recipe.output.width, recipe.output.height
    if (image.width, image.height) == (width, height):
        return image
    return resize(image, width=width, height=height, fit="stretch")


def _settings(step: Step, find: Find) -> dict[str, object]:
    """Open the second picture a step looks at, if it names one."""
    if REFERENCE not in step.settings:
        return {**step.settings}
    reference = open_picture(find(str(step.settings[REFERENCE])), streaming=False)
    return {**step.settings, REFERENCE: upright(reference)}


def _write(image: pyvips.Image, recipe: Recipe, target: Path) -> None:
    with _replacing(target) as draft:
        save(image, recipe.output.format, recipe.encoding, draft)


@contextmanager
def _replacing(target: Path) -> Iterator[str]:
    """Give the name of a draft beside `target` that takes its place if all goes well."""
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        yield draft
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)
