"""Runs a recipe: open, convert to upright sRGB, apply each step, write the file.

Amounts go from 0 (no change) to 1, or from -1 where both directions exist. Sizes are whole pixels. Colours
are `#rrggbb`, `transparent`, or `own`: transparent where the image has alpha, else white.

    group                  step           settings
    size                   resize         width height fit=stretch|letterbox|crop
                           crop           left top width height
                           smart_crop     width height
                           canvas         width height background=own top=0 right=0 bottom=0 left=0
                           outpaint       width height inside_width inside_height feathering (0 to 1 and more)
    subject and background matte          mode=segmentation|alpha
                           backdrop       remove=False colour=own
                           defocus        strength kind=regular|lens
    tones and colours      light          exposure=0 highlight=0 shadow=0, each from -1
                           adjust         contrast=0 saturation=0, each from -1
                           hdr            amount seamless=False
                           levels         amount balance=False
                           white_balance  amount
                           colorize
                           restyle        reference (digest of another input) style colour shape
    defects                deblock        strength
                           deblur         strength kind=lens|motion|refocus
                           denoise        strength original_detail=0
                           restore        strength
    detail                 sharpen        amount
                           invent         creativity texture seed (whole number)
                           faces          strength creativity=0
    privacy                hide_faces
                           hide_plates

Only the five of size change it; a result of another size than promised is stretched. `matte`, `backdrop` and
a transparent `canvas` make alpha; a format without alpha shows white there.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyvips

from safelight_mock.core.picture import Recipe, RecipeStep
from safelight_mock.imaging.color_transfer import restyle
from safelight_mock.imaging.detail.dct_shrinkage import deblock, denoise
from safelight_mock.imaging.detail.defect_mask import restore
from safelight_mock.imaging.detail.texture import faces, invent, sharpen
from safelight_mock.imaging.detail.wiener import deblur
from safelight_mock.imaging.geometry import canvas, crop, outpaint, resize, smart_crop
from safelight_mock.imaging.io import ImageError
from safelight_mock.imaging.io.loading import open_image, upright
from safelight_mock.imaging.io.saving import save
from safelight_mock.imaging.matting.cutout import backdrop, defocus, matte
from safelight_mock.imaging.privacy import hide_faces, hide_plates
from safelight_mock.imaging.tone import adjust, colorize, hdr, levels, light, white_balance

STEPS: dict[str, Callable[..., pyvips.Image]] = {
    step.__name__: step
    for step in (
        *(resize, crop, smart_crop, canvas, outpaint),
        *(matte, backdrop, defocus),
        *(light, adjust, hdr, levels, white_balance, colorize, restyle),
        *(deblock, deblur, denoise, restore),
        *(sharpen, invent, faces),
        *(hide_faces, hide_plates),
    )
}

# Steps that read each pixel once, from the top to the bottom. The others need random access.
STREAMING = frozenset({"adjust", "canvas", "invent", "light", "resize", "sharpen"})

UPRIGHT = 1  # the Exif orientation
REFERENCE = "reference"  # the setting that names a second image

Find = Callable[[str], Path]
"""Returns the file of a second image."""


def run(source: Path, recipe: Recipe, target: Path, find: Find) -> None:
    """Apply `recipe` to `source` and replace `target` when the result is complete.

    `find` returns the file of a second image by its digest. Blocks: libvips works in threads of its own.
    Raises ImageError if an input cannot be decoded; `safelight_mock.imaging.render` describes the result.
    """
    try:
        image = _apply(recipe, _open(source, recipe), find)
        with _replacing(target) as draft:
            save(image, recipe.output.format, recipe.encoding, draft)
    except pyvips.Error as error:
        raise ImageError(f"cannot make a result of {source}: {error}") from error


def _open(source: Path, recipe: Recipe) -> pyvips.Image:
    """Open the source upright and in sRGB, streaming if every step reads from the top to the bottom."""
    image = open_image(source, streaming=True)
    if _orientation(image) != UPRIGHT or not STREAMING.issuperset(step.name for step in recipe.steps):
        image = open_image(source, streaming=False)
    return upright(image)


def _orientation(image: pyvips.Image) -> int:
    return int(image.get("orientation")) if image.get_typeof("orientation") else UPRIGHT


def _apply(recipe: Recipe, image: pyvips.Image, find: Find) -> pyvips.Image:
    for step in recipe.steps:
        image = STEPS[step.name](image, **_settings(step, find))
    width, height = recipe.output.width, recipe.output.height
    if (image.width, image.height) == (width, height):
        return image
    return resize(image, width=width, height=height, fit="stretch")


def _settings(step: RecipeStep, find: Find) -> dict[str, object]:
    """Open the second image of a step, if it names one."""
    if REFERENCE not in step.settings:
        return {**step.settings}
    reference = open_image(find(str(step.settings[REFERENCE])), streaming=False)
    return {**step.settings, REFERENCE: upright(reference)}


@contextmanager
def _replacing(target: Path) -> Iterator[str]:
    """Yield the name of a draft beside `target`, which replaces it on success and is removed on failure."""
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        yield draft
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)
