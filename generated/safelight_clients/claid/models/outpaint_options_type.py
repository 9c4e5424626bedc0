from enum import StrEnum


class OutpaintOptionsType(StrEnum):
    OUTPAINT = "outpaint"

    def __str__(self) -> str:
        return str(self.value)
