from enum import StrEnum


class WebpLosslessCompressionOptionsType(StrEnum):
    LOSSLESS = "lossless"

    def __str__(self) -> str:
        return str(self.value)
