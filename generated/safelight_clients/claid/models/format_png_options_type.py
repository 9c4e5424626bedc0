from enum import StrEnum


class FormatPngOptionsType(StrEnum):
    PNG = "png"

    def __str__(self) -> str:
        return str(self.value)
