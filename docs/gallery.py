"""Every operation and setting of the twin on real photographs, a sheet for each vendor in demo-output/."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from safelight_mock import Twin, TwinTransport

ROOT = Path(__file__).resolve().parents[1]
PHOTOGRAPH = ROOT / "docs" / "photograph" / "dahlia.jpg"
SHEETS = ROOT / "demo-output"
TOPAZ, CLAID = SHEETS / "gallery.png", SHEETS / "gallery-claid.png"

PART = (150, 90, 390, 250)  # of the photograph that is shown: left, upper, right, lower
TILE = (240, 160)
COLUMNS, MARGIN, HEAD = 5, 16, 40
PAPER, INK = "#f4f1ea", "#1d1b19"
KEY = {"X-API-Key": "gallery"}
LETTERS = 38  # of a line above a tile
TEAL = "#2a6f5e"
STYLES: Mapping[str, Any] = {
    "style_strength": 0.75,
    "depth_strength": 0,
    "denoising_strength": 0,
    "prompt": "oil paint",
}
CLOSE = frozenset({"small", "blocky"})  # what is shown from near by, in its own pixels

Tile = tuple[str, Image.Image]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One request to Claid: operations, what is sent, and what was done to it before."""

    operations: Mapping[str, Any]
    image: str = "photograph"

    @property
    def title(self) -> str:
        """What stands above the picture: two lines of what was asked for."""
        told = json.dumps(self.operations).replace('"', "")[1:-1] or "nothing"
        return f"{told[:LETTERS]}\n{told[LETTERS : 2 * LETTERS]}"


def edits() -> Iterator[Edit]:
    """List what is shown of Claid, in the order of its document."""
    yield Edit(operations={})
    yield from _restored()
    yield from _adjusted()
    yield from _grounds()
    yield from _sized()
    yield Edit(operations={"privacy": {"blur_car_plate": True}}, image="plate")
    yield Edit(operations={"privacy": {"identity_crop": True}}, image="portrait")
    for name, value in STYLES.items():
        style = {name: value, "style_reference_image": "safelight://chelsea.jpg"}
        yield Edit(operations={"generative": {"style_transfer": style}})


def _restored() -> Iterator[Edit]:
    for how in (None, "moderate", "strong", "auto"):
        yield Edit(operations={"restorations": {"decompress": how}}, image="blocky")
    yield Edit(operations={"restorations": {"polish": True}}, image="dim")
    for kind in (None, "smart_enhance", "smart_resize", "faces", "digital_art", "1", "2", "3"):
        upscale = {"type": "photo", "version": kind} if kind and kind.isdecimal() else kind
        size = {"width": "400%", "height": "auto"}
        yield Edit(operations={"restorations": {"upscale": upscale}, "resizing": size}, image="small")


def _adjusted() -> Iterator[Edit]:
    for name in ("hdr", "exposure", "saturation", "contrast"):
        yield Edit(operations={"adjustments": {name: 60}})
    for name in ("exposure", "saturation", "contrast"):
        yield Edit(operations={"adjustments": {name: -60}})
    yield Edit(operations={"adjustments": {"sharpness": 100}}, image="blurred")


def _grounds() -> Iterator[Edit]:
    for ground in ({}, {"color": "transparent"}, {"color": TEAL}):
        yield Edit(operations={"background": {"remove": True, **ground}})
    for padding in (None, "10%"):
        yield Edit(operations={"background": {"remove": {"clipping": True}}, "padding": padding})
    for kind in ("regular", "lens"):
        for level in ("low", "medium", "high"):
            yield Edit(operations={"background": {"blur": {"type": kind, "level": level}}}, image="coffee")


def _sized() -> Iterator[Edit]:
    square = {"width": 300, "height": 300}
    for fit in ("crop", {"type": "crop", "crop": "smart"}, "cover", "bounds", "canvas", "outpaint"):
        yield Edit(operations={"resizing": {**square, "fit": fit}}, image="coffee")
    for share in ("0%", "60%"):
        fit = {"type": "outpaint", "feathering": share, "outpaint_by": "40%"}
        yield Edit(operations={"resizing": {"fit": fit}}, image="coffee")
    for padding in ("10%", "5% 25%", "0px 150px 0px 0px"):
        yield Edit(operations={"padding": padding, "background": {"color": TEAL}}, image="coffee")


