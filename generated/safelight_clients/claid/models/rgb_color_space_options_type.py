from enum import StrEnum


class RGBColorSpaceOptionsType(StrEnum):
    RGB = "RGB"

    def __str__(self) -> str:
        return str(self.value)
