"""What a service says in words, be it one text or a list of them."""

from safelight._http.response import JSON


def said(value: JSON) -> str:
    """Return a text, or the texts of a list in a row; nothing else says anything."""
    texts = value if isinstance(value, list) else [value]
    *others, last = [text for text in texts if isinstance(text, str)] or [""]
    return "; ".join([*(text.removesuffix(".") for text in others), last])
