from enum import StrEnum


class ArtworkFormat(StrEnum):
    AUTO = "auto"
    PNG = "png"
    WEBP = "webp"

    @classmethod
    def _missing_(cls, value: object) -> "ArtworkFormat | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
