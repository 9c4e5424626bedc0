from enum import StrEnum


class LightingModel(StrEnum):
    ADJUST = "Adjust"
    ADJUST_V2 = "Adjust V2"
    COLORIZE = "Colorize"
    WHITE_BALANCE = "White Balance"

    @classmethod
    def _missing_(cls, value: object) -> "LightingModel | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
