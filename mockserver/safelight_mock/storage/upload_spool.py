"""The upload spool: a file that is arriving, in memory while it is small, then on disk."""

import os
from hashlib import sha256
from pathlib import Path

from safelight_mock.storage.blobs import BlobStore
from safelight_mock.wire.messages import ReceivedFile

MAX_IN_MEMORY = 256 * 1024  # bytes of an upload, before it is spooled to a file


class UploadSpool:
    """One file that is arriving, until it is committed or closed; bytes on disk count as the store's."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._hash = sha256()  # of what is on disk
        self._memory: bytes | bytearray = b""
        self._file: str | None = None
        self._reserved = 0
        self.size: int = 0

    def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Append a chunk; raises Problem when the storage or the disk is full."""
        self.size += len(chunk)
        if not self._memory:
            self._memory = bytes(chunk)  # bytes are not copied, and a small file often is one chunk
        elif isinstance(self._memory, bytes):
            self._memory = bytearray(self._memory) + chunk
        else:
            self._memory += chunk
        if len(self._memory) > MAX_IN_MEMORY:
            self._hash.update(self._memory)
            with self._store.writing.attempt():
                self._spill()

    def commit(self, filename: str) -> ReceivedFile:
        """Move the file into the store, where it is held for the caller; return its digest, size and name."""
        if self._file is None:
            content, self._memory = bytes(self._memory), b""
            return self._store.put(content, filename)
        self._hash.update(self._memory)
        digest = self._hash.hexdigest()
        with self._store.writing.attempt():
            self._spill()
            self._store.accept(digest, self._file, self.size)
        self._file, self._reserved = None, 0
        picture = self._store.picture(digest, self._store.input(digest))
        return ReceivedFile(digest=digest, size=self.size, filename=filename, picture=picture)

    def close(self) -> None:
        """Discard what was received and not committed."""
        self._store.unreserve(self._reserved)
        self._reserved = 0
        self._memory = b""
        if self._file is not None:
            Path(self._file).unlink(missing_ok=True)
            self._file = None

    def _spill(self) -> None:
        """Move what is in memory to the end of the file."""
        self._store.reserve(len(self._memory))
        self._reserved += len(self._memory)
        self._file = self._file or self._store.draft()
        with open(self._file, "ab", opener=_for_its_owner) as file:
            file.write(self._memory)
        self._memory = b""


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
