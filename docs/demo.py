"""Real photographs through a local mock server; pictures in demo-output/.

`demo.py` has the clients submit the main jobs of all three vendors; `demo.py gallery` sends every operation
and setting of Topaz and Claid, and draws a sheet for each.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any, Final

import httpx
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from safelight import Claid, Job, SafelightError, Tengr, Topaz
from safelight_mock import MockServer, Twin, TwinTransport

ROOT: Final = Path(__file__).resolve().parents[1]
PHOTOGRAPH: Final = ROOT / "docs" / "photograph" / "dahlia.jpg"
CREDIT: Final = (
    "Photograph: vultilion (flickr.com/photos/vultilion/6056698931), CC BY 2.0, changed as labelled."
)
OUTPUT: Final = ROOT / "demo-output"
TIMEOUT: Final = 30.0  # seconds for a job of the demo

MARGIN, LINE = 16, 17
PAPER, INK = "#f4f1ea", "#1d1b19"
SLATE, TEAL = "#31475e", "#2a6f5e"
LETTERS: Final = 38  # of a line above a tile
KEY: Final = "gallery"
DETAIL: Final = (262, 182, 356, 245)  # of the photograph: left, upper, right, lower
PART: Final = (150, 90, 390, 250)

Tile = tuple[str, Image.Image]  # the request, in one or two lines, and the result
Json = Mapping[str, Any]


def main() -> None:
    """Make the sheets; exit with one line after an error."""
    OUTPUT.mkdir(exist_ok=True)
    try:
        if "gallery" in sys.argv[1:]:
            save("gallery.png", [*topaz_gallery()], columns=5, size=(240, 160))
            save("gallery-claid.png", [*claid_gallery()], columns=5, size=(240, 160))
        else:
            tiles = [*demo()]
            save("contact-sheet.png", tiles, columns=2, size=(520, 348))
            save("before-and-after.jpg", [*tiles[0:8:2], *tiles[1:8:2]], columns=4, size=(280, 187))
    except (SafelightError, httpx.HTTPError, OSError) as error:
        sys.exit(f"demo: {error}")


def save(name: str, tiles: list[Tile], *, columns: int, size: tuple[int, int]) -> None:
    """Draw a sheet of pictures, each under two lines of text."""
    step_x, step_y = size[0] + MARGIN, size[1] + 2 * LINE + MARGIN
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * step_x + MARGIN, rows * step_y + 2 * MARGIN + LINE), PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, (title, picture) in enumerate(tiles):
        left, upper = MARGIN + number % columns * step_x, MARGIN + number // columns * step_y
        draw.multiline_text((left, upper), title, fill=INK, font=font)
        shown = ImageOps.contain(picture.convert("RGBA"), size)
        sheet.paste(checkerboard(shown.size), (left, upper + 2 * LINE))
        sheet.paste(shown, (left, upper + 2 * LINE), shown)
    draw.text((MARGIN, sheet.height - MARGIN - LINE), CREDIT, fill=INK, font=font)
    sheet.save(OUTPUT / name)
    say(f"{len(tiles)} pictures: {OUTPUT / name}")


def checkerboard(size: tuple[int, int]) -> Image.Image:
    """Return grey and white squares, which show transparency."""
    rows, columns = np.indices((size[1], size[0])) // 12
    return Image.fromarray(np.where((rows + columns) % 2, 255, 200).astype(np.uint8))


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


# --- The demo: jobs through the clients, before and after ---


def demo() -> Iterator[Tile]:
    """Submit jobs of all three vendors to a server, and show what went in and what came out."""
    photograph().save(OUTPUT / "dahlia.png")
    noisy(photograph()).save(OUTPUT / "noisy.png")
    with MockServer() as server, shared(OUTPUT) as here:
        say(f"The mock server answers at {server.origin}.")
        yield from demo_topaz(server.url("topaz"))
        yield from demo_claid(server.url("claid"), here)
        yield from demo_tengr(server.url("tengr"), here)


def demo_topaz(base_url: str) -> Iterator[Tile]:
    """Enhance, denoise and matte; images are uploaded."""
    with Topaz(api_key="demo", base_url=base_url) as topaz:
        enhance = topaz.enhance(PHOTOGRAPH, output_width=2560)
        denoise = topaz.denoise(OUTPUT / "noisy.png", output_format="png")
        matting = topaz.matte(PHOTOGRAPH)
        yield from compared("Topaz enhance", detail(photograph()), detail(result(enhance, "enhanced.jpg")))
        yield from compared("Topaz denoise", noisy(photograph()), result(denoise, "denoised.png"))
        yield from compared("Topaz matting", photograph(), result(matting, "subject.png"))


def demo_claid(base_url: str, here: str) -> Iterator[Tile]:
    """Edit one image, and two alike; Claid loads them itself."""
    addresses = [f"{here}/dahlia.png", f"{here}/noisy.png"]
    on_slate = {
        "background": {"remove": True, "color": SLATE},
        "resizing": {"width": "200%", "fit": "bounds"},
    }
    grey = {"adjustments": {"saturation": -100}, "resizing": {"width": "50%", "fit": "bounds"}}
    with Claid(api_key="demo", base_url=base_url) as claid:
        edit = claid.edit(addresses[0], operations=on_slate)
        batch = claid.edit_batch(addresses, operations=grey)
        yield from compared("Claid edit", photograph(), result(edit, "on-slate.jpg"))
        paths = batch.wait(timeout=TIMEOUT).save_all(OUTPUT / "grey")
        for before, path in zip((photograph(), noisy(photograph())), paths, strict=True):
            yield from compared("Claid batch", before, Image.open(path))


def demo_tengr(base_url: str, here: str) -> Iterator[Tile]:
    """Enlarge with new details; Tengr loads the image itself."""
    with Tengr(api_key="demo", base_url=base_url) as tengr:
        job = tengr.detail(f"{here}/dahlia.png", scale_factor=2, output_format="png")
        yield from compared("Tengr detailer", detail(photograph()), detail(result(job, "detailed.png")))


def result(job: Job, name: str) -> Image.Image:
    """Wait for a job and save its result."""
    path = job.wait(timeout=TIMEOUT).save(OUTPUT / name)
    image = Image.open(path)
    say(f"{name}: {image.width} x {image.height}")
    return image


def compared(title: str, before: Image.Image, after: Image.Image) -> Iterator[Tile]:
    """Yield two tiles of one size; pixels of a detail are shown as squares, as enlarging finds them."""
    yield f"{title}\nbefore", before.convert("RGBA").resize((520, 348), Image.Resampling.NEAREST)
    yield f"{title}\nafter", after.convert("RGBA").resize((520, 348), Image.Resampling.LANCZOS)


def detail(image: Image.Image) -> Image.Image:
    """Cut the same detail out of the photograph and out of enlargements of it."""
    scale = image.width / photograph().width
    return image.crop(tuple(round(edge * scale) for edge in DETAIL))  # type: ignore[arg-type]


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Serve a folder to this machine, and yield its URL."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


# --- The gallery: every operation and setting, in process ---


@contextmanager
def in_process(vendor: str, base: str, headers: Mapping[str, str]) -> Iterator[tuple[httpx.Client, Twin]]:
    """Yield a client of a mock server without a socket, whose clock is stopped."""
    twin = Twin()
    twin.advance(0, vendor=vendor, key=KEY)
    url = f"http://twin/{vendor}/{base}"
    with httpx.Client(transport=TwinTransport(twin), base_url=url, headers=headers) as client:
        yield client, twin
    twin.close()


def topaz_gallery() -> Iterator[Tile]:
    """Send every exhibit of Topaz, and show the same part of each result."""
    with in_process("topaz", "image/v1", {"X-API-Key": KEY}) as (client, twin):
        for path, fields, spoil in exhibits():
            files = {"image": ("photo.png", png(spoil(photograph())))}
            response = client.post(path, files=files, data={"output_format": "png", **fields})
            if response.is_success and path.endswith("/async"):
                twin.advance(60, vendor="topaz", key=KEY)
                download = client.get(f"/download/{response.json()['process_id']}").json()
                response = client.get(download["download_url"])
            image = Image.open(BytesIO(response.raise_for_status().content))
            scale = image.width / photograph().width
            part = image.convert("RGBA").resize((240, 160), box=tuple(edge * scale for edge in PART))  # type: ignore[arg-type]
            settings = ", ".join(f"{name}={value}" for name, value in fields.items()) or "Autopilot"
            yield f"{path} {'' if spoil is clean else spoil.__name__}\n{settings}", part


def exhibits() -> Iterator[tuple[str, Mapping[str, str], Callable[[Image.Image], Image.Image]]]:
    """List paths, form fields and what was done to the photograph before, in the order of the document."""
    for (name, spoil), value in product(
        {"denoise": noisy, "sharpen": blurred, "fix_compression": blocky}.items(), "01"
    ):
        yield "/enhance/async", {name: value}, spoil
    for creativity, texture in product("16", "15"):
        yield "/enhance-gen/async", {"creativity": creativity, "texture": texture}, clean
    yield "/enhance-gen/async", {"prompt": "a paper flower", "creativity": "6"}, clean
    for model in ("Standard", "Lens Blur", "Motion Blur", "Refocus"):
        yield "/sharpen/async", {"model": model, "strength": "0.8"}, blurred
    yield "/sharpen-gen/async", {"focus_boost": "1"}, blurred
    for model in ("Normal", "Strong", "Extreme"):
        yield "/denoise/async", {"model": model}, noisy
    yield "/denoise/async", {"original_detail": "1"}, noisy
    yield "/restore-gen/async", {}, scratched
    for model in ("Adjust", "White Balance", "Colorize"):
        yield "/lighting/async", {"model": model}, dim
    for name, value in (("exposure", "0.6"), ("highlight", "-1"), ("shadow", "1")):
        yield "/lighting/async", {"model": "Adjust V2", name: value}, clean
    for mode in ("segmentation", "alpha"):
        yield "/matting/async", {"mode": mode}, clean
    yield "/tool/async", {"output_width": "1280"}, clean
    yield "/enhance", {"output_width": "1280"}, clean


def claid_gallery() -> Iterator[Tile]:
    """Send every edit of Claid."""
    with in_process("claid", "v1", {"Authorization": f"Bearer {KEY}"}) as (client, _):
        for image, operations in edits():
            data = json.dumps({"operations": operations, "output": {"format": "png"}})
            files = {"file": ("photo.png", png(image))}
            response = client.post("/image/edit/upload", files=files, data={"data": data}).raise_for_status()
            link = response.json()["data"]["output"]["tmp_url"]
            text = json.dumps(operations).replace('"', "")[1:-1] or "nothing"
            picture = Image.open(BytesIO(client.get(link).content))
            yield f"{text[:LETTERS]}\n{text[LETTERS : 2 * LETTERS]}", picture


def edits() -> Iterator[tuple[Image.Image, Json]]:
    """List images and operations, in the order of the document."""
    coffee, portrait = opened("tests/data/coffee.jpg"), opened("tests/mockserver/imaging/data/astronaut.jpg")
    yield photograph(), {}
    for how in (None, "moderate", "strong", "auto"):
        yield blocky(coffee).crop((180, 100, 420, 260)), {"restorations": {"decompress": how}}
    yield dim(coffee), {"restorations": {"polish": True}}
    for kind in (None, "smart_enhance", "smart_resize", "faces", "digital_art", "1", "2", "3"):
        upscale = {"type": "photo", "version": kind} if kind and kind.isdecimal() else kind
        sizing = {"restorations": {"upscale": upscale}, "resizing": {"width": "400%", "height": "auto"}}
        yield portrait.crop((150, 20, 330, 140)).resize((60, 40)), sizing
    for name, value in product(("hdr", "exposure", "saturation", "contrast"), (60, -60)):
        if value > 0 or name != "hdr":
            yield photograph(), {"adjustments": {name: value}}
    yield blurred(coffee), {"adjustments": {"sharpness": 100}}
    yield from grounds(coffee)
    yield from sizes(coffee)
    yield with_plate(coffee), {"privacy": {"blur_car_plate": True}}
    yield portrait, {"privacy": {"identity_crop": True}}
    styles = {"style_strength": 0.75, "depth_strength": 0, "denoising_strength": 0, "prompt": "oil paint"}
    for name, setting in styles.items():
        style = {name: setting, "style_reference_image": "safelight://chelsea.jpg"}
        yield photograph(), {"generative": {"style_transfer": style}}


def grounds(coffee: Image.Image) -> Iterator[tuple[Image.Image, Json]]:
    """List what can be done to the background."""
    for ground in ({}, {"color": "transparent"}, {"color": TEAL}):
        yield photograph(), {"background": {"remove": True, **ground}}
    for padding in (None, "10%"):
        yield photograph(), {"background": {"remove": {"clipping": True}}, "padding": padding}
    for kind, level in product(("regular", "lens"), ("low", "medium", "high")):
        yield coffee, {"background": {"blur": {"type": kind, "level": level}}}


def sizes(coffee: Image.Image) -> Iterator[tuple[Image.Image, Json]]:
    """List how an image can be brought into a frame."""
    for fit in ("crop", {"type": "crop", "crop": "smart"}, "cover", "bounds", "canvas", "outpaint"):
        yield coffee, {"resizing": {"width": 300, "height": 300, "fit": fit}}
    for share in ("0%", "60%"):
        outpaint = {"type": "outpaint", "feathering": share, "outpaint_by": "40%"}
        yield coffee, {"resizing": {"fit": outpaint}}
    for padding in ("10%", "5% 25%", "0px 150px 0px 0px"):
        yield coffee, {"padding": padding, "background": {"color": TEAL}}


# --- Images, and what is done to them before ---


def opened(path: str) -> Image.Image:
    """Open an image of the checkout."""
    return Image.open(ROOT / path).convert("RGB")


def photograph() -> Image.Image:
    """Open the photograph."""
    return opened("docs/photograph/dahlia.jpg")


def clean(image: Image.Image) -> Image.Image:
    """Leave an image as it is."""
    return image


def noisy(image: Image.Image) -> Image.Image:
    """Add Gaussian noise, the same at every run."""
    noise = np.random.default_rng(1).normal(0, 25, (image.height, image.width, 3))
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


def blocky(image: Image.Image) -> Image.Image:
    """Compress too much."""
    file = BytesIO()
    image.save(file, "JPEG", quality=10)
    return Image.open(file).convert("RGB")


def scratched(image: Image.Image) -> Image.Image:
    """Draw white lines."""
    draw = ImageDraw.Draw(image)
    for x in range(20, image.width, 37):
        draw.line((x, 0, x + 25, image.height), fill="white", width=1)
    return image


def blurred(image: Image.Image) -> Image.Image:
    """Put out of focus."""
    return image.filter(ImageFilter.GaussianBlur(2))


def dim(image: Image.Image) -> Image.Image:
    """Lower brightness and contrast."""
    return Image.fromarray((np.asarray(image) // 2 + 20).astype(np.uint8))


def with_plate(image: Image.Image) -> Image.Image:
    """Draw a number plate."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    draw.rectangle((180, 240, 340, 280), fill="#f4f4ee", outline="black", width=2)
    draw.text((190, 244), "AB 12 CDE", font=ImageFont.load_default(28), fill="#101010")
    return image


def png(image: Image.Image) -> bytes:
    """Encode an image."""
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    main()
