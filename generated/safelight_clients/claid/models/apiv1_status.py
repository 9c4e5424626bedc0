from enum import StrEnum


class APIV1Status(StrEnum):
    ACCEPTED = "ACCEPTED"
    CANCELLED = "CANCELLED"
    DONE = "DONE"
    ERROR = "ERROR"
    PAUSED = "PAUSED"
    PROCESSING = "PROCESSING"
    WAITING = "WAITING"

    @classmethod
    def _missing_(cls, value: object) -> "APIV1Status | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
