"""A real photograph through enhance, denoise and matting at a local twin, pictures in demo-output/."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from safelight import Job, SafelightError, Topaz
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

# Parts of the photograph to show: left, upper, right, lower.
DETAIL = (262, 182, 356, 245)
PART = (110, 140, 430, 354)

PANEL = (640, 428)
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
    captions: tuple[str, str]


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
    photograph = Image.open(PHOTOGRAPH).convert("RGB")
    noisy = add_noise(photograph)
    noisy.save(NOISY)
    with MockServer() as server, Topaz(api_key="demo", base_url=server.url("topaz")) as topaz:
        console.print(f"The twin answers at {server.origin}.")
        with Progress(*COLUMNS, console=console) as bars:
            large = develop("enhance", topaz.enhance(PHOTOGRAPH, output_width=LARGE), "enhanced.jpg", bars)
            quiet = develop("denoise", topaz.denoise(NOISY, output_format="png"), "denoised.png", bars)
            cut_out = develop("matting", topaz.matting(PHOTOGRAPH), "subject.png", bars)
    contact_sheet = OUTPUT / "contact-sheet.png"
    rows = enhancing(photograph, large), denoising(photograph, noisy, quiet), matting(photograph, cut_out)
    sheet(rows).save(contact_sheet)
    console.print("The twin has stopped. The pictures are as asked for:")
    for picture in (contact_sheet, large, NOISY, quiet, cut_out):
        console.print(f"  {picture}", soft_wrap=True)


def add_noise(picture: Image.Image) -> Image.Image:
    """Return the picture with Gaussian noise, the same at every run."""
    levels = np.asarray(picture, dtype=np.float64)
    noise = np.random.default_rng(2026).normal(0.0, SIGMA, levels.shape)
    return Image.fromarray(np.clip(levels + noise, 0, 255).astype(np.uint8))


def develop(title: str, job: Job, name: str, bars: Progress) -> Path:
    """Wait for a job under a progress bar and save its result."""
    bar = bars.add_task(title)
    job.wait(timeout=30, on_progress=lambda status: bars.update(bar, completed=status.progress or 0))
    return job.save(OUTPUT / name)


def enhancing(photograph: Image.Image, path: Path) -> Row:
    """Compare a detail of the photograph with the same detail of the large one."""
    large = Image.open(path)
    height = round(photograph.height * LARGE / photograph.width)
    complain(f"{path.name} is no JPEG", unless=large.format == "JPEG")
    complain(f"{path.name} is {large.size}, not {LARGE} pixels wide", unless=large.size == (LARGE, height))
    times = LARGE // photograph.width
    left, upper, right, lower = DETAIL
    return Row(
        title=f"enhance: {photograph.width} x {photograph.height} to {LARGE} x {height}",
        before=photograph.crop(DETAIL).resize(PANEL, Image.Resampling.NEAREST),
        after=large.crop((left * times, upper * times, right * times, lower * times)).resize(
            PANEL, Image.Resampling.LANCZOS
        ),
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
        title=f"denoise: {before:.1f} dB to {after:.1f} dB",
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
        title=f"matting: the subject, {share:.0%} of the picture",
        before=photograph.resize(PANEL),
        after=Image.alpha_composite(checkerboard(subject.size), subject).convert("RGB").resize(PANEL),
        captions=("before", "after: what is transparent shows the checkerboard"),
    )


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
    """Draw the contact sheet: a row of two pictures for each product."""
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
