"""How tests write down what is to be made of a picture."""

from pathlib import Path

import pytest
from PIL import Image

from safelight_mock.core import Format, Picture, Recipe, RecipeStep

SLOW = pytest.mark.slow
RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


def resizing(width: int, height: int, fit: str = "stretch") -> RecipeStep:
    return RecipeStep(name="resize", settings={"width": width, "height": height, "fit": fit})


def recipe_for(format_: Format, width: int, height: int, *steps: RecipeStep) -> Recipe:
    return Recipe(steps=steps, output=Picture(format=format_, width=width, height=height))


def saved(image: Image.Image, file: Path, format_: str = "PNG", **options: object) -> Path:
    image.save(file, format_, **options)
    return file
