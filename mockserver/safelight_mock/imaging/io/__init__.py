"""Image files: their headers, opening them and writing them.

`probe` reads format and size from a header (`jpeg`, `webp` and `tiff` do so for those formats), `loading`
opens a file as a libvips image (`pillow_fallback` where libvips has no reader), `saving` writes one.
"""


class ImageError(Exception):
    """An image cannot be decoded, or a result cannot be written."""
