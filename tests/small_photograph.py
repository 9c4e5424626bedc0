"""A small photograph, for tests that are not about images: to look at a large one takes 0.1 s each time."""

from io import BytesIO
from pathlib import Path

from PIL import Image


def _small() -> bytes:
    with Image.open(Path(__file__).parents[1] / "docs/photograph/dahlia.jpg") as photograph:
        photograph.thumbnail((96, 96))
        written = BytesIO()
        photograph.save(written, "JPEG")
    return written.getvalue()


PHOTO = _small()
