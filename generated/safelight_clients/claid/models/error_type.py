from enum import StrEnum


class ErrorType(StrEnum):
    ANALYTICS = "analytics"
    ANIMATION = "animation"
    AUTH = "auth"
    BILLING = "billing"
    CUSTOM_MODELS = "custom_models"
    DLVR = "dlvr"
    GENERAL = "general"
    IMAGE = "image"
    LE = "le"
    RUNTIME_SETTINGS = "runtime_settings"
    SCENE = "scene"
    STORAGE = "storage"
    SURVEY = "survey"
    USER = "user"
    USER_SETTINGS = "user_settings"
    VALIDATION = "validation"
    WEB = "web"

    @classmethod
    def _missing_(cls, value: object) -> "ErrorType | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
