from enum import StrEnum


class RestoreGenModel(StrEnum):
    DUST_SCRATCH = "Dust-Scratch"
    DUST_SCRATCH_V2 = "Dust-Scratch V2"

    @classmethod
    def _missing_(cls, value: object) -> "RestoreGenModel | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
