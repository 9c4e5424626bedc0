from enum import StrEnum


class UpscaleEnum(StrEnum):
    DIGITAL_ART = "digital_art"
    FACES = "faces"
    PHOTO = "photo"
    SMART_ENHANCE = "smart_enhance"
    SMART_RESIZE = "smart_resize"

    @classmethod
    def _missing_(cls, value: object) -> "UpscaleEnum | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
