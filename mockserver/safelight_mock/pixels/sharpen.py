"""The step that sharpens: an unsharp mask on lightness, so that colours keep their place."""

import pyvips

RADIUS = 1.0  # pixels, the blur's sigma
GAIN = 3.0  # lightness added per unit of detail, at full amount
FLAT_BELOW = 1.5  # detail of fewer units of lightness is noise and stays as it is
BRIGHTER, DARKER = 15.0, 20.0  # most an edge may gain or lose, against halos


def sharpen(image: pyvips.Image, *, amount: float) -> pyvips.Image:
    """Sharpen by `amount` from 0 (nothing) to 1."""
    if amount == 0:
        return image
    return image.sharpen(sigma=RADIUS, x1=FLAT_BELOW, y2=BRIGHTER, y3=DARKER, m1=0, m2=GAIN * amount)
