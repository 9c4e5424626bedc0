from enum import StrEnum


class FormatTiffOptionsType(StrEnum):
    TIFF = "tiff"

    def __str__(self) -> str:
        return str(self.value)