def main() -> None:
    """Make the sheets; exit with one line when something is wrong."""
    twin = Twin()
    SHEETS.mkdir(exist_ok=True)
    for vendor, base, headers, make, sheet in (
        ("topaz", "image/v1", KEY, _topaz, TOPAZ),
        ("claid", "v1", {"Authorization": "Bearer gallery"}, _claid, CLAID),
    ):
        twin.advance(0, vendor=vendor, key="gallery")
        transport = TwinTransport(twin)
        with httpx.Client(
            transport=transport, base_url=f"http://twin/{vendor}/{base}", headers=headers
        ) as client:
            tiles = [*make(client, twin)]
        _sheet(tiles).save(sheet)
        sys.stdout.write(f"{len(tiles)} pictures: {sheet}\n")
    twin.close()


def _topaz(client: httpx.Client, twin: Twin) -> Iterator[Tile]:
    return ((exhibit.title, _part(_made(client, twin, exhibit))) for exhibit in exhibits())


def _claid(client: httpx.Client, _: Twin) -> Iterator[Tile]:
    for edit in edits():
        made = _edited(client, edit)
        yield edit.title, _close(made) if edit.image in CLOSE else _whole(made)


def _edited(client: httpx.Client, edit: Edit) -> Image.Image:
    data = json.dumps({"operations": edit.operations, "output": {"format": "png"}})
    file = {"file": ("photo.png", _png(PICTURES[edit.image]()))}
    answer = client.post("/image/edit/upload", files=file, data={"data": data})
    if not answer.is_success:
        sys.exit(f"gallery: {edit.operations}: {answer.text}")
    return Image.open(BytesIO(client.get(answer.json()["data"]["output"]["tmp_url"]).content)).convert("RGBA")


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


def _portrait() -> Image.Image:
    return Image.open(ROOT / "tests" / "pixels" / "data" / "astronaut.jpg").convert("RGB")


def _coffee() -> Image.Image:
    return Image.open(ROOT / "tests" / "data" / "coffee.jpg").convert("RGB")


def _with_plate() -> Image.Image:
    image = _coffee()
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((180, 240, 340, 280), fill="#f4f4ee", outline="black", width=2)
    drawn.text((190, 244), "AB 12 CDE", font=ImageFont.load_default(28), fill="#101010")
    return image


PICTURES: Mapping[str, Callable[[], Image.Image]] = {
    "photograph": _photograph,
    "coffee": _coffee,
    "portrait": _portrait,
    "plate": _with_plate,
    "small": lambda: _portrait().resize((128, 128)),
    "blocky": lambda: _blocky(_coffee()),
    "dim": lambda: _dim(_coffee()),
    "blurred": lambda: _blurred(_coffee()),
}


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _sheet(tiles: list[Tile]) -> Image.Image:
    rows = -(-len(tiles) // COLUMNS)
    step_x, step_y = TILE[0] + MARGIN, TILE[1] + HEAD + MARGIN
    sheet = Image.new("RGB", (COLUMNS * step_x + MARGIN, rows * step_y + MARGIN), PAPER)
    drawn, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, (title, tile) in enumerate(tiles):
        left, upper = MARGIN + number % COLUMNS * step_x, MARGIN + number // COLUMNS * step_y
        drawn.multiline_text((left, upper), title, fill=INK, font=font)
        sheet.paste(tile, (left, upper + HEAD), tile)
    return sheet


def _close(image: Image.Image) -> Image.Image:
    """Cut the middle out of a result, a little higher than that."""
    left, upper = (image.width - TILE[0]) // 2, (image.height - TILE[1]) // 4
    return image.crop((left, upper, left + TILE[0], upper + TILE[1]))


def _whole(image: Image.Image) -> Image.Image:
    """Show all of a result, in a frame that tells white from paper."""
    shown = ImageOps.contain(image, (TILE[0] - 2, TILE[1] - 2))
    framed = Image.new("RGBA", (shown.width + 2, shown.height + 2), INK)
    framed.paste((0, 0, 0, 0), (1, 1, shown.width + 1, shown.height + 1))
    framed.paste(shown, (1, 1))
    return framed


def _part(image: Image.Image) -> Image.Image:
    """Cut the same part out of a result, whatever its size."""
    scale = image.width / _photograph().width
    left, upper, right, lower = (round(edge * scale) for edge in PART)
    return image.crop((left, upper, right, lower)).resize(TILE)


if __name__ == "__main__":
    main()
