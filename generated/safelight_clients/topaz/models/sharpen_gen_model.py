from enum import StrEnum


class SharpenGenModel(StrEnum):
    SUPER_FOCUS_V2 = "Super Focus V2"

    def __str__(self) -> str:
        return str(self.value)
