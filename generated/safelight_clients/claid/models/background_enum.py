from enum import StrEnum


class BackgroundEnum(StrEnum):
    TRANSPARENT = "transparent"

    def __str__(self) -> str:
        return str(self.value)
