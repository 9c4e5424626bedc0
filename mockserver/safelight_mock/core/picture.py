"""What is known of a picture without decoding it, and the recipe that makes one from another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Format(StrEnum):
    """An image format, by the name status bodies and file names use."""

    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    WEBP = "webp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Format and upright size in pixels, as a file's header tells them."""

    format: Format
    width: int
    height: int

    @property
    def megapixels(self) -> float:
        """Size in millions of pixels."""
        return self.width * self.height / 1_000_000


UNSEEN = Picture(format=Format.JPEG, width=0, height=0)
"""Stands for a picture nobody has seen: its file could not be had, or is no image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One named operation on pixels with its settings, as plain data."""

    name: str
    settings: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a result follows from an input: steps in order, then the picture that must come out."""

    steps: tuple[Step, ...]
    output: Picture
