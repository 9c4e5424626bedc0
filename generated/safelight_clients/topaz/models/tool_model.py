from enum import StrEnum


class ToolModel(StrEnum):
    TRANSPARENCY_UPSCALE = "Transparency Upscale"

    def __str__(self) -> str:
        return str(self.value)
