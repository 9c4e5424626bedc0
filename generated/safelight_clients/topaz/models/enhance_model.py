from enum import StrEnum


class EnhanceModel(StrEnum):
    CGI = "CGI"
    HIGH_FIDELITY_V2 = "High Fidelity V2"
    LOW_RESOLUTION_V2 = "Low Resolution V2"
    STANDARD_V2 = "Standard V2"
    TEXT_REFINE = "Text Refine"

    @classmethod
    def _missing_(cls, value: object) -> "EnhanceModel | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
