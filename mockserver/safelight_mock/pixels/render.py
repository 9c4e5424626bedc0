"""Makes a result: the one entrance to the darkroom, which loads when the first picture is asked for."""

from pathlib import Path

from safelight_mock.core.picture import Recipe


def render(source: Path, recipe: Recipe, target: Path) -> None:
    """Apply `recipe` to `source` and put the result at `target`, whole or not at all.

    The result is upright, 8 bits a channel, in sRGB, of exactly the format and size `recipe.output` names,
    and carries no metadata: the same bytes for the same source, recipe and library versions.
    Raises `PixelError` if the source cannot be decoded.
    """
    from safelight_mock.pixels import darkroom  # noqa: PLC0415 keeps vips out of start-up

    darkroom.develop(source, recipe, target)
