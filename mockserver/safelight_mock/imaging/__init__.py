"""Reading, checking, measuring and editing images.

The public face is this module. Importing it, and calling `probe`, loads neither libvips nor numpy: a server
whose results are never downloaded does not pay for them.

| question | module |
|---|---|
| what format and size does a file have? | `io.probe`; `io.jpeg`, `io.webp` and `io.tiff` read those headers |
| how is a file opened, converted to sRGB, refused? | `io.loading`; `io.pillow_fallback` for BMP and HEIC |
| how is a result written: quality, density, inks? | `io.saving` |
| which steps may a recipe name, and in what order do they run? | `pipeline` |
| resize, crop, smart_crop, canvas, outpaint | `geometry` |
| light, adjust, levels, white_balance, hdr, colorize | `tone` |
| restyle | `color_transfer` |
| denoise, deblock | `detail.dct_shrinkage` |
| deblur | `detail.wiener` |
| restore | `detail.defect_mask` |
| sharpen, invent, faces | `detail.texture` |
| hide_faces, hide_plates | `privacy` |
| matte, backdrop, defocus, and the subject's box | `matting.cutout`; `matting` lists how a subject is found |
| noise, blur, blockiness, exposure, cast, skin of an image; is it damaged? | `measure.statistics` |
| how does numpy work on an image larger than memory? | `tiled_map` |
| lightness, alpha and opponent colours | `channels` |
| regions of a mask | `connected_components` |

To add an operation: a function `(image, **settings)` in the module it fits, its name in `pipeline.STEPS` (and
in `STREAMING` if it reads from top to bottom), then a `RecipeStep` in `vendors/<vendor>/recipes.py`.
"""

from collections.abc import Callable
from pathlib import Path

from safelight_mock.core.aspect_fit import Box
from safelight_mock.core.picture import Recipe
from safelight_mock.imaging.io import ImageError
from safelight_mock.imaging.io.probe import probe
from safelight_mock.imaging.measure import ImageStatistics

__all__ = ["ImageError", "ImageStatistics", "decode_check", "probe", "render", "subject_box"]


def render(source: Path, recipe: Recipe, target: Path, find: Callable[[str], Path] = Path) -> None:
    """Apply `recipe` to `source` and write the result to `target`, atomically.

    `find` maps the setting `reference` of a step (a digest) to the file of that second image.

    The result is upright, 8 bits a channel, in sRGB (CMYK if the recipe says so), of exactly the format and
    size of `recipe.output`, without metadata that the recipe does not name: the same bytes for the same
    sources, recipe and library versions. Raises `ImageError` if an input cannot be decoded.
    """
    from safelight_mock.imaging import pipeline  # noqa: PLC0415 - keeps libvips out of start-up

    pipeline.run(source, recipe, target, find)


def decode_check(file: Path) -> ImageStatistics | None:
    """Decode all of `file` once, in strips, and measure it; None if it is damaged or not an image.

    Interlaced PNG and progressive JPEG are held in memory whole: their format demands it.
    """
    from safelight_mock.imaging.measure import statistics  # noqa: PLC0415 - keeps libvips out of start-up

    try:
        return statistics.image_statistics(file)
    except ImageError:
        return None


def subject_box(file: Path) -> Box:
    """Return the rectangle of the subject in the upright image, or the whole image.

    Raises `ImageError` if `file` cannot be decoded.
    """
    from safelight_mock.imaging.matting import cutout  # noqa: PLC0415 - keeps libvips out of start-up

    return cutout.subject_box(file)
