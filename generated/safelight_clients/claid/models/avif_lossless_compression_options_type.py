from enum import StrEnum


class AvifLosslessCompressionOptionsType(StrEnum):
    LOSSLESS = "lossless"

    def __str__(self) -> str:
        return str(self.value)
