from enum import StrEnum


class FormatWebpOptionsType(StrEnum):
    WEBP = "webp"

    def __str__(self) -> str:
        return str(self.value)
