from enum import StrEnum


class FormatEnum(StrEnum):
    AVIF = "avif"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    WEBP = "webp"

    @classmethod
    def _missing_(cls, value: object) -> "FormatEnum | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
