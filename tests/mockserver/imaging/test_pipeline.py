"""A result has exactly the format and size of its recipe, whatever the input is."""

from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image, ImageOps
from tests.mockserver.imaging.conftest import Develop
from tests.mockserver.imaging.recipes import BLACK, RED, recipe_for, resizing, saved

from safelight_mock.core import WRITABLE, Encoding, Format, RecipeStep
from safelight_mock.imaging import ImageError, probe, render

pytestmark = pytest.mark.slow

RESULTS = sorted(WRITABLE)
INPUTS = [(1, 1), (1, 500), (500, 1), (97, 89), (64, 48), (331, 7)]
OUTPUTS = [(1, 1), (3, 200), (127, 61), (640, 480)]


@pytest.mark.fidelity("topaz:output-format")
@pytest.mark.parametrize("size", INPUTS, ids=str)
@pytest.mark.parametrize("fit", ["stretch", "letterbox", "crop"])
def test_the_file_has_the_promised_size_and_format(size: tuple[int, int], fit: str, tmp_path: Path) -> None:
    source = saved(Image.new("RGB", size, "orange"), tmp_path / "in")

    for (width, height), format_ in zip(OUTPUTS, cycle(RESULTS), strict=False):
        recipe = recipe_for(format_, width, height, resizing(width, height, fit))
        render(source, recipe, tmp_path / "out")

        assert probe(tmp_path / "out") == recipe.output


@pytest.mark.fidelity("topaz:orientation")
@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_result_is_upright(format_: Format, orientation: int, tmp_path: Path, chelsea: Path) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    with Image.open(chelsea) as photograph:
        small, named = photograph.resize((90, 60)), "HEIF" if format_ is Format.HEIC else format_.value
        source = saved(small, tmp_path / "in", named, exif=exif.tobytes())
    picture = probe(source)
    assert picture is not None

    render(source, recipe_for(Format.PNG, picture.width, picture.height), tmp_path / "out")

    with Image.open(tmp_path / "out") as result, Image.open(source) as original:
        upright = np.asarray(ImageOps.exif_transpose(original).convert("RGB"), np.float32)
        assert np.abs(np.asarray(result, np.float32) - upright).mean() < 2


@pytest.mark.parametrize("source", [Format.JPEG, Format.PNG, Format.TIFF, Format.WEBP])
@pytest.mark.parametrize("format_", RESULTS)
@pytest.mark.parametrize("dpi", [None, 300])
def test_a_turned_picture_is_not_turned_again_where_a_step_keeps_pixels_in_a_file(
    source: Format, format_: Format, dpi: int | None, tmp_path: Path, chelsea: Path
) -> None:
    exif = Image.Exif()
    exif[274] = 6
    with Image.open(chelsea) as photograph:
        saved(photograph.resize((90, 60)), tmp_path / "in", source.value, exif=exif.tobytes())
    recipe = recipe_for(format_, 60, 90, RecipeStep(name="backdrop", settings={"remove": True}))

    render(tmp_path / "in", replace(recipe, encoding=Encoding(dpi=dpi)), tmp_path / "out")

    with Image.open(tmp_path / "out") as result:
        assert result.getexif().get(274, 1) == 1
        assert ImageOps.exif_transpose(result).size == (60, 90)


@pytest.mark.fidelity("topaz:metadata")
@pytest.mark.parametrize("format_", RESULTS)
def test_the_result_carries_no_metadata(
    format_: Format, tmp_path: Path, dahlia: Path, develop: Develop
) -> None:
    """The dahlia has a colour profile; we add a camera's name and a date."""
    exif = Image.Exif()
    exif[271], exif[306] = "Camera", "2026:11:21 10:00:00"
    with Image.open(dahlia) as photograph:
        profile = photograph.info["icc_profile"]
        source = saved(photograph.resize((60, 40)), tmp_path / "in", "JPEG", exif=exif, icc_profile=profile)

    result = develop(source, format_=format_, width=60, height=40)

    data = (tmp_path / "result").read_bytes()
    assert b"Camera" not in data
    assert b"2026" not in data
    assert "icc_profile" not in result.info


