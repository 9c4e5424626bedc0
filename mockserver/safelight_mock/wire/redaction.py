"""Masks secrets in texts: passwords in URLs, and query parameters with secret names.

Every pattern is linear in the length of the text (no ReDoS): texts of requests may be long, and they are
masked on the event loop.
"""

from re import IGNORECASE, Match
from re import compile as pattern

MASK = "***"

# In a parameter name; `author`, `authority`, `monkey` and `keyword` are not secret.
SECRETS = pattern(
    r"(?<!mon)key(?!word|board|frame)|token|secret|signature|passw|passphrase|credential"
    r"|auth(?!or(?!i[sz]))|hmac|jwt|^(?:sig|pwd|pass)$",
    IGNORECASE,
)
OWNER = pattern(r"(?<=://)[^/?#\s\"']+(?=@)")  # userinfo of a URL
# A query parameter, also of a percent-encoded URL within another parameter. A name ends where the next
# parameter begins, which keeps the pattern linear.
PARAMETER = pattern(
    r"([?&]|%3F|%26)((?:(?!%3F|%26|%3D)[^=&?\s])+)(=|%3D)((?:(?!%3F|%26)[^&?\s\"'])+)", IGNORECASE
)


def masked(text: str) -> str:
    """Return a text with its secrets masked: userinfo of URLs, and values of secret parameters."""
    return PARAMETER.sub(_parameter, OWNER.sub(MASK, text))


def is_secret(name: str) -> bool:
    """Return whether a parameter of that name is secret."""
    return SECRETS.search(name) is not None


def _parameter(match: Match[str]) -> str:
    begin, name, equals, _ = match.groups()
    return f"{begin}{name}{equals}{MASK}" if is_secret(name) else match[0]
