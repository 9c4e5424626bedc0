"""What each Topaz submit operation makes of an image, as a table: limits, sizes, durations, steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safelight_mock.core.job import Plan
from safelight_mock.core.picture import Format, Picture, Step
from safelight_mock.wire.call import JSON
from safelight_mock.wire.problem import Refusal

FORMATS: Mapping[str, Format] = {
    "jpeg": Format.JPEG,
    "jpg": Format.JPEG,
    "png": Format.PNG,
    "tiff": Format.TIFF,
    "tif": Format.TIFF,
}

# Seconds of work per megapixel of output. Durations are ours: the vendor publishes none per model.
SECONDS_PER_MEGAPIXEL: Mapping[str, float] = {"Strong": 0.05, "Extreme": 0.1, "High Fidelity V2": 0.05}
OTHER_SECONDS_PER_MEGAPIXEL = 0.025
SECONDS_QUEUED = 0.5
SECONDS_AT_LEAST = 1.5

MEGAPIXELS_PER_CREDIT = 24  # documented on the model pages for enhance, denoise and matting
LONGEST_SIDE = 32_000  # documented: maximum of output_height and output_width

DENOISE_STRENGTH: Mapping[str, float] = {"Normal": 0.5, "Strong": 0.75, "Extreme": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One kind of processing. `megapixels` bounds its output; only a `sized` one takes an output size."""

    category: str
    model_type: str
    megapixels: int
    sized: bool
    steps: Callable[["Order"], tuple[Step, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one call asks for: its body fields, the picture that must come out, and how it is fitted in."""

    values: Mapping[str, JSON]
    output: Picture
    fit: str


def enhance(order: Order) -> tuple[Step, ...]:
    """Scale to the output size and sharpen a little."""
    resize = Step(
        name="resize", settings={"width": order.output.width, "height": order.output.height, "fit": order.fit}
    )
    return resize, Step(name="sharpen", settings={"amount": 0.3})


def denoise(order: Order) -> tuple[Step, ...]:
    """Take noise away, as much as the `strength` setting or else the model says."""
    strength = order.values.get("strength", DENOISE_STRENGTH.get(order.values["model"], 0.5))
    return (Step(name="denoise", settings={"strength": decimal("strength", strength, least=0.01, most=1)}),)


def matting(order: Order) -> tuple[Step, ...]:
    """Cut the subject out, or draw its mask."""
    return (Step(name="matte", settings={"mode": order.values.get("mode", "segmentation")}),)


PRODUCTS: Mapping[str, Product] = {
    "postEnhanceAsync": Product(
        category="Enhance",
        model_type="GAN",
        megapixels=512,
        sized=True,
        steps=enhance,
    ),
    "postDenoise": Product(
        category="Denoise",
        model_type="GAN",
        megapixels=512,
        sized=False,
        steps=denoise,
    ),
    "postMatting": Product(
        category="Matting",
        model_type="GAN",
        megapixels=512,
        sized=False,
        steps=matting,
    ),
}


def output_size(source: Picture, values: Mapping[str, JSON], scale: float) -> tuple[int, int]:
    """Return width and height as asked; a side not asked for (or 0) is proportional, or both are scaled."""
    width, height = values.get("output_width") or 0, values.get("output_height") or 0
    if not width and not height:
        width = round(source.width * scale)
    width = width or max(1, round(source.width * height / source.height))
    height = height or max(1, round(source.height * width / source.width))
    for name, side in (("width", width), ("height", height)):
        if side > LONGEST_SIDE:
            raise Refusal(400, f"Invalid output {name}.")
    return width, height


def plan(output: Picture, model: str) -> Plan:
    """Return how long a job will take: about two seconds for a few megapixels."""
    pace = SECONDS_PER_MEGAPIXEL.get(model, OTHER_SECONDS_PER_MEGAPIXEL)
    return Plan(queued=SECONDS_QUEUED, running=SECONDS_AT_LEAST + pace * output.megapixels)


def credits_for(output: Picture) -> int:
    """Return the price in credits: each begun 24 megapixels of output cost one."""
    return max(1, -int(-output.megapixels // MEGAPIXELS_PER_CREDIT))


def decimal(name: str, value: JSON, *, least: float, most: float) -> float:
    """Read a model setting as a number within bounds."""
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise Refusal(400, f"Invalid {name.replace('_', ' ')}.")
    return number
