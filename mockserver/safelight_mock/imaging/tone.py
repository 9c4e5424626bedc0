"""Steps that change tones and colours: light, adjust, levels, white_balance, hdr and colorize.

All but the last two are tone curves: tables of 256 values.
"""

import numpy as np
import numpy.typing as npt
import pyvips

from safelight_mock.imaging.channels import as_bytes, grey, lightness, on_colours
from safelight_mock.imaging.measure.sampling import thumbnail
from safelight_mock.imaging.tiled_map import Floats, Pixels

Curve = npt.NDArray[np.float64]

IDENTITY: Curve = np.linspace(0, 1, 256)

# light
STOPS = 2.0  # by which the light changes at full exposure
LIFT = 0.1  # most that highlights or shadows move, of the whole range; tones keep their order

# adjust
STEEP = 8.0  # of the logistic function, at full contrast
FLAT = 0.6  # of the range of tones that is lost at none

# levels
ENDS = (0.5, 50, 99.5)  # percentiles that become black, middle and white
BLACK, MIDDLE, WHITE = 0.02, 0.46, 0.98
LEAST = 0.1  # range of an image below which there is nothing to spread
GAMMAS = 0.7, 1.4  # bounds of how far the middle moves

# white_balance
NORM = 4  # of the mean: bright pixels weigh more than dark ones
CLIPPED = 250  # from which a colour is unreliable
GAINS = 0.55, 1.8

# hdr
AROUND = 10.0  # pixels of blur, of the thumbnail's 256
CALMER, LIVELIER = (
    0.45,
    0.5,
)  # share of the distance from the middle that is removed, and of detail that is added
DARKER, LIGHTER = 0.3, 3.0  # bounds of the factor of a colour
WRAP = 64  # pixels of the thumbnail that are borrowed from the other side


def through(image: pyvips.Image, *curves: Curve) -> pyvips.Image:
    """Map all colours by one curve, or red, green and blue by one each; alpha is kept.

    Curves contain 0 to 1 for each of the 256 values; what exceeds that is clipped.
    """
    table = np.stack(curves, axis=-1).clip(0, 1) * 255
    lookup = pyvips.Image.new_from_array(table.round().astype(np.uint8)[None])
    return on_colours(image, lambda colours: colours.maplut(lookup).copy(interpretation="srgb"))


