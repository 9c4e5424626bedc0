"""How images of jobs are made of their input, as `x-safelight-mock` says (docs/your-api.md).

This is not a fact of an API but part of our simulation, so that it is not in `x-async-jobs`.
"""

from collections.abc import Mapping
from fractions import Fraction
from hashlib import blake2b
from math import floor
from uuid import UUID

import msgspec

from safelight_lifecycle import Expression, parse_expression
from safelight_mock.core.job import Inspection, Job
from safelight_mock.core.picture import Picture, Recipe, RecipeStep
from safelight_mock.vendors.generic.bodies.remembered_request import submission_of
from safelight_mock.wire.messages import JSON

EXTENSION = "x-safelight-mock"
SHARPEN = RecipeStep(name="sharpen", settings={"amount": 0.3})
SEED = "seed"
SEEDS = 2**31

Plain = str | int | float | bool


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A setting of a step that follows from a value of the request.

    It is that of `values` for the value's text or, of a number, `times` it, plus `plus`, rounded down.
    """

    place: Expression
    values: Mapping[str, Plain]
    times: Fraction
    plus: int

    def of(self, value: JSON) -> Plain | None:
        """Return the setting; None if the value gives none."""
        if self.values:
            return self.values.get(f"{value:g}" if isinstance(value, float) else str(value))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return floor(Fraction(value) * self.times) + self.plus if is_number else None


class StepRule(msgspec.Struct, frozen=True, kw_only=True):
    """One step, and its settings: constants, or what a request chooses."""

    name: str
    settings: Mapping[str, Plain | Chosen]

    def of(self, job: Job) -> RecipeStep:
        """Return the step for a job."""
        settings: dict[str, Plain] = {}
        for name, rule in self.settings.items():
            value = rule.of(submission_of(job).value(rule.place)) if isinstance(rule, Chosen) else rule
            if value is None and name == SEED:
                value = _seed(job.id)
            if value is not None:
                settings[name] = value
        return RecipeStep(name=self.name, settings=settings)


class ImageRecipes(msgspec.Struct, frozen=True, kw_only=True):
    """The steps by which images are made, by the operation that submits the job."""

    steps: Mapping[str, tuple[StepRule, ...]]

    @classmethod
    def of(cls, document: Mapping[str, JSON]) -> "ImageRecipes":
        """Read them from a document; raises ValueError or LookupError for what is not as described."""
        images = document.get(EXTENSION, {}).get("images", {})
        return cls(steps={name: tuple(map(_step, listed)) for name, listed in images.items()})

    def recipe(self, job: Job, _: Inspection) -> Recipe:
        """Return how the image of a job is made: resized if it has another size, and its steps."""
        rules = self.steps.get(job.operation)
        steps = (SHARPEN,) if rules is None else tuple(rule.of(job) for rule in rules)
        return Recipe(steps=(*_resized(job.source.picture, job.output), *steps), output=job.output)


def _step(node: JSON) -> StepRule:
    ((name, settings),) = node.items()
    return StepRule(name=name, settings={key: _setting(value) for key, value in settings.items()})


def _setting(node: JSON) -> Plain | Chosen:
    if not isinstance(node, Mapping):
        return node  # type: ignore[no-any-return] # a scalar
    return Chosen(
        place=parse_expression(node["from"]),
        values={str(key): value for key, value in node.get("values", {}).items()},
        times=Fraction(str(node.get("times", 1))),
        plus=int(node.get("plus", 0)),
    )


def _seed(job_id: str) -> int:
    """Return a seed that follows from the id of a job."""
    try:
        return UUID(job_id).int % SEEDS
    except ValueError:
        return int.from_bytes(blake2b(job_id.encode(), digest_size=4).digest()) % SEEDS


def _resized(source: Picture, output: Picture) -> tuple[RecipeStep, ...]:
    """Return the step that gives an image its size: without loss if the sides keep their ratio."""
    if (source.width, source.height) == (output.width, output.height):
        return ()
    keeps_ratio = source.width * output.height == source.height * output.width
    size = {"width": output.width, "height": output.height}
    return (RecipeStep(name="resize", settings={**size, "fit": "stretch" if keeps_ratio else "crop"}),)
