"""Run the main jobs of all three vendors on a photograph, against a local mock server.

All images, a contact sheet and the picture of the README are written to demo-output/.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copy
from threading import Thread

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont, ImageOps
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from safelight import Claid, Job, SafelightError, State, Status, Tengr, Topaz
from safelight_mock import MockServer

ROOT = Path(__file__).resolve().parents[1]
PHOTOGRAPH = ROOT / "docs" / "photograph" / "dahlia.jpg"
CREDIT = "Photograph: vultilion (flickr.com/photos/vultilion/6056698931), CC BY 2.0, changed as labelled."
OUTPUT = ROOT / "demo-output"
NOISY = OUTPUT / "noisy.png"

SIGMA = 25  # of the noise the demo adds, in grey levels of 255
GAIN = 2.0  # least improvement by denoising, in decibels
LARGE = 2560  # width of the enhanced image, in pixels
LEAST, MOST = 0.05, 0.95  # share of the image that the subject may fill
HALF = 127  # alpha above which a pixel belongs to the subject
SLATE = "#31475e"  # background colour
ON_SLATE = {"background": {"remove": True, "color": SLATE}, "resizing": {"width": "200%", "fit": "bounds"}}
SMALL_GREY = {"adjustments": {"saturation": -100}, "resizing": {"width": "50%", "fit": "bounds"}}
CLOSE = 4.0  # tolerance in grey levels of 255, because JPEG is lossy

# Crops of the photograph: left, upper, right, lower.
DETAIL = (262, 182, 356, 245)
PART = (110, 140, 430, 354)

PANEL = (520, 348)
MARGIN = 32
HEAD = 84  # height above each row

PAIRS = 4  # rows that the README shows: as many columns, "before" above "after"
SMALL = (280, 187)
GAP = 12

SQUARE = 12
PAPER, INK, GREY = "#f4f1ea", "#1d1b19", "#6b6660"
COLUMNS = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())


class DemoError(Exception):
    """An image is not as requested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Row of the contact sheet: a title and two images with captions."""

    title: str
    before: Image.Image
    after: Image.Image
    job: str
    captions: tuple[str, str] = ("before", "after")


class Quiet(SimpleHTTPRequestHandler):
    """File server without log lines."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def main() -> None:
    """Run the demo; exit with one line if it fails."""
    console = Console(highlight=False)
    try:
        run(console)
    except (DemoError, SafelightError, OSError) as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        sys.exit("demo: interrupted")


def run(console: Console) -> None:
    """Run all jobs and write the sheets."""
    OUTPUT.mkdir(exist_ok=True)
    copy(PHOTOGRAPH, OUTPUT)
    photograph = Image.open(PHOTOGRAPH).convert("RGB")
    noisy = add_noise(photograph)
    noisy.save(NOISY)
    with MockServer() as server, shared(OUTPUT) as here, Progress(*COLUMNS, console=console) as bars:
        console.print(f"Mock server: {server.origin}")
        rows = (
            *at_topaz(server.url("topaz"), photograph, noisy, bars),
            *at_claid(server.url("claid"), here, (photograph, noisy), bars),
            at_tengr(server.url("tengr"), here, photograph, bars),
        )
    contact_sheet = OUTPUT / "contact-sheet.png"
    sheet(rows).save(contact_sheet)
    pairs(rows[:PAIRS]).save(OUTPUT / "before-and-after.jpg", quality=85)
    console.print("All results are as requested. Contact sheet:", contact_sheet, sep="\n")


