from enum import StrEnum


class FormatAvifOptionsType(StrEnum):
    AVIF = "avif"

    def __str__(self) -> str:
        return str(self.value)
