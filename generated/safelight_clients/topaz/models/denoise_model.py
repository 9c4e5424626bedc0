from enum import StrEnum


class DenoiseModel(StrEnum):
    EXTREME = "Extreme"
    NORMAL = "Normal"
    STRONG = "Strong"

    @classmethod
    def _missing_(cls, value: object) -> "DenoiseModel | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
