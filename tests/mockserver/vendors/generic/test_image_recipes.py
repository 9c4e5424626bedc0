"""How images are made of their input, as `x-safelight-mock` of a document says."""

from typing import Any

import msgspec

from safelight_mock.core import WHOLE, Format, Job, Picture, Plan, Source
from safelight_mock.core.picture import RecipeStep
from safelight_mock.vendors.generic.bodies.images import ImageRecipes

SMALL, LARGE, SQUARE = ((30, 20), (60, 40), (40, 40))


def job(size: tuple[int, int] = SMALL, **sent: Any) -> Job:  # noqa: ANN401 - any JSON
    source = Picture(format=Format.JPEG, width=30, height=20)
    return Job(
        id="job_7",
        operation="draw",
        plan=Plan(queued=0, running=1),
        source=Source(id="", digest="d", filename="a.jpg", picture=source),
        output=Picture(format=Format.PNG, width=size[0], height=size[1]),
        details={"request": msgspec.json.encode({"body": sent}).decode()},
    )


def steps(made: Job, *rules: Any) -> list[RecipeStep]:  # noqa: ANN401 - as documents are read
    images = {"images": {"draw": [*rules]}} if rules else {}
    return [*ImageRecipes.of({"x-safelight-mock": images}).recipe(made, WHOLE).steps]


def test_without_steps_an_image_is_resized_and_sharpened() -> None:
    assert [step.name for step in steps(job(LARGE))] == ["resize", "sharpen"]
    assert [step.name for step in steps(job())] == ["sharpen"]


def test_an_image_that_keeps_its_ratio_is_stretched_and_another_one_is_cropped() -> None:
    assert [steps(job(size))[0].settings["fit"] for size in (LARGE, SQUARE)] == ["stretch", "crop"]


def test_a_setting_is_a_constant_or_chosen_by_a_value_of_the_request() -> None:
    strength = {"from": "$request.body#/strength", "values": {"low": 0.2, "2": 0.8}}
    rule = {"denoise": {"strength": strength, "original_detail": 0.5}}

    assert steps(job(strength="low"), rule)[0].settings == {"strength": 0.2, "original_detail": 0.5}
    assert steps(job(strength=2.0), rule)[0].settings == {"strength": 0.8, "original_detail": 0.5}
    assert steps(job(strength="high"), rule)[0].settings == {"original_detail": 0.5}


def test_a_number_is_multiplied_exactly_and_rounded_down() -> None:
    rule = {"invent": {"seed": {"from": "$request.body#/seed", "times": 1.2, "plus": 17}}}

    assert [steps(job(seed=seed), rule)[0].settings["seed"] for seed in (4, 5, 2_147_483_645)] == [
        21,
        23,
        2_576_980_391,
    ]


def test_without_a_seed_in_the_request_it_follows_from_the_id_of_the_job() -> None:
    rule = {"invent": {"seed": {"from": "$request.body#/seed"}}}

    (first,), (second,) = steps(job(), rule), steps(job(seed="none"), rule)

    assert first == second
    assert isinstance(first.settings["seed"], int)
