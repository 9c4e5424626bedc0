"""Inputs and results as content-addressed files in a folder of limited size."""

import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from secrets import token_hex
from threading import RLock
from typing import BinaryIO, cast

from safelight_mock.core.changes import Changes
from safelight_mock.core.picture import Picture
from safelight_mock.imaging import ImageError
from safelight_mock.imaging import probe as header
from safelight_mock.storage.disk_full import WriteStatus, probe
from safelight_mock.storage.integrity import (
    UNUSABLE,
    InputFiles,
    LostInputError,
    Stamp,
    Sync,
    open_plainly,
    write_new,
)
from safelight_mock.storage.recent_digests import RecentDigests
from safelight_mock.storage.single_flight import SingleFlight
from safelight_mock.wire.messages import ReceivedFile, RenderedFile
from safelight_mock.wire.problem import Kind, Problem

RESULTS = 100_000
PICTURES = 10_000  # headers in the cache
INPUT = re.compile("[0-9a-f]{64}")  # the name of an input is its digest
SCRATCH = "safelight-"  # the prefix of files that are being written
LEFT = re.compile(rf"{INPUT.pattern}\.result|\.?{SCRATCH}.*")  # with a dot before: a picture's draft


class BlobStore:
    """Files of at most `bound` bytes in a `folder`, or in a temporary one that is removed by `close`.

    When the limit is reached, results are evicted first, because they can be made again, then inputs that are
    not `needed`: the digests that jobs refer to. Uploads count while they arrive; damaged files that were set
    aside do not. With a `sync` an input is on disk before it is acknowledged. `picture_of` reads the header
    of an input.
    """

    def __init__(
        self,
        bound: int,
        needed: Container[str],
        folder: Path | None = None,
        *,
        sync: Sync | None = None,
        picture_of: Callable[[Path | bytes], Picture | None] = header,
    ) -> None:
        self._passing = None if folder else tempfile.TemporaryDirectory(prefix="safelight-")
        self._path = folder or Path(self._passing.name if self._passing else "")
        self._draft_prefix = str(self._path / SCRATCH)  # joining a path costs an upload 10 µs
        self.bound = bound
        self.writing: WriteStatus = WriteStatus(self._path)
        self._needed = needed
        self._inputs = InputFiles(self._path, sync)
        self._sizes = self._tidied()
        self._used = sum(self._sizes.values())
        self._arriving: Counter[str] = Counter()
        self._results: SingleFlight[Stamp] = SingleFlight(RESULTS)
        self._made_from: dict[str, str] = {}  # the digest of the input by the name of the result
        self._pictures: dict[str, Picture] = {}
        self._digests = RecentDigests()
        self._picture_of = picture_of
        self._lock = RLock()

    @property
    def used(self) -> int:
        """Bytes of files and of uploads that are arriving."""
        return self._used

    def close(self) -> None:
        """Remove a temporary folder."""
        if self._passing is not None:
            self._passing.cleanup()

    def input(self, digest: str) -> Path:
        """Return the path of an input, which need not exist."""
        return self._path / digest

    @property
    def lost(self) -> Container[str]:
        """The digests of inputs that were requested and are missing or damaged."""
        return self._inputs.lost

    @property
    def changes(self) -> Changes:
        """The digests of inputs that were lost or uploaded again."""
        return self._inputs.changes

    def intact(self, digest: str) -> Path:
        """Return the path of an intact input; reads it unless it was checked. Raises LostInputError."""
        try:
            return self._inputs.check(digest)
        except LostInputError:
            self._lose(digest)
            raise

    def open_input(self, digest: str) -> BinaryIO:
        """Open an input; reads all of it unless it was checked. Raises LostInputError."""
        try:
            return self._inputs.open(digest)
        except LostInputError:
            self._lose(digest)
            raise

    def open_result(self, artifact: RenderedFile, make: Callable[[Path, Path], None]) -> BinaryIO:
        """Open a result, rendered from its input if it is not in the cache; concurrent callers share one run.

        Raises LostInputError when it has to be made and its input is missing or damaged.
        """
        name = f"{artifact.name}.result"

        def take() -> Stamp:
            stamp = self._take(name, partial(make, self.intact(artifact.digest)))
            self._made_from[name] = artifact.digest
            return stamp

        while True:
            made = self._results.get(name, take)
            file = self._unchanged(name, made)
            if file is not None:
                return file
            self._results.forget(name)

    def reserve(self, size: int) -> None:
        """Reserve bytes, evicting files if needed; raises Problem when storage is full."""
        with self._lock:
            self._make_room(size)
            self._used += size

    def unreserve(self, size: int) -> None:
        """Release reserved bytes."""
        with self._lock:
            self._used -= size

    def hold(self, digest: str) -> bool:
        """Protect a stored input from eviction until `release`; return False if it is not stored."""
        with self._lock:
            is_here = digest in self._sizes and self._inputs.is_intact(digest)
            if is_here:
                self._arriving[digest] += 1
            return is_here

    def put(self, content: bytes, filename: str) -> ReceivedFile:
        """Store a small input and hold it; it is not written if it is on disk already."""
        digest = self._digests.of(content)
        if not self.hold(digest):
            self._write(digest, content)
        picture = self.picture(digest, content)
        return ReceivedFile(digest=digest, size=len(content), filename=filename, picture=picture)

    def picture(self, digest: str, content: Path | bytes) -> Picture | None:
        """Return what the header of an input says, which is read once for each digest.

        A file that is not recognised is read again: reading may have failed for lack of memory.
        """
        known = self._pictures.get(digest)
        picture = known or self._picture_of(content)
        if picture is not known and picture is not None:
            with self._lock:
                self._pictures[digest] = picture
                if len(self._pictures) > PICTURES:
                    del self._pictures[next(iter(self._pictures))]
        return picture

    def accept(self, digest: str, file: str, size: int) -> None:
        """Move a complete upload, whose bytes were reserved, to its final path and hold it."""
        with self._lock:
            if self.hold(digest):  # uploaded by another request meanwhile
                self.unreserve(size)
                Path(file).unlink()
                return
            self._inputs.place(file, digest)
            self._count(digest, size)

    def _write(self, digest: str, content: bytes) -> None:
        """Write a small input and hold it; raises Problem if the disk is full."""
        size = len(content)
        self.reserve(size)
        draft = ""
        try:
            with self._lock:
                is_written = self._inputs.write(digest, content)
                if is_written:
                    self._count(digest, size)
            if not is_written:
                draft = self.draft()
                write_new(draft, content)
                self.accept(digest, draft, size)
        except BaseException as error:
            self.unreserve(size)
            if draft:
                Path(draft).unlink(missing_ok=True)
            self.writing.check(error)
            raise
        self.writing.error = ""

    def _count(self, digest: str, size: int) -> None:
        """Count an input whose bytes were reserved, and hold it."""
        self._used -= self._sizes.pop(digest, 0)
        self._sizes[digest] = size
        self._arriving[digest] += 1

    def spare(self, size: int) -> BinaryIO:
        """Open an unnamed temporary file, after evicting files so that `size` bytes fit.

        The bytes are not counted: the file is sent at once and removed when it is closed.
        """
        self.reserve(size)
        self.unreserve(size)
        with self.writing.attempt():
            return cast("BinaryIO", tempfile.TemporaryFile(prefix=SCRATCH, dir=self._path))

    @contextmanager
    def holding(self, digests: Iterable[str]) -> Iterator[list[str]]:
        """Hold inputs during a `with` block; yield the intact ones. Reads those that were not checked."""
        known = [
            digest for digest in digests if digest in self._sizes
        ]  # an input that was never uploaded is not lost
        here = [digest for digest in known if self._is_intact(digest) and self.hold(digest)]
        try:
            yield here
        finally:
            for digest in here:
                self.release(digest)

    def discard(self, digest: str) -> None:
        """Release an input, and remove it unless a job or another request needs it."""
        with self._lock:
            self.release(digest)
            is_needed = digest in self._needed or digest in self._arriving
            if digest in self._sizes and not is_needed:
                self._drop(digest)

    def remove_unneeded(self, inputs: Iterable[str] | None = None) -> None:
        """Remove these inputs, or all, and what was made from them; those that are needed or held stay."""
        with self._lock:
            unneeded = set(self._unneeded())
            going = unneeded if inputs is None else unneeded.intersection(inputs)
            results = [name for name in self._made() if self._made_from.get(name) in going]
            for name in (*going, *results):
                self._drop(name)

    def release(self, digest: str) -> None:
        """End one `hold` of an input."""
        with self._lock:
            self._arriving[digest] -= 1
            if not self._arriving[digest]:
                del self._arriving[digest]

    def draft(self) -> str:
        """Return an unused path, without creating the file."""
        return f"{self._draft_prefix}{token_hex(16)}"

    def scratch(self) -> Path:
        """Create an empty file with an unused name; raises Problem when that fails."""
        with (
            self.writing.attempt(),
            tempfile.NamedTemporaryFile(prefix=SCRATCH, dir=self._path, delete=False) as file,
        ):
            return Path(file.name)

    def _lose(self, digest: str) -> None:
        """Stop counting an input that is missing or damaged."""
        with self._lock:
            if not self._inputs.is_intact(digest):  # it may have been uploaded again since
                self._used -= self._sizes.pop(digest, 0)

    def _is_intact(self, digest: str) -> bool:
        try:
            return bool(self.intact(digest))
        except LostInputError:
            return False

    def _unchanged(self, name: str, made: Stamp) -> BinaryIO | None:
        """Open a cached result; None if it was evicted, or changed by another program."""
        try:
            file = open_plainly(self._path / name)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno not in UNUSABLE:
                raise
            self._inputs.set_aside(name, f"it cannot be read: {error.strerror}")
            return None
        if Stamp.of(os.fstat(file.fileno())) == made:
            return file
        file.close()
        return None

    def _take(self, name: str, make: Callable[[Path], None]) -> Stamp:
        scratch = self.scratch()
        try:
            self._make(make, scratch)
            size = scratch.stat().st_size
            with self._lock:
                self._used -= self._sizes.pop(name, 0)  # rendered twice at once: this replaces the first
                self.reserve(size)
                if (self._path / name).is_dir():  # only a folder is not replaced
                    self._inputs.set_aside(name, "it is not a file")
                scratch.replace(self._path / name)
                self._sizes[name] = size
                return Stamp.of((self._path / name).lstat())
        finally:
            scratch.unlink(missing_ok=True)

    def _make(self, make: Callable[[Path], None], scratch: Path) -> None:
        """Render a result; raises Problem if the disk is full."""
        with self.writing.attempt():
            try:
                make(scratch)
            except ImageError:  # libvips does not report a full disk as such
                probe(self._path)
                raise

    def _make_room(self, size: int) -> None:
        for going in (self._made, self._unneeded):
            for name in going() if self._used + size > self.bound else ():
                self._drop(name)
                if self._used + size <= self.bound:
                    return
        if self._used + size > self.bound:
            raise Problem(
                Kind.NO_ROOM,
                detail=f"inputs in use fill all {self.bound} bytes: raise --max-storage",
            )

    def _made(self) -> list[str]:
        return [name for name in self._sizes if name.endswith(".result")]

    def _unneeded(self) -> list[str]:
        inputs = (name for name in self._sizes if not name.endswith(".result"))
        return [name for name in inputs if name not in self._needed and name not in self._arriving]

    def _drop(self, name: str) -> None:
        self._used -= self._sizes.pop(name)
        self._made_from.pop(name, None)
        self._results.forget(name)
        self._inputs.remove(name)

    def _tidied(self) -> dict[str, int]:
        """Return the size of every input in the folder; remove results and drafts of an earlier process.

        Files with other names are left alone. Directories and links with a name of ours are set aside. Inputs
        are read when they are first used.
        """
        sizes: dict[str, int] = {}
        for file in list(self._path.iterdir()):
            if not (LEFT.fullmatch(file.name) or INPUT.fullmatch(file.name)):
                continue
            status = file.lstat()
            if not stat.S_ISREG(status.st_mode):
                self._inputs.set_aside(file.name, "it is not a file")
            elif LEFT.fullmatch(file.name):
                file.unlink()
            else:
                sizes[file.name] = status.st_size
        return sizes