def to_linear(values: Curve) -> Curve:
    """Convert sRGB's values to amounts of light (IEC 61966-2-1)."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - the standard's


def to_srgb(light: Curve) -> Curve:
    """Invert `to_linear`; clips to 0 to 1."""
    light = light.clip(0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)  # noqa: PLR2004 - the standard's


def light(
    image: pyvips.Image, *, exposure: float = 0.0, highlight: float = 0.0, shadow: float = 0.0
) -> pyvips.Image:
    """Change exposure, then highlights and shadows, each from -1 (darker) to 1 (lighter)."""
    if exposure == highlight == shadow == 0:
        return image
    exposed = to_srgb(to_linear(IDENTITY) * 2 ** (STOPS * exposure))
    return through(
        image, exposed + LIFT * (highlight * _highlights(exposed) + shadow * _highlights(1 - exposed))
    )


def _highlights(values: Curve) -> Curve:
    """Weights of light tones: most at three quarters, nothing below the middle and for white."""
    return np.where(values > 1 / 2, np.sin(2 * np.pi * (values - 1 / 2)) ** 2, 0)


def adjust(image: pyvips.Image, *, contrast: float = 0.0, saturation: float = 0.0) -> pyvips.Image:
    """Change contrast, then saturation, each from -1 (less; grey) to 1 (more)."""
    if contrast:
        image = through(image, _contrast(contrast))
    return on_colours(image, lambda colours: _saturate(colours, saturation)) if saturation else image


def _contrast(contrast: float) -> Curve:
    if contrast < 0:
        return 1 / 2 + (IDENTITY - 1 / 2) * (1 + FLAT * contrast)
    bent: Curve = np.tanh(STEEP / 2 * contrast * (IDENTITY - 1 / 2))
    steep: Curve = (bent / bent[-1] + 1) / 2
    return steep


def _saturate(colours: pyvips.Image, saturation: float) -> pyvips.Image:
    light = lightness(colours)
    return as_bytes(light + (colours - light) * (1 + saturation))


def levels(image: pyvips.Image, *, amount: float, balance: bool = False) -> pyvips.Image:
    """Stretch the tones between percentiles and move their middle by a gamma, by `amount` from 0 to 1.

    With `balance`, half of a cast is removed too.
    """
    if amount == 0:
        return image
    image = white_balance(image, amount=amount / 2) if balance else image
    stretched = _stretched(grey(thumbnail(image)) / np.float32(255))
    return through(image, IDENTITY + (stretched - IDENTITY) * amount)


def _stretched(tones: Floats) -> Curve:
    black, middle, white = (float(tone) for tone in np.percentile(tones, ENDS))
    if white - black < LEAST:
        return IDENTITY
    spread = ((IDENTITY - black) / (white - black)).clip(0, 1)
    level = min(max((middle - black) / (white - black), 0.01), 0.99)
    gamma = np.log(MIDDLE) / np.log(level)
    curve: Curve = BLACK + (WHITE - BLACK) * spread ** np.clip(gamma, *GAMMAS)
    return curve


def white_balance(image: pyvips.Image, *, amount: float) -> pyvips.Image:
    """Remove a colour cast by `amount`, 0 to 1; lightness is kept to a tenth.

    Shades of grey: a Minkowski mean of each channel (Finlayson and Trezzi 2004, "Shades of Gray and Colour
    Constancy").
    """
    if amount == 0:
        return image
    gains = _gains(thumbnail(image).reshape(-1, 3)) ** amount
    return through(image, *(to_srgb(to_linear(IDENTITY) * gain) for gain in gains))


def _gains(colours: Pixels) -> Floats:
    whole = colours[colours.max(1) < CLIPPED]
    amounts = to_linear((whole if len(whole) else colours).astype(np.float64) / 255)
    means = (amounts**NORM).mean(0) ** (1 / NORM)
    return np.asarray((means.mean() / np.maximum(means, 1e-4)).clip(*GAINS), np.float32)


def hdr(image: pyvips.Image, *, amount: float, seamless: bool = False) -> pyvips.Image:
    """Compress tones locally by `amount`, 0 to 1, with a center/surround operator.

    The surround moves towards middle grey, and the difference from it grows (after Jobson, Rahman and Woodell
    1997, "Properties and Performance of a Center/Surround Retinex"). `seamless`: the left edge of a panorama
    continues at the right one.
    """
    if amount == 0:
        return image
    return on_colours(image, lambda colours: _hdr(colours, amount, WRAP if seamless else 0))


def _hdr(colours: pyvips.Image, amount: float, wrap: int) -> pyvips.Image:
    light = lightness(colours)
    around = _surround(colours, wrap)
    wanted = light + ((light - around) * LIVELIER + (128 - around) * CALMER) * amount
    return as_bytes(colours * ((wanted + 1) / (light + 1)).clamp(min=DARKER, max=LIGHTER))


def _surround(colours: pyvips.Image, wrap: int) -> pyvips.Image:
    """Blurred lightness around each pixel."""
    small = lightness(pyvips.Image.new_from_array(thumbnail(colours)))
    across, down = colours.width / small.width, colours.height / small.height
    wider = small.embed(wrap, 0, small.width + 2 * wrap, small.height, extend="repeat")
    soft = wider.gaussblur(AROUND).resize(across, vscale=down, kernel="linear")
    return soft.crop(round(wrap * across), 0, colours.width, colours.height)


# Hues as a and b of CIELAB: of dark tones, and what is added to them in light ones and in the sky.
LEAVES, BROWN, SKY = (-18.0, 10.0), (36.0, 20.0), (-24.0, -62.0)
DARK, HORIZON, STEEPNESS = 0.25, 0.3, 4.0  # tone, and tone times height, from which these begin, and how fast


def colorize(image: pyvips.Image) -> pyvips.Image:
    """Map dark tones to green, others to brown, light ones near the top to blue; tones are kept.

    Present colours are ignored.
    """
    return on_colours(image, _colorize)


def _colorize(colours: pyvips.Image) -> pyvips.Image:
    tone = colours.colourspace("lab")[0] / 100
    height = 1 - pyvips.Image.xyz(tone.width, tone.height)[1] / tone.height
    light = ((tone - DARK) * STEEPNESS).clamp()
    sky = ((tone * height - HORIZON) * STEEPNESS).clamp()
    fullness = 1 - (tone * 2 - 1) ** 2  # black and white have no hue
    lab = (tone * 100).bandjoin((light * [*BROWN] + sky * [*SKY] + [*LEAVES]) * fullness)
    return lab.cast("float").copy(interpretation="lab").colourspace("srgb")
