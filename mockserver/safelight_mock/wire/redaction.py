"""Hiding what opens something: passwords in addresses, and parameters that are secret by their names.

Every pattern here is linear: texts from outside may be long, and are masked while others wait.
"""

from re import IGNORECASE, Match
from re import compile as pattern

MASK = "***"

# In a name; `author`, `authority`, `monkey` and `keyword` say nothing secret.
SECRETS = pattern(
    r"(?<!mon)key(?!word|board|frame)|token|secret|signature|passw|passphrase|credential"
    r"|auth(?!or(?!i[sz]))|hmac|jwt|^(?:sig|pwd|pass)$",
    IGNORECASE,
)
OWNER = pattern(r"(?<=://)[^/?#\s\"']+(?=@)")  # of an address: a name and a password
# Of a query, also of one within a parameter of another. A name ends where the next parameter begins, which is
# what keeps the pattern linear.
PARAMETER = pattern(
    r"([?&]|%3F|%26)((?:(?!%3F|%26|%3D)[^=&?\s])+)(=|%3D)((?:(?!%3F|%26)[^&?\s\"'])+)", IGNORECASE
)


def masked(text: str) -> str:
    """Return a text without what opens something: passwords in addresses, and signatures of links."""
    return PARAMETER.sub(_parameter, OWNER.sub(MASK, text))


def is_secret(name: str) -> bool:
    """Return whether a parameter of that name is not to be shown."""
    return SECRETS.search(name) is not None


def _parameter(found: Match[str]) -> str:
    begin, name, equals, _ = found.groups()
    return f"{begin}{name}{equals}{MASK}" if is_secret(name) else found[0]
