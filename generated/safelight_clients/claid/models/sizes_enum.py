from enum import StrEnum


class SizesEnum(StrEnum):
    AUTO = "auto"

    def __str__(self) -> str:
        return str(self.value)
