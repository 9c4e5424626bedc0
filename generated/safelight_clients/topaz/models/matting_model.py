from enum import StrEnum


class MattingModel(StrEnum):
    OBJECT = "Object"

    def __str__(self) -> str:
        return str(self.value)
