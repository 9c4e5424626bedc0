"""Limits of connections: how many, and how long each may be silent."""

from contextlib import suppress

import msgspec

from safelight_mock.config.settings import Settings
from safelight_mock.wire.logs import log

SPARE = 64  # descriptors for listening, logging, SQLite, rendering and outgoing requests
EACH = 2  # descriptors of a connection: its socket, and the file of an upload
UNLIMITED = 65_536  # connections if the limit of descriptors is higher, or there is none
UNKNOWN = 512  # descriptors if the system has no such limit
SMALL = 256 * 1024  # bytes of the longest body that is buffered before it is parsed
GATHERED = 32 * 1024 * 1024  # bytes that all connections together may buffer


class ConnectionLimits(msgspec.Struct, kw_only=True):
    """Limits of the connections to one server: timeouts in seconds, and `most` open connections.

    `gather_timeout`: how long a small body is buffered; `gathered`: bytes reserved for that.
    """

    header_timeout: float
    keep_alive_timeout: float
    body_timeout: float
    most: int
    gather_timeout: float = 0.05
    gathered: int = 0
    _is_full: bool = False

    def admits(self, number: int) -> bool:
        """Return whether a connection is accepted, given their number with it; log the first rejection.

        The next one is logged only after the number has fallen to half the limit: a server that stays full
        would otherwise write a line for each rejected connection.
        """
        if number <= self.most:
            self._is_full = self._is_full and number > max(1, self.most // 2)
            return True
        if not self._is_full:
            log.warning("all %d connections are in use; further ones get 503 (--max-connections)", self.most)
        self._is_full = True
        return False

    def gathers(self, length: int) -> bool:
        """Return whether a body of this length may be buffered; if so, reserve its bytes."""
        if length > SMALL or self.gathered + length > GATHERED:
            return False
        self.gathered += length
        return True


def limits_of(settings: Settings) -> ConnectionLimits:
    """Return the limits by the settings; raises ValueError for more connections than descriptors allow."""
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
    """Return the number of connections under a limit of open files; at least one."""
    return max(1, min(UNLIMITED, (limit - SPARE) // EACH))


def descriptors() -> int:
    """Return the limit of open files of this process."""
    with suppress(ImportError):  # Windows has no such limit
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit  # noqa: PLC0415 - see above

        soft, _ = getrlimit(RLIMIT_NOFILE)
        return SPARE + EACH * UNLIMITED if soft == RLIM_INFINITY else soft
    return UNKNOWN
