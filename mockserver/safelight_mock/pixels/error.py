"""What goes wrong with pixels."""


class PixelError(Exception):
    """A picture could not be decoded, or what was made of it could not be written."""
