"""Keys of requests, which are masked wherever they come back, and texts without them or signed links."""

import re
from collections.abc import Iterable, Mapping

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.redaction import MASK, is_secret

UNMISTAKABLE = 16  # characters of a key that is masked within words, too
SHORTEST = 4  # characters of a key that is masked within a text; a shorter one is masked if it is all of it
MOST = 1_000  # keys
URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


class Secrets:
    """The keys that requests had."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}

    def note(self, headers: Mapping[str, str], keys: Iterable[str]) -> None:
        """Remember the keys of a request, its cookies, and the values of headers with secret names."""
        named = [value for name, value in headers.items() if is_secret(name)]
        cookies = [pair.partition("=")[2] for pair in headers.get("cookie", "").split("; ")]
        for key in (*keys, *named, *(value.rpartition(" ")[2] for value in named), *cookies):
            if key and len(self._keys) < MOST:
                self._keys[key] = None

    def note_values(self, value: JSON) -> None:
        """Remember the texts in the body or the query of a request that have secret names."""
        if isinstance(value, Mapping):
            self.note({}, (one for name, one in value.items() if isinstance(one, str) and is_secret(name)))
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        for one in inner:
            self.note_values(one)

    def masked(self, text: str) -> str:
        """Return a text without the keys."""
        for key in self._keys:
            if key == text:
                return MASK
            if len(key) >= UNMISTAKABLE:
                text = text.replace(key, MASK)
            elif len(key) >= SHORTEST and key in text:
                text = re.sub(rf"(?<!\w){re.escape(key)}(?!\w)", MASK, text)
        return text


def without_query(url: str) -> str:
    """Return a URL without what may be secret in it: user, query and fragment."""
    scheme, _, rest = url.partition("://")
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
