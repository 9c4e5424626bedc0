"""The step that lays a whole picture on a canvas, with margins if there are to be any."""

import pyvips

from safelight_mock.core.aspect_fit import within
from safelight_mock.pixels.paint import OWN, paint
from safelight_mock.pixels.resize import resize


def canvas(  # noqa: PLR0913 four margins are four settings
    image: pyvips.Image,
    *,
    width: int,
    height: int,
    background: str = OWN,
    top: int = 0,
    right: int = 0,
    bottom: int = 0,
    left: int = 0,
) -> pyvips.Image:
    """Scale a picture to the largest size that fits between the margins, in pixels, of `width` x `height`.

    It lies in the middle. `background` is `#rrggbb`, `transparent`, or `own`: clear around a picture that has
    alpha, white around others.
    """
    room = max(1, width - left - right), max(1, height - top - bottom)
    inside = within((image.width, image.height), room)
    if inside == (width, height):
        return resize(image, width=width, height=height, fit="stretch")
    place = left + (room[0] - inside[0]) // 2, top + (room[1] - inside[1]) // 2
    picture = resize(image, width=inside[0], height=inside[1], fit="stretch")
    return _laid(picture, place, (width, height), paint(background, image))


def _laid(
    picture: pyvips.Image,
    place: tuple[int, int],
    size: tuple[int, int],
    colour: tuple[int, ...] | None,
) -> pyvips.Image:
    if colour is None and not picture.hasalpha():
        picture = picture.bandjoin(255).copy(interpretation="srgb")
    ground = [0, 0, 0, 0] if colour is None else [*colour, 255]
    return picture.embed(*place, *size, extend="background", background=ground[: picture.bands])