def _kept(format_: Format) -> dict[str, object]:
    """Return metadata that a file of this format can carry beside its pixels."""
    exif = Image.Exif()
    exif[271], exif[306], exif[282], exif[283], exif[296] = "Camera", "2026:11:21 10:00:00", 300.0, 300.0, 2
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>Camera</a></x:xmpmeta>"
    if format_ is Format.TIFF:
        return {"exif": exif.tobytes(), "dpi": (300, 300)}
    return {"exif": exif.tobytes(), "xmp": xmp, "dpi": (300, 300), "comment": b"Camera"}


@pytest.mark.fidelity("topaz:metadata")
@pytest.mark.parametrize("source", [Format.JPEG, Format.PNG, Format.TIFF, Format.WEBP, Format.AVIF])
@pytest.mark.parametrize("format_", RESULTS)
def test_metadata_of_the_input_does_not_affect_the_result(
    source: Format, format_: Format, tmp_path: Path, coffee: Path
) -> None:
    """Camera, date, comment, XMP and resolution: with and without them the file is the same to the byte."""
    with Image.open(coffee) as photograph:
        small = photograph.resize((60, 40))
    (tmp_path / "bare").mkdir()
    for folder, kept in ((tmp_path, _kept(source)), (tmp_path / "bare", {})):
        saved(small, folder / "in", source.value, **kept)
        render(folder / "in", recipe_for(format_, 60, 40), folder / "out")

    assert (tmp_path / "in").read_bytes() != (tmp_path / "bare/in").read_bytes()
    assert (tmp_path / "out").read_bytes() == (tmp_path / "bare/out").read_bytes()


@pytest.mark.fidelity("topaz:metadata")
@pytest.mark.parametrize("format_", [Format.PNG, Format.TIFF])
def test_a_format_that_requires_a_resolution_has_72_dpi(
    format_: Format, tmp_path: Path, develop: Develop
) -> None:
    source = saved(Image.new("RGB", (60, 40), RED), tmp_path / "in", dpi=(300, 300))

    result = develop(source, format_=format_, width=60, height=40)

    assert [round(float(number)) for number in result.info["dpi"]] == [72, 72]


@pytest.mark.fidelity("topaz:letterbox-colour")
def test_letterbox_keeps_the_whole_picture_between_black_bars(tmp_path: Path, develop: Develop) -> None:
    source = saved(Image.new("RGB", (100, 50), RED), tmp_path / "in")

    result = develop(source, resizing(80, 80, "letterbox"), format_=Format.PNG, width=80, height=80)

    assert [result.getpixel((40, row)) for row in (10, 40, 70)] == [BLACK, RED, BLACK]


@pytest.mark.fidelity("topaz:fit")
def test_crop_fills_the_size_with_the_middle(tmp_path: Path, develop: Develop) -> None:
    picture = Image.new("RGB", (120, 40), "blue")
    picture.paste(RED, (40, 0, 80, 40))
    source = saved(picture, tmp_path / "in")

    result = develop(source, resizing(60, 60, "crop"), format_=Format.PNG, width=60, height=60)

    assert {result.getpixel((column, 30)) for column in (3, 30, 56)} == {RED}


@pytest.mark.fidelity("topaz:enhance-pixels")
def test_more_sharpening_makes_edges_steeper(coffee: Path, develop: Develop) -> None:
    def detail(amount: float) -> float:
        step = RecipeStep(name="sharpen", settings={"amount": amount})
        result = develop(coffee, step, format_=Format.PNG, width=600, height=400)
        grey = np.asarray(result.convert("L"), np.float32)
        return float(np.abs(np.diff(grey, axis=1)).mean())

    plain, some, much = detail(0), detail(0.5), detail(1)

    assert plain * 1.05 < some
    assert some * 1.05 < much


@pytest.mark.parametrize("steps", [[], [RecipeStep(name="denoise", settings={"strength": 1.0})]])
def test_a_damaged_source_is_rejected_and_leaves_no_file(
    steps: list[RecipeStep], tmp_path: Path, dahlia: Path
) -> None:
    (tmp_path / "in").write_bytes(dahlia.read_bytes()[:60_000])

    with pytest.raises(ImageError, match="cannot make a result of"):
        render(tmp_path / "in", recipe_for(Format.PNG, 640, 427, *steps), tmp_path / "out")

    assert [file.name for file in tmp_path.iterdir()] == ["in"]


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"hello")

    with pytest.raises(ImageError, match="unsupported image format"):
        render(tmp_path / "in", recipe_for(Format.PNG, 4, 4), tmp_path / "out")
