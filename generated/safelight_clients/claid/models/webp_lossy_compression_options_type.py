from enum import StrEnum


class WebpLossyCompressionOptionsType(StrEnum):
    LOSSY = "lossy"

    def __str__(self) -> str:
        return str(self.value)
