"""Writing files to a disk that may be full."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safelight_mock.wire.logs import log
from safelight_mock.wire.problem import Kind, Problem

# No space, quota or size left, a disk that went read-only or broke: what is no mistake of this program's.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
PROBE = bytes(64 * 1024)  # more than what a call changes takes


class WriteStatus:
    """Whether files can be written to a folder: what cannot be is refused, and said until something can."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fault = ""

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Write within a `with` block; raises Problem when the disk does not take it."""
        try:
            yield
        except OSError as error:
            if error.errno not in FULL:
                raise
            self._fault = error.strerror or str(error)
            log.error("a file cannot be written in %s: %s", self._folder, self._fault)  # noqa: TRY400 - no bug of ours
            raise Problem(Kind.NO_ROOM, detail=f"a file cannot be written: {self._fault}") from error
        self._fault = ""

    def fault(self) -> str:
        """Return why nothing could be written lately; after a fault, it is tried whether that lasts."""
        if self._fault:
            with suppress(OSError):
                probe(self._folder)
                self._fault = ""
        return self._fault


def probe(folder: Path) -> None:
    """Write something to a folder; raises OSError when that cannot be done."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(PROBE)
