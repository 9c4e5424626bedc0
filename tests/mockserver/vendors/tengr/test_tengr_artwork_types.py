"""Sizes, formats, limits and recipes of Tengr's artworks."""

from typing import Any
from uuid import UUID

import pytest

from safelight_mock.core import Format, Inspection, Job, Picture, Source
from safelight_mock.vendors.tengr.artwork_types import ARTWORK_TYPES, TIMING, error_of, output_of
from safelight_mock.vendors.tengr.recipes import recipe
from safelight_specs import read_spec


def picture(width: int, height: int, format_: Format = Format.JPEG) -> Picture:
    return Picture(format=format_, width=width, height=height)


@pytest.mark.parametrize("factor", [1, 2, 4, 8])
def test_a_result_is_scaled_by_the_factor(factor: int) -> None:
    made = output_of(picture(30, 20), factor, "auto")

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
    assert output_of(picture(width, 1), 1, requested).format is format_


@pytest.mark.fidelity("tengr:input-limits")
@pytest.mark.parametrize("format_", [Format.JPEG, Format.PNG, Format.WEBP])
def test_an_image_of_exactly_the_limit_is_accepted(format_: Format) -> None:
    source = picture(1216, 1216, format_)

    assert error_of(source, output_of(source, 8, "auto")) == ""


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
    assert error_of(source, output_of(source, factor, requested)) == error


@pytest.mark.fidelity("tengr:durations")
def test_more_pixels_take_longer() -> None:
    assert TIMING.plan(0.01).running < TIMING.plan(16).running


def job(**details: int) -> Job:
    source = picture(30, 20)
    requested: dict[str, Any] = {"imageUrl": "https://example.com/a.jpg", "scaleFactor": 2, **details}
    return Job(
        id=str(UUID(int=2**33 + 5, version=4)),
        operation="createDetailerUpscalerArtwork",
        plan=TIMING.plan(source.megapixels),
        source=Source(id="", digest="d", filename="a.jpg", picture=source),
        output=output_of(source, requested["scaleFactor"], "auto"),
        details=requested,
    )


def steps(made: Job) -> list[tuple[str, dict[str, object]]]:
    return [(step.name, dict(step.settings)) for step in recipe(made, Inspection(is_whole=True)).steps]


@pytest.mark.fidelity("tengr:seed")
def test_a_seed_is_returned_like_by_the_service() -> None:
    invented = dict(steps(job(details=2, modification=2, seed=7)))["invent"]

    assert invented["seed"] == 25


@pytest.mark.fidelity("tengr:seed")
def test_without_a_seed_the_details_follow_from_the_id() -> None:
    invented = dict(steps(job(details=2, modification=2)))["invent"]

    assert invented["seed"] == UUID(job().id).int % 2**31


@pytest.mark.fidelity("tengr:pixels")
def test_an_upscaling_adds_no_detail() -> None:
    assert [name for name, _ in steps(job())] == ["resize", "sharpen"]


def test_a_factor_of_one_leaves_the_size_alone() -> None:
    assert [name for name, _ in steps(job(scaleFactor=1, details=1, modification=1))] == ["invent", "sharpen"]


@pytest.mark.fidelity("tengr:echo")
@pytest.mark.parametrize("operation", ARTWORK_TYPES)
def test_an_artwork_repeats_every_field_of_its_request(operation: str) -> None:
    spec = read_spec("tengr")
    schema = operation[0].upper() + operation[1:].replace("Artwork", "ArtworkRequest")

    assert set(ARTWORK_TYPES[operation].parameters) == set(
        spec["components"]["schemas"][schema]["properties"]
    )
