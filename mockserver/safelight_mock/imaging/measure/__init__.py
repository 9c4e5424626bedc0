"""Measuring images.

`statistics` decodes a file once and computes `ImageStatistics` from what `sampling` keeps of it: a thumbnail
and full-size tiles. `noise_sigma`, `blur_effect`, `blockiness` and `skin_color` compute one number or mask
each.
"""

import msgspec


class ImageStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """Noise in 8-bit steps, all others from 0 to 1.

    `noise`: standard deviation, of lightness or of a colour channel, whichever is noisier. `blur`: how little
    further blurring changes; sharp photographs lie near 0.3. `blockiness`: share of the steps across a grid
    of 8 x 8 pixels that the grid alone explains. `exposure`: mean lightness. `contrast`: distance between the
    2nd and the 98th percentile of lightness. `cast`: chroma of the mean colour. `skin`: share of pixels in a
    colour of human skin. `inks`: 1 for a CMYK file, else 0. `alpha`: 1 for a file with alpha, else 0.
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
