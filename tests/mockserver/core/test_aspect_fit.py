"""Sizes of pictures in frames: proportions are kept to the pixel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.core.aspect_fit import Size, around, part, within


@pytest.mark.parametrize(
    ("size", "frame", "inside", "covering"),
    [
        ((600, 400), (300, 300), (300, 200), (450, 300)),
        ((400, 600), (300, 300), (200, 300), (300, 450)),
        ((600, 400), (600, 400), (600, 400), (600, 400)),
        ((600, 400), (1200, 1200), (1200, 800), (1800, 1200)),
        ((5000, 1), (10, 10), (10, 1), (50_000, 10)),
    ],
)
def test_a_picture_lies_within_a_frame_or_covers_it(
    size: Size, frame: Size, inside: Size, covering: Size
) -> None:
    assert within(size, frame) == inside
    assert around(size, frame) == covering


@pytest.mark.parametrize(
    ("size", "frame", "shown"),
    [
        ((600, 400), (300, 300), (400, 400)),
        ((400, 600), (100, 50), (400, 200)),
        ((3, 2), (9, 6), (3, 2)),
        ((10, 1), (1, 10), (1, 1)),
    ],
)
def test_a_frame_that_is_filled_shows_a_part(size: Size, frame: Size, shown: Size) -> None:
    assert part(size, frame) == shown


_SIZES = st.tuples(st.integers(1, 30_000), st.integers(1, 30_000))


@given(_SIZES, _SIZES)
def test_one_side_is_the_frame_s_and_the_other_fits(size: Size, frame: Size) -> None:
    inside, covering, shown = within(size, frame), around(size, frame), part(size, frame)

    assert any(side == most for side, most in zip(inside, frame, strict=True))
    assert any(side == least for side, least in zip(covering, frame, strict=True))
    assert all(1 <= side <= most for side, most in zip(inside, frame, strict=True))
    assert all(side >= least for side, least in zip(covering, frame, strict=True))
    assert all(1 <= side <= most for side, most in zip(shown, size, strict=True))
