"""The step that leaves a person's face out of the picture: everything above the mouth is cut off.

An imitation: it finds regions in a colour of skin that are about as long as a face, and takes the mouth to be
where faces have it.
"""

import pyvips

from safelight_mock.pixels.faces import skin_regions
from safelight_mock.pixels.regions import boxes
from safelight_mock.pixels.resize import resize

LENGTHS = 0.8, 1.6  # times as high as wide
FULL, WIDE = (
    0.55,
    0.6,
)  # share of its rectangle that a face fills at least, and of the picture's width at most
MOUTH = 0.75  # of a face's height, from above
LOWEST = 0.9  # of the picture's height, past which too little would be left


def hide_faces(image: pyvips.Image) -> pyvips.Image:
    """Cut at the lowest mouth, and let the rest fill the size; a picture without faces stays as it is."""
    mouth = _mouth(image)
    if not mouth:
        return image
    below = image.crop(0, mouth, image.width, image.height - mouth)
    return resize(below, width=image.width, height=image.height, fit="crop")


def _mouth(image: pyvips.Image) -> int:
    """Row of the lowest mouth; 0 if there is none."""
    skin = skin_regions(image)
    down, across = image.height / skin.shape[0], image.width / skin.shape[1]
    mouths = [
        int((box.top + MOUTH * box.height) * down)
        for box in boxes(skin)
        if LENGTHS[0] <= box.height * down / (box.width * across) <= LENGTHS[1]
    ]
    return max((mouth for mouth in mouths if mouth < LOWEST * image.height), default=0)
