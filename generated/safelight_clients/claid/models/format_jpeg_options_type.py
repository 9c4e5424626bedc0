from enum import StrEnum


class FormatJpegOptionsType(StrEnum):
    JPEG = "jpeg"

    def __str__(self) -> str:
        return str(self.value)
