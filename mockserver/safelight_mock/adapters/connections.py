"""How many connections a server keeps, and for how long one may say nothing."""

from contextlib import suppress

import msgspec

from safelight_mock.config.settings import Settings
from safelight_mock.wire.logs import log

SPARE = 64  # descriptors for listening, logging, SQLite, pictures in the making and outgoing requests
EACH = 2  # descriptors of a connection: its own, and that of the file it uploads
UNLIMITED = 65_536  # connections where the system bounds descriptors by nothing, or by more than that
UNKNOWN = 512  # descriptors where the system does not say
SMALL = 256 * 1024  # bytes of the longest body that is gathered in memory before it is read
GATHERED = 32 * 1024 * 1024  # bytes that all connections may gather at a time


class ConnectionLimits(msgspec.Struct, kw_only=True):
    """The bounds of all connections to one server: seconds, and `most` connections at a time.

    `gather_timeout` is how long a small body is gathered, `gathered` how many bytes are set aside for that.
    """

    header_timeout: float
    keep_alive_timeout: float
    body_timeout: float
    most: int
    gather_timeout: float = 0.05
    gathered: int = 0
    _is_full: bool = False

    def admits(self, number: int) -> bool:
        """Return whether a connection may stay that makes so many; log the first that may not.

        It is logged again only after the number has fallen to half the bound: a server that stays full
        would otherwise write a line for each connection it refuses.
        """
        if number <= self.most:
            self._is_full = self._is_full and number > max(1, self.most // 2)
            return True
        if not self._is_full:
            log.warning(
                "all %d connections are in use: others are answered 503 (--max-connections)", self.most
            )
        self._is_full = True
        return False

    def gathers(self, length: int) -> bool:
        """Return whether a body of this length may be gathered; if so, set as many bytes aside for it."""
        if length > SMALL or self.gathered + length > GATHERED:
            return False
        self.gathered += length
        return True


def bounds_of(settings: Settings) -> ConnectionLimits:
    """Return the bounds that settings choose; raises ValueError for more connections than descriptors."""
    most = affordable(descriptors())
    chosen = settings.max_connections or most
    if chosen > most:
        raise ValueError(
            f"max_connections must be at most {most} under the limit of {descriptors()} open files, "
            f"not {chosen}; choose fewer, or raise the limit (ulimit -n)"
        )
    return ConnectionLimits(
        header_timeout=settings.header_timeout,
        keep_alive_timeout=settings.keep_alive_timeout,
        body_timeout=settings.body_timeout,
        most=chosen,
    )


def affordable(limit: int) -> int:
    """Return how many connections fit under a limit of open files; at least one."""
    return max(1, min(UNLIMITED, (limit - SPARE) // EACH))


def descriptors() -> int:
    """Return how many files this process may have open."""
    with suppress(ImportError):  # Windows has no such limit to ask for
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit  # noqa: PLC0415 - see above

        soft, _ = getrlimit(RLIMIT_NOFILE)
        return SPARE + EACH * UNLIMITED if soft == RLIM_INFINITY else soft
    return UNKNOWN
