"""How large a result becomes follows from the request and the input's header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_mock.core import Format, Picture
from safelight_mock.vendors.claid.edits import KEPT, read
from safelight_mock.vendors.claid.sizes import Margins, error_of, inside, margins, output
from safelight_mock.vendors.claid.tasks import plan
from safelight_mock.wire import JSON

WIDE = Picture(format=Format.JPEG, width=600, height=400)
FITS = ("crop", "cover", "bounds", "canvas", "outpaint")


def size(resizing: dict[str, JSON], source: Picture = WIDE) -> tuple[int, int]:
    made = output(read({"operations": {"resizing": resizing}}), source)
    return made.width, made.height


@pytest.mark.fidelity("claid:resizing")
@pytest.mark.parametrize(
    ("resizing", "expected"),
    [
        ({}, (600, 400)),
        ({"width": None, "height": "auto"}, (600, 400)),
        ({"width": 300}, (300, 200)),
        ({"height": 100}, (150, 100)),
        ({"width": 300, "height": "auto"}, (300, 200)),
        ({"width": "auto", "height": "50%"}, (300, 200)),
        ({"width": "50%"}, (300, 200)),
        ({"width": "200%", "height": "200%"}, (1200, 800)),
        ({"width": 300, "fit": "bounds"}, (300, 200)),
        ({"height": 100, "fit": "canvas"}, (150, 100)),
        ({"width": 300, "height": 300, "fit": "crop"}, (300, 300)),
        ({"width": 300, "height": 300, "fit": "cover"}, (450, 300)),
        ({"width": 300, "height": 300, "fit": "bounds"}, (300, 200)),
        ({"width": 900, "height": 900, "fit": "bounds"}, (900, 600)),
        ({"width": 300, "height": 300, "fit": {"type": "canvas"}}, (300, 300)),
        ({"width": 300, "height": 300, "fit": {"type": "outpaint"}}, (300, 300)),
        ({"fit": {"type": "outpaint", "outpaint_by": "10%"}}, (660, 440)),
        ({"fit": {"type": "outpaint", "outpaint_by": "0% 50px"}}, (600, 450)),
        ({"width": 300, "fit": {"type": "outpaint", "outpaint_by": "100px 0px"}}, (400, 200)),
        ({"width": "1%", "height": "auto"}, (6, 4)),
        ({"width": 1, "height": "auto"}, (1, 1)),
    ],
)
def test_a_size_follows_from_the_request_and_the_header(
    resizing: dict[str, JSON], expected: tuple[int, int]
) -> None:
    assert size(resizing) == expected


def test_the_documents_own_example_makes_a_square_of_a_square() -> None:
    square = Picture(format=Format.JPEG, width=128, height=128)

    assert size({"width": 1000}, square) == (1000, 1000)


@pytest.mark.fidelity("claid.absent_side")
@pytest.mark.parametrize(
    ("resizing", "expected"),
    [
        ({"width": 300}, (300, 400)),
        ({"height": 100, "width": None}, (600, 100)),
        ({"width": "50%"}, (300, 400)),
        ({"width": 300, "height": "auto"}, (300, 200)),
        ({"width": 300, "fit": "bounds"}, (300, 200)),
        ({"width": 300, "fit": "cover"}, (300, 200)),
    ],
)
def test_a_crop_may_keep_the_missing_side(resizing: dict[str, JSON], expected: tuple[int, int]) -> None:
    made = output(read({"operations": {"resizing": resizing}}, KEPT), WIDE)

    assert (made.width, made.height) == expected


@given(
    fit=st.sampled_from(FITS),
    sides=st.tuples(*[st.none() | st.just("auto") | st.integers(1, 32_000)] * 2),
    own=st.tuples(*[st.integers(1, 70_000)] * 2),
)
def test_every_size_is_of_whole_pixels(fit: str, sides: tuple[JSON, JSON], own: tuple[int, int]) -> None:
    resizing = {"width": sides[0], "height": sides[1], "fit": fit}

    width, height = size(resizing, Picture(format=Format.PNG, width=own[0], height=own[1]))

    assert width >= 1 <= height


def test_an_outpainted_picture_lies_within_its_frame() -> None:
    edit = read({"operations": {"resizing": {"width": 300, "height": 300, "fit": "outpaint"}}})

    assert inside(edit, WIDE) == (300, 200)


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (None, Margins()),
        ("10%", Margins(top=40, right=60, bottom=40, left=60)),
        ("5% 25%", Margins(top=100, right=30, bottom=100, left=30)),
        ("50px", Margins(top=50, right=50, bottom=50, left=50)),
        ("5px 10px", Margins(top=10, right=5, bottom=10, left=5)),
        ("1px 2px 3px 4px", Margins(top=1, right=2, bottom=3, left=4)),
    ],
)
def test_padding_goes_around_the_picture(padding: str | None, expected: Margins) -> None:
    assert margins(read({"operations": {"padding": padding}}), (600, 400)) == expected


@given(st.integers(1, 1_000), st.integers(1, 1_000))
def test_half_of_any_picture_may_be_padding(width: int, height: int) -> None:
    edit = read({"operations": {"padding": "50%"}})

    assert error_of(edit, Picture(format=Format.JPEG, width=width, height=height)) == ""


@pytest.mark.parametrize(
    ("operations", "format_", "fits"),
    [
        ({"padding": "200px"}, "jpeg", True),
        ({"padding": "201px"}, "jpeg", False),
        ({"padding": "0px 301px 0px 0px"}, "jpeg", False),
        ({"resizing": {"width": 16_384, "height": 10}}, "webp", False),
        ({"resizing": {"width": 16_383, "height": 10}}, "webp", True),
        ({"resizing": {"width": 32_000, "height": 10}}, "jpeg", True),
        ({"resizing": {"width": 16_000, "height": 16_000}}, "jpeg", True),
        ({"resizing": {"width": 16_000, "height": 16_001}}, "jpeg", False),
    ],
)
def test_limits_reject_one_pixel_more(operations: JSON, format_: str, fits: bool) -> None:  # noqa: FBT001 a column of the table
    edit = read({"operations": operations, "output": {"format": format_}})

    assert (error_of(edit, output(edit, WIDE)) == "") is fits


@pytest.mark.fidelity("claid:durations")
def test_more_pixels_take_longer() -> None:
    large = Picture(format=Format.JPEG, width=6000, height=4000)

    assert plan(WIDE).running < plan(large).running < plan(large, large).running
