from enum import StrEnum


class CanvasOptionsType(StrEnum):
    CANVAS = "canvas"

    def __str__(self) -> str:
        return str(self.value)
