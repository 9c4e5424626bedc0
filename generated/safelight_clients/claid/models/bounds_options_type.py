from enum import StrEnum


class BoundsOptionsType(StrEnum):
    BOUNDS = "bounds"

    def __str__(self) -> str:
        return str(self.value)
