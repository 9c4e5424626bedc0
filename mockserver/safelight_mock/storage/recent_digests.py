"""SHA-256 digests of the contents that came last: test suites upload the same few files again and again."""

import hashlib
from collections.abc import Callable
from threading import Lock

MOST = 16  # contents kept, of up to 256 KB each
ENDS = 64  # bytes at both ends by which a content is looked up


def sha256_of(content: bytes) -> str:
    """Hash a content; return its digest in hex."""
    return hashlib.sha256(content).hexdigest()


class RecentDigests:
    """Digests of contents, of which the last are kept: to compare 100 KB takes 2 µs, to hash them 70.

    A content is found by its length and its ends and then compared whole, so it is never taken for another.
    """

    def __init__(self, digest_of: Callable[[bytes], str] = sha256_of) -> None:
        self._digest_of = digest_of
        self._known: dict[tuple[int, bytes, bytes], tuple[bytes, str]] = {}
        self._lock = Lock()

    def of(self, content: bytes) -> str:
        """Return the digest of a content in hex; may be called from any thread."""
        place = len(content), content[:ENDS], content[-ENDS:]
        known = self._known.get(place)
        if known is not None and known[0] == content:
            return known[1]
        digest = self._digest_of(content)
        with self._lock:
            self._known.pop(place, None)
            self._known[place] = content, digest
            if len(self._known) > MOST:
                del self._known[next(iter(self._known))]
        return digest
