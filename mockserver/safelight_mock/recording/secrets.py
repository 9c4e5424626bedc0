"""Keys of requests, which are masked wherever they come back, and texts without them or signed links."""

import re
from collections.abc import Mapping

from safelight_mock.wire.redaction import MASK, is_secret

SHORTEST = 4  # characters of a key that is masked within a text; a shorter one is masked if it is all of it
MOST = 1_000  # keys
URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


class Secrets:
    """The keys that requests had."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}

    def note(self, headers: Mapping[str, str], keys: tuple[str, ...]) -> None:
        """Remember the keys of a request, and every header with a secret name."""
        named = (value for name, value in headers.items() if is_secret(name) or name == "cookie")
        for key in (*keys, *(part for value in named for part in (value, value.rpartition(" ")[2]))):
            if key and len(self._keys) < MOST:
                self._keys[key] = None

    @property
    def accounts(self) -> int:
        """How many keys there were."""
        return len(self._keys)

    def masked(self, text: str) -> str:
        """Return a text without the keys."""
        for key in self._keys:
            if key == text:
                return MASK
            if len(key) >= SHORTEST and key in text:
                text = re.sub(rf"(?<!\w){re.escape(key)}(?!\w)", MASK, text)
        return text


def without_query(url: str) -> str:
    """Return a URL without what may be secret in it: user, query and fragment."""
    scheme, _, rest = url.partition("://")
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