def at_topaz(base_url: str, photograph: Image.Image, noisy: Image.Image, bars: Progress) -> Iterator[Row]:
    """Enhance, denoise and matte uploaded images."""
    with Topaz(api_key="demo", base_url=base_url) as topaz:
        enhance = topaz.enhance(PHOTOGRAPH, output_width=LARGE)
        denoise = topaz.denoise(NOISY, output_format="png")
        matte = topaz.matting(PHOTOGRAPH)
        large = wait("Topaz enhance", enhance, bars).save(OUTPUT / "enhanced.jpg")
        quiet = wait("Topaz denoise", denoise, bars).save(OUTPUT / "denoised.png")
        cut_out = wait("Topaz matting", matte, bars).save(OUTPUT / "subject.png")
    yield enlarging("Topaz enhance", photograph, large, LARGE // photograph.width)
    yield denoising(photograph, noisy, quiet)
    yield matting(photograph, cut_out)


def at_claid(base_url: str, here: str, images: Sequence[Image.Image], bars: Progress) -> Iterator[Row]:
    """Edit one image, then a batch of two, by URL."""
    addresses = [f"{here}/{PHOTOGRAPH.name}", f"{here}/{NOISY.name}"]
    with Claid(api_key="demo", base_url=base_url) as claid:
        edit = claid.edit(addresses[0], operations=ON_SLATE)
        batch = claid.edit_batch(addresses, operations=SMALL_GREY)
        slate = wait("Claid edit", edit, bars).save(OUTPUT / "on-slate.jpg")
        grey = wait("Claid batch", batch, bars).save_all(OUTPUT / "grey")
    yield replacing_ground(images[0], slate)
    yield greying(images, grey)


def at_tengr(base_url: str, here: str, photograph: Image.Image, bars: Progress) -> Row:
    """Enlarge an image by URL."""
    with Tengr(api_key="demo", base_url=base_url) as tengr:
        job = tengr.detail(f"{here}/{PHOTOGRAPH.name}", scale_factor=2, output_format="png")
        detailed = wait("Tengr detailer", job, bars).save(OUTPUT / "detailed.png")
    return enlarging("Tengr detailer", photograph, detailed, 2)


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; yield its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def wait(title: str, job: Job, bars: Progress) -> Job:
    """Wait for a job and show its progress."""
    bar = bars.add_task(title)

    def show(status: Status) -> None:
        is_done = status.state is State.SUCCEEDED
        bars.update(bar, completed=100 if is_done else status.progress)

    return job.wait(timeout=30, on_progress=show)


def add_noise(picture: Image.Image) -> Image.Image:
    """Add Gaussian noise with a fixed seed."""
    levels = np.asarray(picture, dtype=np.float64)
    noise = np.random.default_rng(2026).normal(0.0, SIGMA, levels.shape)
    return Image.fromarray(np.clip(levels + noise, 0, 255).astype(np.uint8))


def enlarging(title: str, photograph: Image.Image, path: Path, times: int) -> Row:
    """Check an enlarged image and crop the same detail of both."""
    large = Image.open(path)
    wanted = times * photograph.width, times * photograph.height
    complain(f"{path.name} is {large.size}, not {wanted}", unless=large.size == wanted)
    left, upper, right, lower = (times * edge for edge in DETAIL)
    return Row(
        title=f"{title}: {photograph.width} x {photograph.height} to {wanted[0]} x {wanted[1]}",
        before=photograph.crop(DETAIL).resize(PANEL, Image.Resampling.NEAREST),
        after=large.convert("RGB").crop((left, upper, right, lower)).resize(PANEL, Image.Resampling.LANCZOS),
        job=title,
        captions=("before: a detail, pixels enlarged", "after: the same detail"),
    )


def denoising(photograph: Image.Image, noisy: Image.Image, path: Path) -> Row:
    """Check a denoised image by its PSNR and crop the same part of both."""
    quiet = Image.open(path)
    complain(f"{path.name} is not a PNG file", unless=quiet.format == "PNG")
    complain(f"{path.name} is {quiet.size}, not {noisy.size}", unless=quiet.size == noisy.size)
    before, after = psnr(photograph, noisy), psnr(photograph, quiet.convert("RGB"))
    said = f"{path.name} is at {after:.1f} dB, the noise at {before:.1f} dB"
    complain(said, unless=after >= before + GAIN)
    return Row(
        title=f"Topaz denoise: {before:.1f} dB to {after:.1f} dB",
        before=noisy.crop(PART).resize(PANEL, Image.Resampling.LANCZOS),
        after=quiet.convert("RGB").crop(PART).resize(PANEL, Image.Resampling.LANCZOS),
        job="Topaz denoise",
        captions=(f"before: with noise added (sigma {SIGMA})", "after"),
    )


def matting(photograph: Image.Image, path: Path) -> Row:
    """Check a cut-out and show it on a checkerboard."""
    subject = Image.open(path)
    complain(
        f"{path.name} is not a PNG file with transparency",
        unless=subject.format == "PNG" and subject.mode == "RGBA",
    )
    complain(f"{path.name} is {subject.size}, not {photograph.size}", unless=subject.size == photograph.size)
    share = float(np.mean(np.asarray(subject.getchannel("A")) > HALF))
    complain(f"the subject fills {share:.0%} of {path.name}", unless=LEAST < share < MOST)
    return Row(
        title=f"Topaz matting: the subject, {share:.0%} of the image",
        before=photograph.resize(PANEL),
        after=Image.alpha_composite(checkerboard(subject.size), subject).convert("RGB").resize(PANEL),
        job="Topaz matting",
        captions=("before", "after: the checkerboard shows transparency"),
    )


def replacing_ground(photograph: Image.Image, path: Path) -> Row:
    """Check the size and the background colour of an edit."""
    slate = Image.open(path)
    wanted = 2 * photograph.width, 2 * photograph.height
    complain(f"{path.name} is {slate.size}, not {wanted}", unless=slate.size == wanted)
    off = np.abs(np.asarray(slate, dtype=float)[0, 0] - ImageColor.getrgb(SLATE)).max()
    complain(f"the background of {path.name} is not {SLATE}", unless=off < CLOSE)
    return Row(
        title=f"Claid edit: new background, {wanted[0]} x {wanted[1]}",
        before=photograph.resize(PANEL),
        after=slate.resize(PANEL, Image.Resampling.LANCZOS),
        job="Claid edit: background",
    )


def greying(images: Sequence[Image.Image], paths: Sequence[Path]) -> Row:
    """Check number, size and saturation of the results of a batch."""
    complain(f"{len(paths)} results for {len(images)} images", unless=len(paths) == len(images))
    results = [Image.open(path).convert("RGB") for path in paths]
    for path, image, result in zip(paths, images, results, strict=True):
        complain(f"{path.name} is not half as wide", unless=result.width == image.width // 2)
        complain(
            f"{path.name} has colours",
            unless=float(np.ptp(np.asarray(result, dtype=float), axis=2).mean()) < CLOSE,
        )
    return Row(
        title=f"Claid batch: {len(paths)} images in grey, half as wide",
        before=side_by_side(images),
        after=side_by_side(results),
        job="Claid batch",
    )


def side_by_side(images: Sequence[Image.Image]) -> Image.Image:
    """Join a slice of each image to one panel."""
    width, height = PANEL[0] // len(images), PANEL[1]
    panel = Image.new("RGB", PANEL)
    for number, image in enumerate(images):
        panel.paste(ImageOps.fit(image, (width, height)), (number * width, 0))
    return panel


def complain(complaint: str, *, unless: bool) -> None:
    """Raise DemoError unless the condition holds."""
    if not unless:
        raise DemoError(complaint)


def psnr(wanted: Image.Image, had: Image.Image) -> float:
    """Peak signal-to-noise ratio in decibels."""
    difference = np.asarray(wanted, dtype=np.float64) - np.asarray(had, dtype=np.float64)
    return float(10 * np.log10(255**2 / np.mean(difference**2)))


def checkerboard(size: tuple[int, int]) -> Image.Image:
    """Grey and white squares, as editors show transparency."""
    rows, columns = np.indices((size[1], size[0])) // SQUARE
    levels = np.where((rows + columns) % 2, 255, 200).astype(np.uint8)
    return Image.fromarray(levels).convert("RGBA")


def sheet(rows: Sequence[Row]) -> Image.Image:
    """Contact sheet: a row for each job."""
    width, height = PANEL
    paper = Image.new("RGB", (2 * width + 3 * MARGIN, len(rows) * (height + HEAD) + HEAD), PAPER)
    draw = ImageDraw.Draw(paper)
    for number, row in enumerate(rows):
        upper = number * (height + HEAD)
        draw.text((MARGIN, upper + 14), row.title, fill=INK, font=ImageFont.load_default(26))
        panels = zip((MARGIN, 2 * MARGIN + width), (row.before, row.after), row.captions, strict=True)
        for left, picture, caption in panels:
            draw.text((left, upper + 54), caption, fill=GREY, font=ImageFont.load_default(18))
            paper.paste(picture, (left, upper + HEAD))
    foot = len(rows) * (height + HEAD) + 32
    draw.text((MARGIN, foot), CREDIT, fill=GREY, font=ImageFont.load_default(18))
    return paper


def pairs(rows: Sequence[Row]) -> Image.Image:
    """Picture of the README: a column for each job, the image before above the one after."""
    width, height = SMALL
    upper = 3 * GAP
    size = (GAP + len(rows) * (width + GAP), upper + 2 * (height + GAP) + 2 * GAP)
    paper = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(paper)
    for number, row in enumerate(rows):
        left = GAP + number * (width + GAP)
        draw.text((left, GAP - 2), row.job, fill=INK, font=ImageFont.load_default(18))
        paper.paste(row.before.resize(SMALL, Image.Resampling.LANCZOS), (left, upper))
        paper.paste(row.after.resize(SMALL, Image.Resampling.LANCZOS), (left, upper + height + GAP))
    draw.text((GAP, size[1] - 2 * GAP), CREDIT, fill=GREY, font=ImageFont.load_default(13))
    return paper


if __name__ == "__main__":
    main()
