from enum import StrEnum


class JobStatusNotificationStatus(StrEnum):
    CANCELLED = "Cancelled"
    COMPLETED = "Completed"
    FAILED = "Failed"
    PENDING = "Pending"
    PROCESSING = "Processing"

    @classmethod
    def _missing_(cls, value: object) -> "JobStatusNotificationStatus | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
