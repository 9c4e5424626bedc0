"""The field Host: which values are valid, and which name or address one carries."""

import re
from functools import lru_cache

HOSTS = 1_000  # values remembered
LONGEST = 300  # characters; a name in the DNS has at most 253

# RFC 9110, section 7.2, by RFC 3986, section 3.2: no user, and a name that may be empty.
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::[0-9]*)?", re.ASCII)


def host_in(field: str) -> str | None:
    """Return the name or address in a Host field, without brackets or port; None if it is not valid."""
    return _host_in(field) if len(field) <= LONGEST else None


@lru_cache(HOSTS)
def _host_in(field: str) -> str | None:
    match = HOST.fullmatch(field)
    return match[1].strip("[]") if match else None
