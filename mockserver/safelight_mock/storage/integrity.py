"""Input files named by their SHA-256 digest: one that holds other bytes is set aside and never served.

A file is read and compared once in a process, and again when its inode, size or times have changed. A change
within one tick of the file system's clock that keeps the size goes unnoticed.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import NamedTuple

from safelight_mock.core.changes import Changes
from safelight_mock.wire.logs import log

ASIDE = "damaged"  # the folder, beside the inputs, of what was set aside
LOST = 100_000  # digests remembered as lost; one that is forgotten is looked for again

# What opening or reading says of a thing that will never be an input. Others (too many open files, no memory)
# say nothing of the file, which stays where it is.
UNUSABLE = frozenset(
    {errno.ELOOP, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENXIO, errno.ENODEV, errno.EIO}
)

Sync = Callable[[int], object]
"""Waits until what a descriptor names is on disk, as `os.fsync`."""


class LostInputError(Exception):
    """An input is missing, or was damaged and set aside."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"input {digest} is missing or damaged")


class Stamp(NamedTuple):
    """Identifies a version of a file without reading it; times in nanoseconds."""

    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, stat: os.stat_result) -> "Stamp":
        """Return the stamp of a file."""
        return cls(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def sha256_of(file: BufferedReader) -> str:
    """Read a file to its end; return its digest in hex."""
    return hashlib.file_digest(file, "sha256").hexdigest()


class InputFiles:
    """The input files of a folder. With a `sync` they are on disk before `place` or `open` return.

    `digest_of` reads a file when it is checked. `lost` holds the digests of requested files that are missing
    or damaged; placing a file removes its digest. `changes` has each digest that was added or removed.
    """

    def __init__(
        self,
        folder: Path,
        sync: Sync | None = None,
        digest_of: Callable[[BufferedReader], str] = sha256_of,
    ) -> None:
        self._folder = folder
        self._prefix = os.path.join(folder, "")  # noqa: PTH118 - each upload asks: a path costs more than the look
        self._sync = sync
        self._digest_of = digest_of
        self._intact: dict[str, Stamp] = {}
        self.lost: dict[str, None] = {}
        self.changes: Changes = Changes()
        self._lock = Lock()  # nothing is renamed without it, so what is set aside is what was read

    def is_intact(self, digest: str) -> bool:
        """Return whether a file was found intact in this process and is unchanged since; reads nothing."""
        known = self._intact.get(digest)
        return known is not None and known == self._stamp(digest)

    def open(self, digest: str) -> BufferedReader:
        """Open a file after checking it; reads all of it the first time. Raises LostInputError."""
        while True:
            file = self._opened(digest)
            if file is not None and self._has_its_bytes(file, digest):
                file.seek(0)
                return file
            if self.is_intact(digest):  # the same bytes were placed meanwhile
                continue
            raise LostInputError(digest)

    def check(self, digest: str) -> Path:
        """Return the path of a file after checking it as `open` does; raises LostInputError."""
        if not self.is_intact(digest):
            self.open(digest).close()
        return self._folder / digest

    def place(self, draft: str | Path, digest: str) -> None:
        """Move a file, whose bytes have this digest, to its place.

        An entry that is there already may be damaged. With another size, or if it is not a file, it is set
        aside; otherwise the good bytes replace it unread, because this runs on the event loop.
        """
        self._sync_path(draft)
        with self._lock:
            there = self._stamp(digest)
            if there is not None and (not self._is_file(digest) or there.size != os.lstat(draft).st_size):
                self._set_aside(digest, "it is not what was uploaded under this digest")
            os.replace(draft, self._prefix + digest)  # noqa: PTH105 - as with the prefix
            self._remember(digest, self._stamp(digest))
        self._sync_path(self._folder)

    def write(self, digest: str, content: bytes) -> bool:
        """Write a small file in its place; return False if something is there, or it has to be synced.

        A process that is killed meanwhile leaves a part of it, which no job needs and the next one removes.
        A thread that reads that part waits for the lock, finds another stamp, and reads the file again.
        """
        if self._sync is not None:
            return False
        with self._lock:
            try:
                stamp = write_new(self._prefix + digest, content)
            except FileExistsError:
                return False
            self._remember(digest, stamp)
        return True

    def remove(self, digest: str) -> None:
        """Remove a file, if it is there."""
        with self._lock:
            self._intact.pop(digest, None)
            with suppress(FileNotFoundError):
                (self._folder / digest).unlink()

    def set_aside(self, name: str, why: str) -> None:
        """Move what has a name out of the way, and say so in the log."""
        with self._lock:
            self._set_aside(name, why)

    def _opened(self, digest: str) -> BufferedReader | None:
        """Open a regular file; an entry of another kind is set aside, and None returned."""
        try:
            file = open_plainly(self._folder / digest)
        except FileNotFoundError:
            self._lose(digest, None, "it is missing")
            return None
        except OSError as error:
            if error.errno not in UNUSABLE:
                raise
            self._lose(digest, self._stamp(digest), f"it cannot be read: {error.strerror}")
            return None
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        self._lose(digest, Stamp.of(os.fstat(file.fileno())), "it is not a file")
        file.close()
        return None

    def _has_its_bytes(self, file: BufferedReader, digest: str) -> bool:
        """Compare a file with its name, unless that was done; one that differs is closed and set aside."""
        stamp = Stamp.of(os.fstat(file.fileno()))
        if stamp == self._intact.get(digest):
            return True
        try:
            is_intact = self._digest_of(file) == digest
            why = "its bytes have another digest"
        except OSError as error:
            is_intact, why = False, f"it cannot be read: {error.strerror}"
        if is_intact and stamp == Stamp.of(os.fstat(file.fileno())):
            self._sync_found(file)
            with self._lock:
                self._remember(digest, stamp)
            return True
        file.close()
        self._lose(digest, stamp, why)
        return False

    def _remember(self, digest: str, stamp: Stamp | None) -> None:
        if stamp is not None:
            self._intact[digest] = stamp
        if digest in self.lost:
            self._find(digest)

    def _lose(self, digest: str, stamp: Stamp | None, why: str) -> None:
        """Note that an input is lost, and set aside what was found bad unless it was replaced since."""
        with self._lock:
            now = self._stamp(digest)
            if now != stamp:
                return
            if stamp is not None:
                self._set_aside(digest, why)
            self._intact.pop(digest, None)
            if digest not in self.lost:
                log.warning("jobs with input %s fail until it is uploaded again: %s", digest, why)
                self.lost[digest] = None
                self.changes.note(digest)
            while len(self.lost) > LOST:
                self._find(next(iter(self.lost)))

    def _find(self, digest: str) -> None:
        """Count an input as lost no longer."""
        del self.lost[digest]
        self.changes.note(digest)

    def _set_aside(self, name: str, why: str) -> None:
        to = self._folder / ASIDE / name
        if os.path.lexists(to):
            to = to.with_name(f"{name}.{token_hex(4)}")
        try:
            to.parent.mkdir(mode=0o700, exist_ok=True)
            (self._folder / name).rename(to)
        except OSError as error:  # as on a file system that became read-only
            log.warning("%s is damaged and cannot be set aside: %s", name, error)
        else:
            log.warning("%s is damaged and was set aside as %s/%s: %s", name, ASIDE, to.name, why)

    def _stamp(self, digest: str) -> Stamp | None:
        try:
            return Stamp.of(os.lstat(self._prefix + digest))
        except OSError:
            return None

    def _is_file(self, digest: str) -> bool:
        return stat.S_ISREG((self._folder / digest).lstat().st_mode)

    def _sync_found(self, file: BufferedReader) -> None:
        """Bring to disk what an earlier process may have left to the operating system."""
        if self._sync is not None:
            self._sync(file.fileno())
            self._sync_path(self._folder)

    def _sync_path(self, path: str | Path) -> None:
        if self._sync is not None:
            sync_path(path, self._sync)


def sync_path(path: str | Path, sync: Sync) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: str, content: bytes) -> Stamp:
    """Write a new file, or none; the built-in `open` makes three more system calls."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        return Stamp.of(os.fstat(file))
    except BaseException:
        Path(path).unlink()
        raise
    finally:
        os.close(file)


def open_plainly(path: Path) -> BufferedReader:
    """Open without following a symbolic link and without waiting for the other end of a pipe."""
    return open(path, "rb", opener=_plain)


def _plain(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
