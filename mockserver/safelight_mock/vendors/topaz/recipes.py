"""How a Topaz result is made: settings as steps on pixels. The effects are imitations of ours."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b

from safelight_mock.core.job import Inspection, Job
from safelight_mock.core.picture import Recipe, RecipeStep
from safelight_mock.vendors.topaz.parameters import autopilot, settings_of
from safelight_mock.vendors.topaz.products import PRODUCTS, Product
from safelight_mock.wire.messages import JSON

ModelSettings = Mapping[str, JSON]

INSPECTIONS = 1_000  # inspections for which Autopilot's choice is cached
SKIN = 0.01  # share of skin-coloured pixels from which there may be a face
BLURS: Mapping[str, str] = {"Motion Blur": "motion", "Refocus": "refocus"}


def settings(job: Job, inspection: Inspection) -> dict[str, JSON]:
    """Return the settings of a job: those of the request, and Autopilot's for the rest."""
    product, model = PRODUCTS[job.operation], str(job.details["model"])
    return {**automatic(product, model, inspection), **settings_of(product, job.details)}


@lru_cache(INSPECTIONS)
def automatic(product: Product, model: str, inspection: Inspection) -> ModelSettings:
    """Return Autopilot's settings for an image."""
    return autopilot(product, model, inspection.measures)


def recipe(job: Job, inspection: Inspection) -> Recipe:
    """Return how the result of a job is made."""
    product, chosen = PRODUCTS[job.operation], settings(job, inspection)
    steps = STEPS[f"{product.category} {product.model_type}"](job, chosen)
    faces = _faces(chosen) if inspection.measures["skin"] > SKIN else []
    return Recipe(steps=(*steps, *faces), output=job.output)


def fit(details: ModelSettings) -> str:
    """Return the fit of the image: stretched unless both sides are set, else letterboxed or cropped."""
    if not details.get("output_width") or not details.get("output_height"):
        return "stretch"
    return "crop" if details.get("crop_to_fill") is True else "letterbox"


def _enhance(job: Job, chosen: ModelSettings) -> list[RecipeStep]:
    return [
        *_step("deblock", strength=chosen.get("fix_compression", 0)),
        *_step("denoise", strength=chosen["denoise"]),
        *_scale(job, chosen),
        *_step("sharpen", amount=chosen["sharpen"]),
    ]


def _generate(job: Job, chosen: ModelSettings) -> list[RecipeStep]:
    creativity, texture = chosen.get("creativity", 1) / 6, chosen.get("texture", 1) / 5
    seed = int.from_bytes(blake2b(str(chosen.get("prompt", "")).encode(), digest_size=4).digest())
    return [
        *_step("denoise", strength=chosen.get("denoise", 0)),
        *_scale(job, chosen),
        *_step("invent", creativity=creativity, texture=texture, seed=seed),
        *_step("sharpen", amount=chosen.get("sharpen", 0.2)),
    ]


def _sharpen(job: Job, chosen: ModelSettings) -> list[RecipeStep]:
    kind = BLURS.get(str(job.details["model"]), "lens")
    noise = chosen["minor_denoise"] * 2 * chosen.get("denoise_strength", 0.5)
    return [
        *_step("denoise", unless=0.02, strength=min(noise, 1.0)),
        *_step("deblur", strength=chosen["strength"], kind=kind),
    ]


def _focus(_: Job, chosen: ModelSettings) -> list[RecipeStep]:
    return [
        *_step("deblur", strength=chosen["focus_boost"], kind="refocus"),
        *_step("sharpen", amount=chosen["detail"]),
    ]


def _denoise(_: Job, chosen: ModelSettings) -> list[RecipeStep]:
    return [
        *_step("denoise", strength=chosen["strength"], original_detail=chosen["original_detail"]),
        *_step("deblur", unless=0.02, strength=chosen["minor_deblur"], kind="lens"),
    ]


def _light(job: Job, chosen: ModelSettings) -> list[RecipeStep]:
    match job.details["model"]:
        case "Adjust V2":
            return _step("light", **{name: chosen[name] for name in ("exposure", "highlight", "shadow")})
        case "White Balance":
            return _step("white_balance", amount=1.0)
        case "Colorize":
            return _step("colorize")
    return _step("levels", amount=1.0, balance=chosen["color_correction"])


def _restore(_: Job, __: ModelSettings) -> list[RecipeStep]:
    return _step("restore", strength=1.0)


def _matte(_: Job, chosen: ModelSettings) -> list[RecipeStep]:
    return _step("matte", mode=chosen["mode"])


def _scale(job: Job, _: ModelSettings) -> list[RecipeStep]:
    return _step("resize", width=job.output.width, height=job.output.height, fit=fit(job.details))


def _faces(chosen: ModelSettings) -> list[RecipeStep]:
    if not chosen.get("face_enhancement"):
        return []
    strength, creativity = chosen["face_enhancement_strength"], chosen["face_enhancement_creativity"]
    return _step("faces", strength=strength, creativity=creativity)


def _step(name: str, *, unless: float = 0.0, **settings: JSON) -> list[RecipeStep]:
    """Return a step; none if it would do nothing, or no more than `unless`."""
    effort = settings.get("strength", settings.get("amount"))
    return [] if effort is not None and effort <= unless else [RecipeStep(name=name, settings=settings)]


STEPS: Mapping[str, Callable[[Job, ModelSettings], list[RecipeStep]]] = {
    "Enhance GAN": _enhance,
    "Enhance Gen": _generate,
    "Sharpen GAN": _sharpen,
    "Sharpen Gen": _focus,
    "Denoise GAN": _denoise,
    "Lighting GAN": _light,
    "Restore Gen": _restore,
    "Matting GAN": _matte,
    "Tool GAN": _scale,
}
