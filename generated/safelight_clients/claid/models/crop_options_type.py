from enum import StrEnum


class CropOptionsType(StrEnum):
    CROP = "crop"

    def __str__(self) -> str:
        return str(self.value)
