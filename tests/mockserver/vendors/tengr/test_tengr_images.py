"""Sizes, formats, limits and recipes of Tengr's images, as its document says."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from safelight_lifecycle import AcceptedInput, read_async_jobs
from safelight_mock.core import Format, Inspection, Job, Picture, Plan, Source
from safelight_mock.core.job import Durations
from safelight_mock.vendors.generic.bodies.images import ImageRecipes
from safelight_mock.vendors.generic.submission.input_limits import error_of
from safelight_mock.vendors.generic.submission.sizes import scaled_picture
from safelight_specs import read_spec

DOCUMENT = read_spec("tengr")
RECIPES = ImageRecipes.of(DOCUMENT)


def picture(width: int, height: int, format_: Format = Format.JPEG) -> Picture:
    return Picture(format=format_, width=width, height=height)


def output(source: Picture, factor: int, requested: str = "auto") -> Picture:
    chosen = {"png": Format.PNG, "webp": Format.WEBP}.get(requested)
    return scaled_picture(source, factor, chosen or Format.WEBP, is_chosen=chosen is not None)


def limits() -> AcceptedInput:
    accepted = read_async_jobs(DOCUMENT).lifecycles["artwork"].accepts
    assert accepted is not None
    return accepted


@pytest.mark.parametrize("factor", [1, 2, 4, 8])
def test_a_result_is_scaled_by_the_factor(factor: int) -> None:
    made = output(picture(30, 20), factor)

    assert (made.width, made.height) == (30 * factor, 20 * factor)


@pytest.mark.fidelity("tengr:output-format")
@pytest.mark.parametrize(
    ("requested", "width", "format_"),
    [
        ("auto", 100, Format.WEBP),
        ("auto", 16_383, Format.WEBP),
        ("auto", 16_384, Format.PNG),
        ("webp", 100, Format.WEBP),
        ("webp", 16_384, Format.WEBP),
        ("png", 100, Format.PNG),
    ],
)
def test_a_result_is_webp_unless_too_large_or_another_format_is_requested(
    requested: str, width: int, format_: Format
) -> None:
    assert output(picture(width, 1), 1, requested).format is format_


@pytest.mark.fidelity("tengr:input-limits")
@pytest.mark.parametrize("format_", [Format.JPEG, Format.PNG, Format.WEBP])
def test_an_image_of_exactly_the_limit_is_accepted(format_: Format) -> None:
    source = picture(1216, 1216, format_)

    assert error_of(limits(), source, output(source, 8)) == ""


@pytest.mark.fidelity("tengr:input-limits", "tengr:output-format")
@pytest.mark.parametrize(
    ("source", "factor", "requested", "error"),
    [
        (picture(1217, 1216), 1, "auto", "1217 x 1216 pixels are more than 1478656"),
        (picture(9, 9, Format.TIFF), 1, "auto", "an image is JPEG, PNG or WebP, not TIFF"),
        (picture(9, 9, Format.GIF), 1, "auto", "an image is JPEG, PNG or WebP, not GIF"),
        (picture(9000, 9), 2, "webp", "a result of 18000 x 18 pixels has a side longer than 16383"),
        (picture(9, 9000), 8, "auto", "a result of 72 x 72000 pixels has a side longer than 65535"),
    ],
)
def test_an_unusable_image_is_rejected_with_the_reason(
    source: Picture, factor: int, requested: str, error: str
) -> None:
    assert error_of(limits(), source, output(source, factor, requested)) == error


@pytest.mark.fidelity("tengr:durations")
def test_more_pixels_take_longer() -> None:
    assert Durations().plan(0.01).running < Durations().plan(16).running


def job(operation: str = "createDetailerUpscalerArtwork", **sent: int) -> Job:
    source, body = picture(30, 20), {"imageUrl": "https://example.com/a.jpg", "scaleFactor": 2, **sent}
    return Job(
        id=str(UUID(int=2**33 + 5, version=4)),
        operation=operation,
        plan=Plan(queued=0, running=1),
        source=Source(id="", digest="d", filename="a.jpg", picture=source),
        output=output(source, body["scaleFactor"]),  # type: ignore[arg-type] # a number
        details={"request": msgspec.json.encode({"body": body}).decode()},
    )


def steps(made: Job) -> dict[str, dict[str, Any]]:
    return {step.name: dict(step.settings) for step in RECIPES.recipe(made, Inspection(is_whole=True)).steps}


@pytest.mark.fidelity("tengr:seed")
@pytest.mark.parametrize(("seed", "used"), [(1, 18), (5, 23), (7, 25), (2_147_483_647, 2_576_980_393)])
def test_a_seed_is_changed_like_by_the_service(seed: int, used: int) -> None:
    assert steps(job(details=2, modification=2, seed=seed))["invent"]["seed"] == used


@pytest.mark.fidelity("tengr:seed")
def test_without_a_seed_the_details_follow_from_the_id() -> None:
    invented = steps(job(details=2, modification=2))["invent"]

    assert invented["seed"] == UUID(job().id).int % 2**31


@pytest.mark.fidelity("tengr:pixels")
def test_levels_choose_the_strength_of_the_steps() -> None:
    made = steps(job(details=3, modification=1, seed=7))

    assert made["invent"] == {"creativity": 0.15, "texture": 0.9, "seed": 25}
    assert made["sharpen"] == {"amount": 0.6}


@pytest.mark.fidelity("tengr:pixels")
def test_an_upscaling_adds_no_detail() -> None:
    assert [*steps(job("createUpscalingArtwork"))] == ["resize", "sharpen"]


def test_a_factor_of_one_leaves_the_size_alone() -> None:
    assert [*steps(job(scaleFactor=1, details=1, modification=1))] == ["invent", "sharpen"]


@pytest.mark.fidelity("tengr:echo")
@pytest.mark.parametrize("name", ["DetailerUpscaler", "Upscaling"])
def test_an_artwork_repeats_every_field_of_its_request(name: str) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    sent = schemas[f"Create{name}ArtworkRequest"]["properties"]

    assert schemas[f"{name}ArtworkResponse"]["properties"]["parameters"]["properties"].keys() == sent.keys()
