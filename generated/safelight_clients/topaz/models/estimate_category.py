from enum import StrEnum


class EstimateCategory(StrEnum):
    DENOISE = "Denoise"
    ENHANCE = "Enhance"
    LIGHTING = "Lighting"
    MATTING = "Matting"
    RESTORE = "Restore"
    SHARPEN = "Sharpen"
    TOOL = "Tool"

    @classmethod
    def _missing_(cls, value: object) -> "EstimateCategory | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
