from enum import StrEnum


class ToolRequestOutputFormat(StrEnum):
    PNG = "png"

    def __str__(self) -> str:
        return str(self.value)
