"""How large a picture becomes that is to lie in a frame, or to fill one, and keeps its proportions."""

from typing import NamedTuple

Size = tuple[int, int]
"""Width and height in pixels."""


class Box(NamedTuple):
    """A rectangle in a picture, in its pixels."""

    left: int
    top: int
    width: int
    height: int


def within(size: Size, frame: Size) -> Size:
    """Return the largest size of the same proportions that the frame holds."""
    return _scaled(size, min(_shares(size, frame)))


def around(size: Size, frame: Size) -> Size:
    """Return the smallest size of the same proportions that covers the frame."""
    return _scaled(size, max(_shares(size, frame)))


def part(size: Size, frame: Size) -> Size:
    """Return how much of a picture, in its own pixels, a frame shows that it fills."""
    scale = max(_shares(size, frame))
    width, height = (max(1, round(side / scale)) for side in frame)
    return min(size[0], width), min(size[1], height)


def _shares(size: Size, frame: Size) -> tuple[float, float]:
    return frame[0] / size[0], frame[1] / size[1]


def _scaled(size: Size, scale: float) -> Size:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
