"""Categories, limits, prices and durations of Topaz's operations, as tables."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from safelight_mock.core.job import Durations, Plan
from safelight_mock.core.picture import Format, Picture
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import VendorError

FORMATS: Mapping[str, Format] = {
    "jpeg": Format.JPEG,
    "jpg": Format.JPEG,
    "png": Format.PNG,
    "tiff": Format.TIFF,
    "tif": Format.TIFF,
}

INPUTS = ("image", "source_id", "source_url")  # fields, of which a submission has exactly one

LONGEST_SIDE = 32_000  # documented: maximum of output_height and output_width
SYNC_MEGAPIXELS = 96  # documented: the limit of a synchronous response


class Product(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One kind of processing. `megapixels` limits its output; only a `sized` one has an output size.

    `eq=False`: equal only to itself, so that hashing for `lru_cache` is by identity.
    """

    category: str
    model_type: str = "GAN"
    megapixels: int = 512
    sized: bool = False


ENHANCE = Product(category="Enhance", sized=True)  # documented: 512 MP
ENHANCE_GEN = Product(category="Enhance", model_type="Gen", megapixels=256, sized=True)  # documented: 256 MP
SHARPEN = Product(category="Sharpen")
SHARPEN_GEN = Product(category="Sharpen", model_type="Gen", megapixels=256)
DENOISE = Product(category="Denoise")
RESTORE = Product(category="Restore", model_type="Gen", megapixels=256)
LIGHTING = Product(category="Lighting")
MATTING = Product(category="Matting")
TOOL = Product(category="Tool", sized=True)

SUBMITS: Mapping[str, Product] = {
    "postEnhanceAsync": ENHANCE,
    "postEnhanceGenAsync": ENHANCE_GEN,
    "postSharpen": SHARPEN,
    "postSharpenGen": SHARPEN_GEN,
    "postDenoise": DENOISE,
    "postRestoreGen": RESTORE,
    "postLighting": LIGHTING,
    "postMatting": MATTING,
    "postTool": TOOL,
}

SYNCS: Mapping[str, Product] = {
    "postEnhanceSync": replace(ENHANCE, megapixels=SYNC_MEGAPIXELS),
    "postSharpenSync": replace(SHARPEN, megapixels=SYNC_MEGAPIXELS),
    "postDenoiseSync": replace(DENOISE, megapixels=SYNC_MEGAPIXELS),
    "postLightingSync": replace(LIGHTING, megapixels=SYNC_MEGAPIXELS),
}

PRODUCTS: Mapping[str, Product] = {**SUBMITS, **SYNCS}

# Most megapixels of input. Recovery's is documented in 1.0.0, the others later.
INPUT_MEGAPIXELS: Mapping[str, int] = {"Recovery": 16, "Recovery V2": 24, "Standard MAX": 24}

# Formats that a model rejects if requested by name. Observed in one live run of 2026.
REJECTED_FORMATS: Mapping[str, frozenset[Format]] = {"RemoveBG": frozenset({Format.PNG})}

# Megapixels of output for one credit, from the vendor's model pages.
MEGAPIXELS_PER_CREDIT: Mapping[str, int] = {"Wonder": 4, "Bloom": 2, "Super Focus V2": 20}
OTHER_MEGAPIXELS_PER_CREDIT = 24

# How long models take. Ours: the vendor publishes no durations per model.
TIMINGS: Mapping[str, Durations] = {
    "Strong": Durations(per_megapixel=0.05),
    "Extreme": Durations(per_megapixel=0.1),
    "High Fidelity V2": Durations(per_megapixel=0.05),
    "Redefine": Durations(per_megapixel=0.2),
    "Recovery": Durations(per_megapixel=0.2),
    "Recovery V2": Durations(per_megapixel=0.2),
    "Standard MAX": Durations(per_megapixel=0.1),
    "Wonder": Durations(per_megapixel=0.2),
    "Super Focus V2": Durations(per_megapixel=0.2),
}
OTHER_TIMING = Durations(per_megapixel=0.025)


def output_of(product: Product, source: Picture, values: Mapping[str, JSON], scale: float) -> tuple[int, int]:
    """Return width and height of a product's result."""
    return output_size(source, values, scale) if product.sized else (source.width, source.height)


def output_size(source: Picture, values: Mapping[str, JSON], scale: float) -> tuple[int, int]:
    """Return the requested width and height; an absent side (or 0) is proportional, or both are scaled.

    Raises VendorError with the requested side if the other one becomes too long.
    """
    width, height = values.get("output_width") or 0, values.get("output_height") or 0
    blamed = "width" if width else "height" if height else ""
    if not blamed:
        width = round(source.width * scale)
    width = width or max(1, round(source.width * height / source.height))
    height = height or max(1, round(source.height * width / source.width))
    if blamed and max(width, height) > LONGEST_SIDE:
        raise VendorError(400, f"Invalid output {blamed}.")
    return width, height


def check_limits(product: Product, model: str, source: Picture, output: Picture) -> None:
    """Raise VendorError for an input or output that is too large.

    The message for an automatic size past the longest side is ours.
    """
    most = INPUT_MEGAPIXELS.get(model)
    if most is not None and source.megapixels > most:
        raise VendorError(413, f"Input image dimensions exceed maximum allowed of {most} MP.")
    if output.width * output.height > product.megapixels * 1_000_000:
        raise VendorError(413, f"Output image dimensions exceed maximum allowed of {product.megapixels} MP.")
    if product.sized and max(output.width, output.height) > LONGEST_SIDE:
        raise VendorError(
            413, f"Output image dimensions exceed maximum allowed of {LONGEST_SIDE} pixels a side."
        )


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Price of a job in credits, and its plan."""

    credits: int
    plan: Plan


def quote(output: Picture, model: str) -> Quote:
    """Return price and plan of a job with this output."""
    megapixels = output.megapixels
    share = MEGAPIXELS_PER_CREDIT.get(model, OTHER_MEGAPIXELS_PER_CREDIT)
    plan = TIMINGS.get(model, OTHER_TIMING).plan(megapixels)
    return Quote(credits=max(1, -int(-megapixels // share)), plan=plan)  # one credit per started unit
