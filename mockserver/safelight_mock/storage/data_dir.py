"""The folder of `--data-dir`: held by one process at a time, and used only if its database is there."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from safelight_mock.config.settings import DataDirError
from safelight_mock.storage.blobs import INPUT

DATABASE, FILES = "twin.sqlite", "files"


class FolderLock:
    """Holds a folder, which is made if it is not there, until it is released or the process ends.

    It locks the folder itself, so a second process is refused before it has created or changed anything, also
    when the database was removed under the first one. SQLite's own lock alone would not do: POSIX drops it as
    soon as any part of the process closes the file. On a file system without such locks (some of NFS)
    SQLite's is all there is. `made` are the folders that were not there, the innermost first.
    """

    def __init__(self, folder: Path) -> None:
        whole = folder.absolute()
        try:
            self.made: list[Path] = [each for each in (whole, *whole.parents) if not each.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise DataDirError(f"cannot use data directory {folder}: {error.strerror}") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise DataDirError(f"cannot use data directory {folder}: another server has it open") from error
        except OSError:
            pass

    def release(self) -> None:
        """Let another process have the folder; may be called again."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)


def check_database(folder: Path, *, is_new: bool = False) -> None:
    """Raise DataDirError if there are inputs and no database, or a new one, that says whose they are.

    Starting with a new database would lose every job silently, and remove the inputs, which no job uses then,
    when room is needed.
    """
    file = folder / DATABASE
    there = folder / FILES
    inputs = sum(bool(INPUT.fullmatch(file.name)) for file in there.iterdir()) if there.is_dir() else 0
    if inputs and (is_new or not file.exists() or not file.stat().st_size):
        what = "is empty" if file.exists() else "is missing"
        raise DataDirError(
            f"{there} has {inputs} inputs, but their database {file} {what}; restore it, or empty {there} to "
            "start without them"
        )
