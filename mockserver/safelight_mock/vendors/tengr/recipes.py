"""How a Tengr image is made: parameters as steps on pixels. The effects are imitations of ours."""

from collections.abc import Mapping
from uuid import UUID

from safelight_mock.core.job import Inspection, Job
from safelight_mock.core.picture import Recipe, RecipeStep

# Effects by level, 1 to 3: `details` enhances existing detail, `modification` invents some.
TEXTURE: Mapping[int, float] = {1: 0.0, 2: 0.4, 3: 0.9}
SHARPNESS: Mapping[int, float] = {1: 0.15, 2: 0.35, 3: 0.6}
CREATIVITY: Mapping[int, float] = {1: 0.15, 2: 0.45, 3: 1.0}
CRISP = 0.2  # sharpening after upscaling alone


def recipe(job: Job, _: Inspection) -> Recipe:
    """Return how the image of an artwork is made."""
    effects = _detail(job) if "details" in job.details else [_sharpen(CRISP)]
    return Recipe(steps=(*_scale(job), *effects), output=job.output)


def _scale(job: Job) -> list[RecipeStep]:
    if job.details["scaleFactor"] == 1:
        return []
    size = {"width": job.output.width, "height": job.output.height}
    return [RecipeStep(name="resize", settings={**size, "fit": "stretch"})]


def _detail(job: Job) -> list[RecipeStep]:
    details, modification = int(job.details["details"]), int(job.details["modification"])
    invented = {"creativity": CREATIVITY[modification], "texture": TEXTURE[details], "seed": _seed(job)}
    return [RecipeStep(name="invent", settings=invented), _sharpen(SHARPNESS[details])]


def _sharpen(amount: float) -> RecipeStep:
    return RecipeStep(name="sharpen", settings={"amount": amount})


def _seed(job: Job) -> int:
    """Return the seed of invented details: as the service derives it (documented later), or from the id."""
    seed = job.details.get("seed")
    return UUID(job.id).int % 2**31 if seed is None else int(seed) * 12 // 10 + 17
