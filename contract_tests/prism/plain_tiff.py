"""A picture that is text: no byte of it is above 127, so that it is the same after Prism has passed it on."""

from struct import pack

SIDE = 64
PIXELS_AT = 0x100
SHORT, LONG = 3, 4
BLACK_IS_ZERO = 1


def plain_tiff() -> bytes:
    """Return a grey TIFF of 64 by 64 pixels."""
    pixels = bytes((x * y) % 120 for y in range(SIDE) for x in range(SIDE))
    entries = [
        (256, SHORT, SIDE),
        (257, SHORT, SIDE),
        (258, SHORT, 8),
        (259, SHORT, 1),
        (262, SHORT, BLACK_IS_ZERO),
        (273, LONG, PIXELS_AT),
        (277, SHORT, 1),
        (278, SHORT, SIDE),
        (279, LONG, len(pixels)),
    ]
    directory = b"".join(pack("<HHIHH", tag, kind, 1, value, 0) for tag, kind, value in entries)
    head = b"II*\0" + pack("<IH", 8, len(entries)) + directory + pack("<I", 0)
    return head.ljust(PIXELS_AT, b"\0") + pixels
