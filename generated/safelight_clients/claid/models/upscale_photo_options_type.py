from enum import StrEnum


class UpscalePhotoOptionsType(StrEnum):
    PHOTO = "photo"

    def __str__(self) -> str:
        return str(self.value)
