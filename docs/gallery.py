"""Every operation and setting of the twin on a real photograph, as one sheet in demo-output/."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import httpx
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from safelight_mock import Twin, TwinTransport

ROOT = Path(__file__).resolve().parents[1]
PHOTOGRAPH = ROOT / "docs" / "photograph" / "dahlia.jpg"
SHEET = ROOT / "demo-output" / "gallery.png"

PART = (150, 90, 390, 250)  # of the photograph that is shown: left, upper, right, lower
TILE = (240, 160)
COLUMNS, MARGIN, HEAD = 5, 16, 40
PAPER, INK = "#f4f1ea", "#1d1b19"
KEY = {"X-API-Key": "gallery"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One request: what is sent where, and what was done to the photograph before."""

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    spoilt: str = "clean"

    @property
    def title(self) -> str:
        """What stands above the picture."""
        told = [f"{name}={value}" for name, value in self.fields.items() if name != "output_format"]
        return (
            f"{self.path} {self.spoilt if self.spoilt != 'clean' else ''}\n{', '.join(told) or 'Autopilot'}"
        )


def exhibits() -> Iterator[Exhibit]:
    """List what is shown, in the order of the vendor's operations."""
    for name in ("denoise", "sharpen", "fix_compression"):
        spoilt = {"denoise": "noisy", "sharpen": "blurred", "fix_compression": "blocky"}[name]
        for value in ("0", "1"):
            yield Exhibit(path="/enhance/async", fields={name: value}, spoilt=spoilt)
    for creativity, texture in (("1", "1"), ("6", "1"), ("1", "5"), ("6", "5")):
        yield Exhibit(path="/enhance-gen/async", fields={"creativity": creativity, "texture": texture})
    yield Exhibit(path="/enhance-gen/async", fields={"prompt": "a paper flower", "creativity": "6"})
    for model in ("Standard", "Lens Blur", "Motion Blur", "Refocus"):
        yield Exhibit(path="/sharpen/async", fields={"model": model, "strength": "0.8"}, spoilt="blurred")
    yield Exhibit(path="/sharpen-gen/async", fields={"focus_boost": "1"}, spoilt="blurred")
    for model in ("Normal", "Strong", "Extreme"):
        yield Exhibit(path="/denoise/async", fields={"model": model}, spoilt="noisy")
    yield Exhibit(path="/denoise/async", fields={"original_detail": "1"}, spoilt="noisy")
    yield Exhibit(path="/restore-gen/async", spoilt="scratched")
    for model in ("Adjust", "White Balance", "Colorize"):
        yield Exhibit(path="/lighting/async", fields={"model": model}, spoilt="dim")
    for name, value in (("exposure", "0.6"), ("highlight", "-1"), ("shadow", "1")):
        yield Exhibit(path="/lighting/async", fields={"model": "Adjust V2", name: value})
    for mode in ("segmentation", "alpha"):
        yield Exhibit(path="/matting/async", fields={"mode": mode})
    yield Exhibit(path="/tool/async", fields={"output_width": "1280"})
    yield Exhibit(path="/enhance", fields={"output_width": "1280"})


def main() -> None:
    """Make the sheet; exit with one line when something is wrong."""
    twin = Twin()
    with httpx.Client(
        transport=TwinTransport(twin), base_url="http://twin/topaz/image/v1", headers=KEY
    ) as client:
        twin.advance(0, vendor="topaz", key=KEY["X-API-Key"])
        tiles = [(exhibit, _made(client, twin, exhibit)) for exhibit in exhibits()]
    twin.close()
    SHEET.parent.mkdir(exist_ok=True)
    _sheet(tiles).save(SHEET)
    sys.stdout.write(f"{len(tiles)} pictures: {SHEET}\n")


def _made(client: httpx.Client, twin: Twin, exhibit: Exhibit) -> Image.Image:
    fields = {"output_format": "png", **exhibit.fields}
    image = {"image": ("photo.png", _png(SPOILS[exhibit.spoilt](_photograph())))}
    answer = client.post(exhibit.path, files=image, data=fields)
    if answer.is_success and exhibit.path.endswith("/async"):
        twin.advance(60, vendor="topaz", key=KEY["X-API-Key"])
        link = client.get(f"/download/{answer.json()['process_id']}").json()["download_url"]
        answer = client.get(link)
    if not answer.is_success:
        sys.exit(f"gallery: {exhibit.path} {dict(exhibit.fields)}: {answer.text}")
    return Image.open(BytesIO(answer.content)).convert("RGBA")


def _photograph() -> Image.Image:
    return Image.open(PHOTOGRAPH).convert("RGB")


def _noisy(image: Image.Image) -> Image.Image:
    noise = np.random.default_rng(1).normal(0, 25, (image.height, image.width, 3))
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


def _blocky(image: Image.Image) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=10)
    return Image.open(file).convert("RGB")


def _scratched(image: Image.Image) -> Image.Image:
    drawn = ImageDraw.Draw(image)
    for x in range(20, image.width, 37):
        drawn.line((x, 0, x + 25, image.height), fill="white", width=1)
    return image


def _blurred(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(2))


def _dim(image: Image.Image) -> Image.Image:
    return Image.fromarray((np.asarray(image) // 2 + 20).astype(np.uint8))


def _clean(image: Image.Image) -> Image.Image:
    return image


SPOILS: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "clean": _clean,
    "noisy": _noisy,
    "blurred": _blurred,
    "blocky": _blocky,
    "scratched": _scratched,
    "dim": _dim,
}


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _sheet(tiles: list[tuple[Exhibit, Image.Image]]) -> Image.Image:
    rows = -(-len(tiles) // COLUMNS)
    step_x, step_y = TILE[0] + MARGIN, TILE[1] + HEAD + MARGIN
    sheet = Image.new("RGB", (COLUMNS * step_x + MARGIN, rows * step_y + MARGIN), PAPER)
    drawn, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, (exhibit, image) in enumerate(tiles):
        left, upper = MARGIN + number % COLUMNS * step_x, MARGIN + number // COLUMNS * step_y
        drawn.multiline_text((left, upper), exhibit.title, fill=INK, font=font)
        tile = _part(image)
        sheet.paste(tile, (left, upper + HEAD), tile)
    return sheet


def _part(image: Image.Image) -> Image.Image:
    """Cut the same part out of a result, whatever its size."""
    scale = image.width / _photograph().width
    left, upper, right, lower = (round(edge * scale) for edge in PART)
    return image.crop((left, upper, right, lower)).resize(TILE)


if __name__ == "__main__":
    main()
