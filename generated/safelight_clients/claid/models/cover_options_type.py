from enum import StrEnum


class CoverOptionsType(StrEnum):
    COVER = "cover"

    def __str__(self) -> str:
        return str(self.value)
