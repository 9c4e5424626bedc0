"""Sizes, durations and prices of Topaz's jobs."""

import pytest

from safelight_mock.core import Format, Picture
from safelight_mock.vendors.topaz.products import (
    DENOISE,
    ENHANCE,
    ENHANCE_GEN,
    SYNCS,
    Product,
    check_limits,
    output_size,
    quote,
)
from safelight_mock.wire import VendorError


def picture(width: int, height: int) -> Picture:
    return Picture(format=Format.JPEG, width=width, height=height)


@pytest.mark.fidelity("topaz:size", "topaz:size-automatic")
@pytest.mark.parametrize(
    ("requested", "size"),
    [
        ({}, (800, 600)),
        ({"output_width": 0, "output_height": 0}, (800, 600)),
        ({"output_width": 2000}, (2000, 1500)),
        ({"output_height": 30}, (40, 30)),
        ({"output_width": 2000, "output_height": 0}, (2000, 1500)),
        ({"output_width": 100, "output_height": 100}, (100, 100)),
        ({"output_width": 1}, (1, 1)),
    ],
)
def test_a_missing_side_follows_the_aspect_ratio(requested: dict[str, int], size: tuple[int, int]) -> None:
    assert output_size(picture(400, 300), requested, 2.0) == size


@pytest.mark.fidelity("topaz:size")
@pytest.mark.parametrize(
    ("sent", "source"),
    [("width", (1, 5000)), ("height", (5000, 1)), ("width", (1, 321)), ("height", (321, 1))],
)
def test_an_error_for_a_computed_side_names_the_field_that_was_sent(
    sent: str, source: tuple[int, int]
) -> None:
    with pytest.raises(VendorError, match=rf"^Invalid output {sent}\.$") as refused:
        output_size(picture(*source), {f"output_{sent}": 100}, 2.0)

    assert refused.value.status == 400
    assert (
        max(output_size(picture(*[min(side, 320) for side in source]), {f"output_{sent}": 100}, 2.0))
        == 32_000
    )


@pytest.mark.parametrize("source", [(16_001, 1), (1, 16_001)])
def test_an_automatic_size_beyond_the_maximum_names_no_field(source: tuple[int, int]) -> None:
    width, height = output_size(picture(*source), {"output_width": 0}, 2.0)

    with pytest.raises(VendorError) as refused:
        check_limits(ENHANCE, "CGI", picture(*source), picture(width, height))

    words = "Output image dimensions exceed maximum allowed of 32000 pixels a side."
    assert (refused.value.status, str(refused.value)) == (413, words)
    check_limits(ENHANCE, "CGI", picture(16_000, 1), picture(32_000, 2))
    check_limits(DENOISE, "Normal", picture(40_000, 1), picture(40_000, 1))


@pytest.mark.fidelity("topaz:credits")
@pytest.mark.parametrize(
    ("megapixels", "price"),
    [(1, 1), (4, 1), (8, 1), (16, 1), (24, 1), (32, 2), (40, 2), (50, 3), (64, 3), (100, 5)],
)
def test_prices_follow_the_vendors_table(megapixels: int, price: int) -> None:
    """The pairs are on the vendor's Denoise model page."""
    assert quote(picture(1000 * megapixels, 1000), "Normal").credits == price


@pytest.mark.fidelity("topaz:durations")
def test_a_default_job_takes_about_two_seconds_and_larger_ones_longer() -> None:
    usual, large = (quote(picture(*size), "Standard V2").plan for size in ((2000, 1500), (20_000, 10_000)))

    assert 1.5 < usual.queued + usual.running < 2.5
    assert large.running > usual.running


@pytest.mark.parametrize(("model", "price"), [("Wonder", 12), ("Super Focus V2", 3), ("Normal", 2)])
def test_some_models_cost_more(model: str, price: int) -> None:
    assert quote(picture(8000, 6000), model).credits == price
    assert quote(picture(8000, 6000), model).credits == price


@pytest.mark.fidelity("topaz/postEnhanceSync", "topaz/postEnhanceGenAsync")
@pytest.mark.parametrize(
    ("product", "model", "source", "output", "refusal"),
    [
        (ENHANCE, "CGI", (1, 1), (32_000, 16_000), None),
        (
            ENHANCE,
            "CGI",
            (1, 1),
            (32_000, 16_001),
            "Output image dimensions exceed maximum allowed of 512 MP.",
        ),
        (ENHANCE_GEN, "Redefine", (1, 1), (16_000, 16_000), None),
        (
            ENHANCE_GEN,
            "Redefine",
            (1, 1),
            (16_000, 16_001),
            "Output image dimensions exceed maximum allowed of 256 MP.",
        ),
        (SYNCS["postEnhanceSync"], "CGI", (1, 1), (12_000, 8_000), None),
        (
            SYNCS["postEnhanceSync"],
            "CGI",
            (1, 1),
            (12_000, 8_001),
            "Output image dimensions exceed maximum allowed of 96 MP.",
        ),
        (ENHANCE_GEN, "Recovery", (4_000, 4_000), (1, 1), None),
        (
            ENHANCE_GEN,
            "Recovery",
            (4_000, 4_001),
            (1, 1),
            "Input image dimensions exceed maximum allowed of 16 MP.",
        ),
    ],
)
def test_limits_reject_one_pixel_more(
    product: Product, model: str, source: tuple[int, int], output: tuple[int, int], refusal: str | None
) -> None:
    def check() -> None:
        check_limits(product, model, picture(*source), picture(*output))

    if refusal is None:
        check()
        return
    with pytest.raises(VendorError) as refused:
        check()
    assert (refused.value.status, str(refused.value)) == (413, refusal)
