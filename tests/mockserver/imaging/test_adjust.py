"""Contrast, saturation and high dynamic range do what their names say, and no more than asked."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

Pixels = npt.NDArray[np.uint8]
Open = Callable[[Path], Pixels]
Apply = Callable[..., Pixels]

AMOUNTS = (-1.0, -0.5, -0.1, 0.0, 0.1, 0.5, 1.0)


def _grey(picture: Pixels) -> npt.NDArray[np.float64]:
    return np.asarray(picture @ np.array([0.299, 0.587, 0.114]))


def _local_contrast(picture: Pixels) -> float:
    """Mean standard deviation in squares of 20 pixels."""
    grey = _grey(picture)
    rows, columns = grey.shape[0] // 20, grey.shape[1] // 20
    squares = grey[: rows * 20, : columns * 20].reshape(rows, 20, columns, 20)
    return float(squares.std((1, 3)).mean())


def test_contrast_spreads_tones_or_draws_them_together(astronaut: Path, opened: Open, apply: Apply) -> None:
    picture = opened(astronaut)[:250, :250]

    spreads = [float(_grey(apply("adjust", picture, contrast=amount)).std()) for amount in AMOUNTS]

    assert spreads == sorted(set(spreads))
    assert spreads[0] < 0.5 * spreads[3]
    assert spreads[6] > 1.15 * spreads[3]


def test_contrast_keeps_the_order_of_tones(apply: Apply) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8)[None, :, None], (4, 1, 3))

    curves = [apply("adjust", ramp, contrast=amount)[0, :, 0].astype(int) for amount in AMOUNTS]

    assert all((np.diff(curve) >= 0).all() for curve in curves)
    assert all(abs(curve[127] - 127) <= 2 for curve in curves)
    assert (curves[6][0], curves[6][255]) == (0, 255)


def test_saturation_goes_from_grey_to_vivid_and_leaves_lightness(
    coffee: Path, opened: Open, apply: Apply
) -> None:
    picture = opened(coffee)

    results = [apply("adjust", picture, saturation=amount) for amount in AMOUNTS]

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


def test_the_edges_of_a_panorama_meet_if_that_is_asked_for(apply: Apply) -> None:
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
