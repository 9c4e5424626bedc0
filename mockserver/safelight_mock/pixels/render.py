"""Makes a result: the one entrance to the darkroom, which loads when the first picture is asked for."""

from collections.abc import Callable
from pathlib import Path

from safelight_mock.core.picture import Recipe


def render(source: Path, recipe: Recipe, target: Path, find: Callable[[str], Path] = Path) -> None:
    """Apply `recipe` to `source` and put the result at `target`, whole or not at all.

    A step's setting `reference` names a second picture; `find` tells where its file is.

    The result is upright, 8 bits a channel, in sRGB (unless printing inks were asked for), of exactly the
    format and size `recipe.output` names, and carries no metadata that was not asked for: the same bytes for
    the same sources, recipe and library versions.
    Raises `PixelError` if the source, or a second picture, cannot be decoded.
    """
    from safelight_mock.pixels import darkroom  # noqa: PLC0415 keeps vips out of start-up

    darkroom.develop(source, recipe, target, find)
