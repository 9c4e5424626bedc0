from enum import StrEnum


class TiffLossyCompressionOptionsType(StrEnum):
    LOSSY = "lossy"

    def __str__(self) -> str:
        return str(self.value)
