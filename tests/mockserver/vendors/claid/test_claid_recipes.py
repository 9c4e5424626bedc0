"""A request becomes steps and a way to write the file."""

from typing import Any

import msgspec
import pytest

from safelight_mock.core import WHOLE, Box, Encoding, Format, Inspection, Job, Picture, Plan, Recipe, Source
from safelight_mock.vendors.claid.edits import REQUEST, read
from safelight_mock.vendors.claid.recipes import encoding, recipe
from safelight_mock.vendors.claid.sizes import output

SOURCE = Picture(format=Format.JPEG, width=600, height=400)
Operations = dict[str, Any]


def made(operations: Operations, inspection: Inspection = WHOLE) -> Recipe:
    request = {"input": "http://a.example/b.jpg", "operations": operations}
    job = Job(
        id="1",
        operation="editImage",
        plan=Plan(queued=0, running=0),
        source=Source(id="", digest="d", filename="b.jpg", picture=SOURCE),
        output=output(read(request), SOURCE),
        details={REQUEST: msgspec.json.encode(request).decode()},
        others=("s",),
    )
    return recipe(job, inspection)


def names(operations: Operations, inspection: Inspection = WHOLE) -> list[str]:
    return [step.name for step in made(operations, inspection).steps]


@pytest.mark.fidelity("claid:order")
def test_steps_have_the_order_of_the_document() -> None:
    result = names(
        {
            "generative": {"style_transfer": {"style_reference_image": "http://a.example/c.jpg"}},
            "privacy": {"identity_crop": True, "blur_car_plate": True},
            "padding": "5%",
            "resizing": {"width": 300, "height": 300},
            "background": {"remove": True},
            "adjustments": {"sharpness": 1, "contrast": 1, "exposure": 1, "hdr": 1},
            "restorations": {"polish": True, "decompress": "strong"},
        }
    )

    assert result == [
        *("deblock", "denoise", "levels", "sharpen"),
        *("hdr", "light", "adjust", "sharpen"),
        "backdrop",
        *("resize", "canvas"),
        *("hide_plates", "hide_faces"),
        "restyle",
    ]


def test_an_edit_that_clips_begins_with_the_cut() -> None:
    inspection = Inspection(is_whole=True, measures={"alpha": 0.0}, subject=Box(30, 20, 200, 100))
    requested = {
        "restorations": {"decompress": "strong"},
        "background": {"remove": {"clipping": True}},
        "resizing": {"width": 100, "height": 100, "fit": "bounds"},
    }

    recipe = made(requested, inspection)

    assert [(step.name, dict(step.settings)) for step in recipe.steps] == [
        ("backdrop", {"remove": True, "colour": "transparent"}),
        ("crop", {"left": 30, "top": 20, "width": 200, "height": 100}),
        ("deblock", {"strength": 1.0}),
        ("backdrop", {"remove": False, "colour": "#ffffff"}),
        ("resize", {"width": 100, "height": 50, "fit": "stretch"}),
    ]
    assert (recipe.output.width, recipe.output.height) == (100, 50)


@pytest.mark.parametrize(
    "operations",
    [
        {},
        {"restorations": {"polish": False, "decompress": None, "upscale": None}},
        {"adjustments": {"hdr": 0, "exposure": 0, "saturation": 0, "contrast": 0, "sharpness": 0}},
        {"adjustments": {"hdr": {"intensity": 0}}},
        {"background": {"remove": False, "blur": False}},
        {"resizing": {"width": "auto", "height": "auto", "fit": "crop"}},
        {"resizing": {"width": 600, "height": 400, "fit": "canvas"}},
        {"padding": "0px"},
        {"privacy": {"blur_car_plate": False, "identity_crop": False}},
    ],
)
def test_operations_without_effect_add_no_step(operations: Operations) -> None:
    assert names(operations) == []


def test_hdr_is_full_where_only_its_options_are_given() -> None:
    (step,) = made({"adjustments": {"hdr": {"stitching": True}}}).steps

    assert step.settings == {"amount": 1.0, "seamless": True}


def test_face_steps_are_added_where_faces_are_possible() -> None:
    requested = {"restorations": {"upscale": "faces"}}

    assert "faces" in names(requested, Inspection(is_whole=True, measures={"skin": 0.2}))
    assert "faces" not in names(requested, Inspection(is_whole=True, measures={"skin": 0.0}))


@pytest.mark.parametrize(("shown", "strengths"), [(0.0, []), (0.09, []), (0.3, [0.6]), (0.9, [1.0])])
def test_automatic_decompression_is_as_strong_as_blocks_show(shown: float, strengths: list[float]) -> None:
    inspection = Inspection(is_whole=True, measures={"blockiness": shown})

    steps = made({"restorations": {"decompress": "auto"}}, inspection).steps

    assert [step.settings["strength"] for step in steps] == strengths


@pytest.mark.parametrize(
    ("blur", "expected"),
    [
        (True, {"strength": 0.6, "kind": "regular"}),
        ({"type": "lens", "level": "high"}, {"strength": 1.0, "kind": "lens"}),
        ({"category": "cars", "level": "low"}, {"strength": 0.3, "kind": "regular"}),
    ],
)
def test_background_blur_has_the_requested_strength(blur: object, expected: dict[str, object]) -> None:
    (step,) = made({"background": {"blur": blur}}).steps

    assert (step.name, step.settings) == ("defocus", expected)


@pytest.mark.parametrize("colour", ["#fA0", "fA0", "#ffaa00", "FFAA00"])
def test_a_colour_is_written_in_several_ways(colour: str) -> None:
    (step,) = made({"background": {"color": colour}}).steps

    assert step.settings["colour"] == "#ffaa00"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({}, Encoding(quality=85, lossless=False, progressive=True)),
        ({"format": "jpeg"}, Encoding(quality=85, lossless=False, progressive=True)),
        (
            {"format": {"type": "jpeg", "quality": 7, "progressive": False}},
            Encoding(quality=7, lossless=False, progressive=False),
        ),
        (
            {"format": {"type": "png", "compression": "fast"}},
            Encoding(lossless=True, progressive=True, deflate=1),
        ),
        ({"format": "webp"}, Encoding(lossless=False, progressive=True)),
        (
            {"format": {"type": "avif", "compression": {"type": "lossy", "quality": 9}}},
            Encoding(quality=9, lossless=False, progressive=True),
        ),
        ({"format": {"type": "webp", "compression": "lossless"}}, Encoding(lossless=True, progressive=True)),
        ({"format": "tiff"}, Encoding(lossless=True, progressive=True)),
        ({"format": {"type": "tiff", "compression": "lossy"}}, Encoding(lossless=False, progressive=True)),
        (
            {"format": "tiff", "metadata": {"dpi": 300, "color_space": "CMYK"}},
            Encoding(lossless=True, progressive=True, dpi=300, cmyk=True),
        ),
        (
            {"format": "tiff", "metadata": {"color_space": {"type": "RGB"}}},
            Encoding(lossless=True, progressive=True),
        ),
        ("storage://shop/a.tif", Encoding(lossless=True, progressive=True)),
        (None, Encoding(quality=85, lossless=False, progressive=True)),
    ],
)
def test_a_result_has_the_requested_format_and_quality(result: object, expected: Encoding) -> None:
    assert encoding(read({"operations": {}, "output": result}), WHOLE) == expected
