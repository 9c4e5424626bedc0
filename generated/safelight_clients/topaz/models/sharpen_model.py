from enum import StrEnum


class SharpenModel(StrEnum):
    LENS_BLUR = "Lens Blur"
    LENS_BLUR_V2 = "Lens Blur V2"
    MOTION_BLUR = "Motion Blur"
    NATURAL = "Natural"
    PORTRAIT = "Portrait"
    REFOCUS = "Refocus"
    STANDARD = "Standard"
    STRONG = "Strong"
    WILDLIFE = "Wildlife"

    @classmethod
    def _missing_(cls, value: object) -> "SharpenModel | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
