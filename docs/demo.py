"""A real photograph through the main jobs of all three vendors at a local twin, pictures in demo-output/."""

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
GAIN = 2.0  # what denoising must win back at least, in decibels
LARGE = 2560  # the width to enhance to, in pixels
LEAST, MOST = 0.05, 0.95  # the share of a picture that a subject may fill
HALF = 127  # alpha above this is subject
SLATE = "#31475e"  # the ground to put the subject on
ON_SLATE = {"background": {"remove": True, "color": SLATE}, "resizing": {"width": "200%", "fit": "bounds"}}
SMALL_GREY = {"adjustments": {"saturation": -100}, "resizing": {"width": "50%", "fit": "bounds"}}
CLOSE = 4.0  # grey levels of 255 between colours that count as one: JPEG changes them a little

# Parts of the photograph to show: left, upper, right, lower.
DETAIL = (262, 182, 356, 245)
PART = (110, 140, 430, 354)

PANEL = (520, 348)
MARGIN = 32
HEAD = 84  # above each row
SQUARE = 12
PAPER, INK, GREY = "#f4f1ea", "#1d1b19", "#6b6660"
COLUMNS = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())


class DemoError(Exception):
    """A picture is not what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the contact sheet: a title, and two pictures with their captions."""

    title: str
    before: Image.Image
    after: Image.Image
    captions: tuple[str, str] = ("before", "after")


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def main() -> None:
    """Run the demo; exit with one line when something is wrong."""
    console = Console(highlight=False)
    try:
        run(console)
    except (DemoError, SafelightError, OSError) as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        sys.exit("demo: interrupted")


def run(console: Console) -> None:
    """Make every picture and say where it is."""
    OUTPUT.mkdir(exist_ok=True)
    copy(PHOTOGRAPH, OUTPUT)
    photograph = Image.open(PHOTOGRAPH).convert("RGB")
    noisy = add_noise(photograph)
    noisy.save(NOISY)
    with MockServer() as server, shared(OUTPUT) as here, Progress(*COLUMNS, console=console) as bars:
        console.print(f"The twin answers at {server.origin}.")
        rows = (
            *at_topaz(server.url("topaz"), photograph, noisy, bars),
            *at_claid(server.url("claid"), here, (photograph, noisy), bars),
            at_tengr(server.url("tengr"), here, photograph, bars),
        )
    contact_sheet = OUTPUT / "contact-sheet.png"
    sheet(rows).save(contact_sheet)
    console.print(
        "The twin has stopped. The pictures are as asked for; all of them:", contact_sheet, sep="\n"
    )


def at_topaz(base_url: str, photograph: Image.Image, noisy: Image.Image, bars: Progress) -> Iterator[Row]:
    """Enhance, denoise and matte; images are sent along."""
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
    """Edit one image, and two alike; Claid loads them itself."""
    addresses = [f"{here}/{PHOTOGRAPH.name}", f"{here}/{NOISY.name}"]
    with Claid(api_key="demo", base_url=base_url) as claid:
        edit = claid.edit(addresses[0], operations=ON_SLATE)
        batch = claid.edit_batch(addresses, operations=SMALL_GREY)
        slate = wait("Claid edit", edit, bars).save(OUTPUT / "on-slate.jpg")
        grey = wait("Claid batch", batch, bars).save_all(OUTPUT / "grey")
    yield replacing_ground(images[0], slate)
    yield greying(images, grey)


def at_tengr(base_url: str, here: str, photograph: Image.Image, bars: Progress) -> Row:
    """Enlarge with new details; Tengr loads the image itself."""
    with Tengr(api_key="demo", base_url=base_url) as tengr:
        job = tengr.detail(f"{here}/{PHOTOGRAPH.name}", scale_factor=2, output_format="png")
        detailed = wait("Tengr detailer", job, bars).save(OUTPUT / "detailed.png")
    return enlarging("Tengr detailer", photograph, detailed, 2)


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Serve a folder to this machine, and yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def wait(title: str, job: Job, bars: Progress) -> Job:
    """Wait for a job under a progress bar."""
    bar = bars.add_task(title)

    def show(status: Status) -> None:
        is_done = status.state is State.SUCCEEDED
        bars.update(bar, completed=100 if is_done else status.progress)

    return job.wait(timeout=30, on_progress=show)


def add_noise(picture: Image.Image) -> Image.Image:
    """Return the picture with Gaussian noise, the same at every run."""
    levels = np.asarray(picture, dtype=np.float64)
    noise = np.random.default_rng(2026).normal(0.0, SIGMA, levels.shape)
    return Image.fromarray(np.clip(levels + noise, 0, 255).astype(np.uint8))


