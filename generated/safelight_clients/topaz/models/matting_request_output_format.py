from enum import StrEnum


class MattingRequestOutputFormat(StrEnum):
    PNG = "png"

    def __str__(self) -> str:
        return str(self.value)
