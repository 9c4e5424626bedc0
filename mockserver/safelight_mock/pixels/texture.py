"""Fine texture out of nothing: noise between two scales, the same for the same seed."""

import pyvips

FINE, COARSE = 0.7, 2.0  # pixels of blur: what is finer or coarser than that is left out
LOUDNESS = 4.1  # brings what is left back to the strength of the noise it was made of


def texture(image: pyvips.Image, seed: int) -> pyvips.Image:
    """One band as large as `image`, around 0 with a standard deviation of 1."""
    noise = pyvips.Image.gaussnoise(image.width, image.height, mean=0, sigma=LOUDNESS, seed=seed & 0x7FFFFFFF)
    return noise.gaussblur(FINE) - noise.gaussblur(COARSE)
