from enum import StrEnum


class CMYKColorProfileEnum(StrEnum):
    ISO_COATED = "ISO_Coated"
    ISO_UNCOATED = "ISO_Uncoated"
    USWEB_COATED = "USWeb_Coated"
    USWEB_UNCOATED = "USWeb_Uncoated"

    @classmethod
    def _missing_(cls, value: object) -> "CMYKColorProfileEnum | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
