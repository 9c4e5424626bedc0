"""Placeholder images for URLs that are not loaded: always the same one for the same URL."""

from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath

import numpy as np
from PIL import Image, ImageDraw

SIZE = (1024, 768)
FORMATS = {".png": "PNG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}  # by extension; others are JPEG
HILLS = 6
TILE = 256  # pixels of the side of the repeated square of grain
GRAIN = 6.0  # standard deviation of its noise, in levels of 255


def placeholder_image(address: str, path: str) -> bytes:
    """Return an image file of hills under a sky, in the format of the extension of `path`."""
    chance = np.random.default_rng(list(sha256(address.encode()).digest()))
    picture = _hills(_sky(chance), chance)
    grain = np.tile(chance.normal(0, GRAIN, (TILE, TILE, 1)).round(), (SIZE[1] // TILE, SIZE[0] // TILE, 1))
    grainy = np.asarray(picture, np.int16) + grain.astype(np.int16)
    file = BytesIO()
    kind = FORMATS.get(PurePosixPath(path).suffix.lower(), "JPEG")
    Image.fromarray(grainy.clip(0, 255).astype(np.uint8)).save(file, kind)
    return file.getvalue()


def _sky(chance: np.random.Generator) -> Image.Image:
    above, below = chance.integers(90, 256, (2, 3))
    falling = np.linspace(0, 1, SIZE[1])[:, None, None]
    column = above + (below - above) * falling
    return Image.fromarray(np.broadcast_to(column, (SIZE[1], SIZE[0], 3)).astype(np.uint8))


def _hills(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    draw = ImageDraw.Draw(picture)
    across = np.linspace(0, 1, 65)
    colour = chance.integers(60, 200, 3)
    for hill in range(1, HILLS + 1):
        height, waves, shift = chance.uniform(0.02, 0.1), chance.uniform(0.5, 3), chance.uniform(0, 7)
        crest = (0.3 + 0.1 * hill + height * np.sin(waves * 7 * across + shift)) * SIZE[1]
        outline = [(x * SIZE[0], y) for x, y in zip(across.tolist(), crest.tolist(), strict=True)]
        shade = tuple(int(level * (1 - hill / (HILLS + 2))) for level in colour)
        draw.polygon([(0, SIZE[1]), *outline, SIZE], fill=shade)
    return picture
