from enum import StrEnum


class EnhanceGenModel(StrEnum):
    RECOVERY = "Recovery"
    RECOVERY_V2 = "Recovery V2"
    REDEFINE = "Redefine"
    STANDARD_MAX = "Standard MAX"
    WONDER = "Wonder"

    @classmethod
    def _missing_(cls, value: object) -> "EnhanceGenModel | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
