"""However large a picture is, making it takes bounded memory and bearable time.

Each is made in a process of its own. Peak memory is read from `/proc`: `getrusage` counts what the parent had
before the child became another programme.
"""

import json
import sys
from pathlib import Path
from subprocess import run

import numpy as np
import pytest
from PIL import Image

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc; CI is Linux"),
]

REFERENCE = str(Path(__file__).parent / "data/astronaut.jpg")

CODE = """
import json, sys, time
from pathlib import Path
from safelight_mock.core.picture import Format, Picture, Recipe, RecipeStep
from safelight_mock.imaging import render
from safelight_mock.imaging import decode_check
source, target, width, height, steps = sys.argv[1:]
if steps == "look":
    assert decode_check(Path(source))
else:
    output = Picture(format=Format(Path(target).suffix[1:] or "jpeg"), width=int(width), height=int(height))
    made = tuple(RecipeStep(name=name, settings=settings) for name, settings in json.loads(steps))
    render(Path(source), Recipe(steps=made, output=output), Path(target))
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"megabytes": int(peak) // 1024, "seconds": time.process_time()}))
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve megapixels with noise and blocks."""
    file = tmp_path_factory.mktemp("large") / "picture.jpg"
    with Image.open(Path(__file__).parent / "data/astronaut.jpg") as image:
        picture = np.asarray(image.resize((4000, 3000)))
    noise = np.random.default_rng(12).normal(0, 8, (3000, 4000, 1)).astype(np.float32)
    Image.fromarray((picture + noise).clip(0, 255).astype(np.uint8)).save(file, quality=70)
    return file


def _spent(source: Path, target: Path, size: tuple[int, int], steps: str) -> dict[str, float]:
    arguments = [sys.executable, "-c", CODE, str(source), str(target), *map(str, size), steps]
    response = run(arguments, capture_output=True, text=True, check=True)
    spent: dict[str, float] = json.loads(response.stdout)
    return spent


@pytest.mark.parametrize(
    "step",
    [
        ("adjust", {"contrast": 1, "saturation": 1}),
        ("backdrop", {"remove": True}),
        ("canvas", {"width": 4000, "height": 3000, "top": 300}),
        ("colorize", {}),
        ("deblock", {"strength": 1}),
        ("deblur", {"strength": 1, "kind": "motion"}),
        ("defocus", {"strength": 1, "kind": "lens"}),
        ("denoise", {"strength": 1, "original_detail": 1}),
        ("faces", {"strength": 1, "creativity": 1}),
        ("hdr", {"amount": 1, "seamless": True}),
        ("hide_faces", {}),
        ("hide_plates", {}),
        ("invent", {"creativity": 1, "texture": 1, "seed": 1}),
        ("levels", {"amount": 1, "balance": True}),
        ("light", {"exposure": 1}),
        ("matte", {"mode": "segmentation"}),
        (
            "outpaint",
            {"width": 4000, "height": 3000, "inside_width": 3000, "inside_height": 2000, "feathering": 0.5},
        ),
        ("resize", {"width": 4000, "height": 3000, "fit": "crop"}),
        ("restore", {"strength": 1}),
        ("restyle", {"reference": REFERENCE, "style": 1, "colour": 1, "shape": 0}),
        ("sharpen", {"amount": 1}),
        ("smart_crop", {"width": 4000, "height": 3000}),
        ("white_balance", {"amount": 1}),
    ],
    ids=lambda step: str(step[0]),
)
def test_twelve_megapixels_take_less_than_400_mb_and_ten_seconds_of_two_cores(
    step: tuple[str, dict[str, object]], large: Path, tmp_path: Path
) -> None:
    spent = _spent(large, tmp_path / "out", (4000, 3000), json.dumps([step]))

    assert spent["megabytes"] < 400
    assert spent["seconds"] < 20


@pytest.mark.parametrize("format_", ["png", "tiff", "webp", "avif"])
def test_twelve_megapixels_are_written_in_any_format_in_bounded_memory_and_time(
    format_: str, large: Path, tmp_path: Path
) -> None:
    spent = _spent(large, tmp_path / f"out.{format_}", (4000, 3000), "[]")

    assert spent["megabytes"] < 400
    assert spent["seconds"] < 20


@pytest.mark.parametrize("format_", ["WEBP", "AVIF", "GIF", "BMP", "HEIF"])
def test_twelve_megapixels_are_read_from_any_format_in_bounded_memory_and_time(
    format_: str, large: Path, tmp_path: Path
) -> None:
    with Image.open(large) as image:
        image.save(tmp_path / "in", format_, quality=50, speed=10, enc_params={"preset": "ultrafast"})

    spent = _spent(tmp_path / "in", tmp_path, (0, 0), "look")

    assert spent["megabytes"] < 400
    assert spent["seconds"] < 5


def test_an_enlargement_to_200_megapixels_streams(large: Path, tmp_path: Path) -> None:
    """It would be 600 MB as a whole."""
    resize = ("resize", {"width": 20_000, "height": 10_000, "fit": "stretch"})
    steps = json.dumps([resize, ("sharpen", {"amount": 0.5})])

    spent = _spent(large, tmp_path / "out", (20_000, 10_000), steps)

    assert spent["megabytes"] < 200


def test_looking_at_a_large_picture_takes_little(large: Path, tmp_path: Path) -> None:
    spent = _spent(large, tmp_path, (0, 0), "look")

    assert spent["megabytes"] < 250
    assert spent["seconds"] < 3
