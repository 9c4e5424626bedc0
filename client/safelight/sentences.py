"""What a service says in words, be it one text or a list of them."""

from safelight.expressions import JSON


def said(value: JSON) -> str:
    """Return a text, or the texts of a list in a row; nothing else says anything."""
    if isinstance(value, list):
        return "; ".join(text for text in value if text and isinstance(text, str))
    return value if isinstance(value, str) else ""
