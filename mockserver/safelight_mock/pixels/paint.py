"""Colours by name, for grounds and margins."""

import pyvips

OWN, CLEAR = "own", "transparent"
WHITE = (255, 255, 255)


def paint(colour: str, image: pyvips.Image) -> tuple[int, ...] | None:
    """Tell red, green and blue; None stands for clear.

    `colour` is `#rrggbb`, `transparent`, or `own`: clear for a picture that has alpha, white for others.
    """
    if colour == CLEAR or (colour == OWN and image.hasalpha()):
        return None
    return WHITE if colour == OWN else tuple(bytes.fromhex(colour.removeprefix("#")))
