from enum import StrEnum


class CMYKColorSpaceOptionsType(StrEnum):
    CMYK = "CMYK"

    def __str__(self) -> str:
        return str(self.value)
