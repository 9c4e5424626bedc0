from enum import StrEnum


class AvifLossyCompressionOptionsType(StrEnum):
    LOSSY = "lossy"

    def __str__(self) -> str:
        return str(self.value)
