"""What an eye sees of a picture before anything is done to it, in a few numbers."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Noise in 8-bit steps, all others from 0 to 1.

    `noise`: standard deviation, of lightness or of a colour, whichever is noisier. `blur`: how little further
    blurring changes; sharp photographs lie near 0.3. `blockiness`: share of the steps across a grid of 8 x 8
    pixels that the grid alone explains. `exposure`: mean lightness. `contrast`: from the darkest to the
    lightest fiftieth. `cast`: chroma of the mean colour. `skin`: share of pixels in a colour of human skin.
    `inks`: 1 for a file of printing inks (CMYK), 0 for any other. `alpha`: 1 for a file with alpha, else 0.
    """

    noise: float
    blur: float
    blockiness: float
    exposure: float
    contrast: float
    cast: float
    skin: float
    inks: float
    alpha: float


def measure(file: Path) -> Measures:
    """Look at every pixel of `file` once; raises `PixelError` if it is no picture or damaged."""
    from safelight_mock.pixels import eye  # noqa: PLC0415 keeps vips out of start-up

    return eye.look(file)
