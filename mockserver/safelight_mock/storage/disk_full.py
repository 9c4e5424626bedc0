"""Writing files to a disk that may be full."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safelight_mock.wire.logs import log
from safelight_mock.wire.problem import Kind, Problem

# No space, quota or size left, a disk that went read-only or broke: what is not a mistake of this program.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
PROBE = bytes(64 * 1024)  # more than what a call changes takes


class WriteStatus:
    """Whether files can be written to a folder. A failed write raises Problem."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.error: str = ""  # why the last write failed; empty if it succeeded

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Write within a `with` block; raises Problem when the disk does not take it."""
        try:
            yield
        except OSError as error:
            self.check(error)
            raise
        self.error = ""

    def check(self, error: BaseException) -> None:
        """Raise Problem, and log it, if a write failed with this because the disk does not take it."""
        if isinstance(error, OSError) and error.errno in FULL:
            self.error = error.strerror or str(error)
            log.error("a file cannot be written in %s: %s", self._folder, self.error)
            raise Problem(Kind.NO_ROOM, detail=f"a file cannot be written: {self.error}") from error

    def write_error(self) -> str:
        """Return why nothing could be written lately; after a fault, it is tried whether that lasts."""
        if self.error:
            with suppress(OSError):
                probe(self._folder)
                self.error = ""
        return self.error


def probe(folder: Path) -> None:
    """Write something to a folder; raises OSError when that cannot be done."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(PROBE)
