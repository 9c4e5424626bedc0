"""Messages of a service, which are a text or a list of texts."""

from safelight_lifecycle import JSON


def join_messages(value: JSON) -> str:
    """Return a text, or the texts of a list joined by `; `; an empty text for anything else."""
    texts = value if isinstance(value, list) else [value]
    *others, last = [text for text in texts if isinstance(text, str)] or [""]
    return "; ".join([*(text.removesuffix(".") for text in others), last])
