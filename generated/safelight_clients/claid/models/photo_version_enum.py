from enum import StrEnum


class PhotoVersionEnum(StrEnum):
    VALUE_0 = "1"
    VALUE_1 = "2"
    VALUE_2 = "3"

    @classmethod
    def _missing_(cls, value: object) -> "PhotoVersionEnum | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
