"""Each step on tones and colours does what it is named after, and the more, the more is requested."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

Pixels = npt.NDArray[np.uint8]


Open = Callable[[Path], Pixels]


Apply = Callable[..., Pixels]


AMOUNTS = (0.0, 0.25, 0.5, 0.75, 1.0)


def _grey(picture: Pixels) -> npt.NDArray[np.float64]:
    return np.asarray(picture @ np.array([0.299, 0.587, 0.114]))


def _mean(picture: Pixels) -> float:
    return float(_grey(picture).mean())


def _cast(picture: Pixels) -> float:
    """How far the mean colour is from grey."""
    return float(np.ptp(picture.reshape(-1, 3).astype(float).mean(0)))


@pytest.mark.parametrize("setting", ["exposure", "highlight", "shadow"])
def test_brightness_can_be_raised_and_lowered(
    setting: str, chelsea: Path, opened: Open, apply: Apply
) -> None:
    picture = opened(chelsea)

    means = [_mean(apply("light", picture, **{setting: amount})) for amount in (-1.0, -0.5, 0.0, 0.5, 1.0)]

    assert means == sorted(means)
    assert means[2] == _mean(picture)
    assert means[0] + 3 < means[1] + 1.5 < means[2]
    assert means[2] + 3 < means[3] + 1.5 < means[4]


def test_highlights_and_shadows_do_not_touch_one_another(apply: Apply) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (4, 1, 3))

    highlights = apply("light", ramp, highlight=-1.0)[0, :, 0].astype(int)
    shadows = apply("light", ramp, shadow=1.0)[0, :, 0].astype(int)

    assert np.array_equal(highlights[:128], np.arange(128))
    assert np.array_equal(shadows[128:], np.arange(128, 256))
    assert 240 - highlights[192] > 60
    assert shadows[64] - 64 > 15
    assert (np.diff(highlights) >= 0).all()
    assert (np.diff(shadows) >= 0).all()


def test_levels_lighten_a_dark_flat_photograph_the_more_they_are_asked_to(
    coffee: Path, opened: Open, apply: Apply
) -> None:
    flat = (opened(coffee) * 0.35 + 15).astype(np.uint8)

    results = [apply("levels", flat, amount=amount) for amount in AMOUNTS]

    means, spreads = [_mean(result) for result in results], [float(_grey(result).std()) for result in results]
    assert np.array_equal(results[0], flat)
    assert means == sorted(means)
    assert spreads == sorted(spreads)
    assert spreads[4] > 2 * spreads[0]
    assert means[4] > 1.5 * means[0]


def test_levels_lighten_the_middle_of_a_photograph_that_has_all_tones_but_few_light_ones(
    dahlia: Path, opened: Open, apply: Apply
) -> None:
    picture = opened(dahlia)

    lightened = apply("levels", picture, amount=1.0)

    assert np.median(_grey(lightened)) > 1.4 * np.median(_grey(picture))


def test_levels_darken_a_washed_out_photograph(coffee: Path, opened: Open, apply: Apply) -> None:
    pale = (opened(coffee) * 0.4 + 150).astype(np.uint8)

    assert _mean(apply("levels", pale, amount=1.0)) < _mean(pale) - 40


def test_levels_take_half_of_a_cast_out_where_that_is_wanted(
    astronaut: Path, opened: Open, apply: Apply
) -> None:
    blue = (opened(astronaut) * [0.7, 0.85, 1.0]).astype(np.uint8)

    without, balanced = apply("levels", blue, amount=1.0), apply("levels", blue, amount=1.0, balance=True)

    wall = np.s_[20:120, 290:320]
    assert _cast(balanced[wall]) < 0.75 * _cast(without[wall])


@pytest.mark.parametrize("tint", [[1.0, 0.85, 0.7], [0.7, 0.85, 1.0], [0.6, 1.0, 0.6]])
def test_white_balance_takes_a_cast_out_and_keeps_lightness(
    tint: list[float], astronaut: Path, opened: Open, apply: Apply
) -> None:
    """The astronaut before her grey wall, under a lamp of another colour."""
    tinted = (opened(astronaut) * tint).astype(np.uint8)

    results = [apply("white_balance", tinted, amount=amount) for amount in AMOUNTS]

    wall = np.s_[20:120, 290:320]
    casts = [_cast(result[wall]) for result in results]
    assert np.array_equal(results[0], tinted)
    assert casts == sorted(casts, reverse=True)
    assert casts[4] < 0.5 * casts[0]
    assert _mean(results[4]) == pytest.approx(_mean(tinted), rel=0.1)


def test_white_balance_leaves_grey_grey(apply: Apply) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (256, 1, 3))

    assert np.abs(apply("white_balance", ramp, amount=1.0).astype(int) - ramp).max() <= 1


def test_a_black_and_white_photograph_gets_colours_and_keeps_its_tones(
    photograph: Path, opened: Open, apply: Apply
) -> None:
    grey = np.repeat(_grey(opened(photograph)).astype(np.uint8)[..., None], 3, axis=2)

    coloured = apply("colorize", grey)

    assert np.ptp(coloured, axis=2).mean() > 15
    assert np.abs(_grey(coloured) - _grey(grey)).mean() < 6


def test_a_photograph_s_own_colours_do_not_count_when_it_is_coloured(
    coffee: Path, opened: Open, apply: Apply
) -> None:
    picture = opened(coffee)

    coloured = apply("colorize", picture)

    grey = np.repeat(_grey(picture).astype(np.uint8)[..., None], 3, axis=2)
    assert np.abs(coloured.astype(int) - apply("colorize", grey)).mean() < 12


def test_sky_is_blue_above_and_not_below(apply: Apply) -> None:
    plain = np.full((200, 200, 3), 190, np.uint8)

    coloured = apply("colorize", plain).astype(int)

    assert coloured[5, 100, 2] > coloured[5, 100, 0] + 15
    assert coloured[195, 100, 2] < coloured[195, 100, 0] - 15


BOTH_WAYS = (-1.0, -0.5, -0.1, 0.0, 0.1, 0.5, 1.0)


def _local_contrast(picture: Pixels) -> float:
    """Mean standard deviation in squares of 20 pixels."""
    grey = _grey(picture)
    rows, columns = grey.shape[0] // 20, grey.shape[1] // 20
    squares = grey[: rows * 20, : columns * 20].reshape(rows, 20, columns, 20)
    return float(squares.std((1, 3)).mean())


def test_contrast_spreads_tones_or_draws_them_together(astronaut: Path, opened: Open, apply: Apply) -> None:
    picture = opened(astronaut)[:250, :250]

    spreads = [float(_grey(apply("adjust", picture, contrast=amount)).std()) for amount in BOTH_WAYS]

    assert spreads == sorted(set(spreads))
    assert spreads[0] < 0.5 * spreads[3]
    assert spreads[6] > 1.15 * spreads[3]


def test_contrast_keeps_the_order_of_tones(apply: Apply) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (4, 1, 3))

    curves = [apply("adjust", ramp, contrast=amount)[0, :, 0].astype(int) for amount in BOTH_WAYS]

    assert all((np.diff(curve) >= 0).all() for curve in curves)
    assert all(abs(curve[127] - 127) <= 2 for curve in curves)
    assert (curves[6][0], curves[6][255]) == (0, 255)


def test_saturation_goes_from_grey_to_vivid_and_leaves_lightness(
    coffee: Path, opened: Open, apply: Apply
) -> None:
    picture = opened(coffee)

    results = [apply("adjust", picture, saturation=amount) for amount in BOTH_WAYS]

    chromas = [float(np.ptp(result.astype(int), axis=2).mean()) for result in results]
    assert chromas == sorted(set(chromas))
    assert chromas[0] < 1
    assert np.abs(_grey(results[0]) - _grey(picture)).mean() < 1
    assert chromas[6] > 1.3 * chromas[3]


def test_hdr_lifts_shadows_lowers_lights_and_brings_detail_out(
    astronaut: Path, opened: Open, apply: Apply
) -> None:
    picture = opened(astronaut)

    results = [apply("hdr", picture, amount=amount) for amount in (0.0, 0.3, 1.0)]

    dark, light = np.s_[440:500, 330:360], np.s_[20:120, 290:320]
    assert [_grey(result[dark]).mean() for result in results] == sorted(
        {_grey(result[dark]).mean() for result in results}
    )
    assert [_grey(result[light]).mean() for result in results] == sorted(
        {_grey(result[light]).mean() for result in results}, reverse=True
    )
    contrasts = [_local_contrast(result) for result in results]
    assert contrasts == sorted(set(contrasts))
    assert contrasts[2] > 1.1 * contrasts[0]


def test_stitching_makes_the_edges_of_a_panorama_meet(apply: Apply) -> None:
    """Dark to the left, light to the right; beyond an edge the other side follows."""
    across = np.linspace(20, 220, 512).astype(np.uint8)
    picture = np.repeat(np.tile(across[None, :, None], (256, 1, 1)), 3, axis=2)

    torn, seamless = (
        apply("hdr", picture, amount=1.0, seamless=is_seamless).astype(int) for is_seamless in (False, True)
    )

    middle = np.s_[:, 200:300]
    assert np.abs(torn[middle] - seamless[middle]).max() <= 1
    assert seamless[:, 0].mean() < torn[:, 0].mean() - 5
    assert seamless[:, -1].mean() > torn[:, -1].mean() + 5


@pytest.mark.parametrize("step", ["adjust", "hdr"])
def test_grey_stays_grey(step: str, apply: Apply) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (64, 1, 3))
    settings = {"contrast": 1.0, "saturation": 1.0} if step == "adjust" else {"amount": 1.0}

    assert np.ptp(apply(step, ramp, **settings).astype(int), axis=2).max() <= 1
