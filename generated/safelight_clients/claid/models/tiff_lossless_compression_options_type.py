from enum import StrEnum


class TiffLosslessCompressionOptionsType(StrEnum):
    LOSSLESS = "lossless"

    def __str__(self) -> str:
        return str(self.value)