def enlarging(title: str, photograph: Image.Image, path: Path, times: int) -> Row:
    """Compare a detail of the photograph with the same detail of the large one."""
    large = Image.open(path)
    wanted = times * photograph.width, times * photograph.height
    complain(f"{path.name} is {large.size}, not {wanted}", unless=large.size == wanted)
    left, upper, right, lower = (times * edge for edge in DETAIL)
    return Row(
        title=f"{title}: {photograph.width} x {photograph.height} to {wanted[0]} x {wanted[1]}",
        before=photograph.crop(DETAIL).resize(PANEL, Image.Resampling.NEAREST),
        after=large.convert("RGB").crop((left, upper, right, lower)).resize(PANEL, Image.Resampling.LANCZOS),
        captions=("before: a detail, its pixels enlarged", "after: the same detail"),
    )


def denoising(photograph: Image.Image, noisy: Image.Image, path: Path) -> Row:
    """Compare a part of the noisy photograph with the same part of the denoised one."""
    quiet = Image.open(path)
    complain(f"{path.name} is no PNG", unless=quiet.format == "PNG")
    complain(f"{path.name} is {quiet.size}, not {noisy.size}", unless=quiet.size == noisy.size)
    before, after = psnr(photograph, noisy), psnr(photograph, quiet.convert("RGB"))
    said = f"{path.name} is at {after:.1f} dB, the noise at {before:.1f} dB"
    complain(said, unless=after >= before + GAIN)
    return Row(
        title=f"Topaz denoise: {before:.1f} dB to {after:.1f} dB",
        before=noisy.crop(PART).resize(PANEL, Image.Resampling.LANCZOS),
        after=quiet.convert("RGB").crop(PART).resize(PANEL, Image.Resampling.LANCZOS),
        captions=(f"before: with noise added (sigma {SIGMA})", "after"),
    )


def matting(photograph: Image.Image, path: Path) -> Row:
    """Compare the photograph with its subject on a checkerboard."""
    subject = Image.open(path)
    complain(
        f"{path.name} is no PNG with transparency", unless=subject.format == "PNG" and subject.mode == "RGBA"
    )
    complain(f"{path.name} is {subject.size}, not {photograph.size}", unless=subject.size == photograph.size)
    share = float(np.mean(np.asarray(subject.getchannel("A")) > HALF))
    complain(f"the subject fills {share:.0%} of {path.name}", unless=LEAST < share < MOST)
    return Row(
        title=f"Topaz matting: the subject, {share:.0%} of the picture",
        before=photograph.resize(PANEL),
        after=Image.alpha_composite(checkerboard(subject.size), subject).convert("RGB").resize(PANEL),
        captions=("before", "after: what is transparent shows the checkerboard"),
    )


def replacing_ground(photograph: Image.Image, path: Path) -> Row:
    """Compare the photograph with its subject on another ground."""
    slate = Image.open(path)
    wanted = 2 * photograph.width, 2 * photograph.height
    complain(f"{path.name} is {slate.size}, not {wanted}", unless=slate.size == wanted)
    off = np.abs(np.asarray(slate, dtype=float)[0, 0] - ImageColor.getrgb(SLATE)).max()
    complain(f"the ground of {path.name} is not {SLATE}", unless=off < CLOSE)
    return Row(
        title=f"Claid edit: another ground, {wanted[0]} x {wanted[1]}",
        before=photograph.resize(PANEL),
        after=slate.resize(PANEL, Image.Resampling.LANCZOS),
    )


def greying(images: Sequence[Image.Image], paths: Sequence[Path]) -> Row:
    """Compare the images of a batch with its results."""
    complain(f"of {len(images)} images {len(paths)} came back", unless=len(paths) == len(images))
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
    )


def side_by_side(images: Sequence[Image.Image]) -> Image.Image:
    """Show a slice of each image."""
    width, height = PANEL[0] // len(images), PANEL[1]
    panel = Image.new("RGB", PANEL)
    for number, image in enumerate(images):
        panel.paste(ImageOps.fit(image, (width, height)), (number * width, 0))
    return panel


def complain(complaint: str, *, unless: bool) -> None:
    """Raise DemoError unless all is well."""
    if not unless:
        raise DemoError(complaint)


def psnr(wanted: Image.Image, had: Image.Image) -> float:
    """Return the peak signal-to-noise ratio in decibels."""
    difference = np.asarray(wanted, dtype=np.float64) - np.asarray(had, dtype=np.float64)
    return float(10 * np.log10(255**2 / np.mean(difference**2)))


def checkerboard(size: tuple[int, int]) -> Image.Image:
    """Return grey and white squares."""
    rows, columns = np.indices((size[1], size[0])) // SQUARE
    levels = np.where((rows + columns) % 2, 255, 200).astype(np.uint8)
    return Image.fromarray(levels).convert("RGBA")


def sheet(rows: Sequence[Row]) -> Image.Image:
    """Draw the contact sheet: a row of two pictures for each job."""
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


if __name__ == "__main__":
    main()
