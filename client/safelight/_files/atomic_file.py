"""Writes files atomically: a reader sees the old file or the complete new one."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces `path` if the block succeeds, and is removed if it raises.

    Raises FileExistsError if `is_special(path)`, FileNotFoundError without its folder, OSError if the file
    cannot be written.
    """
    if is_special(path):
        raise FileExistsError(f"{path} is not a regular file and is not replaced; use another path")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: the folder {path.parent} does not exist; create it")
    # In the same folder, because a rename is atomic only within one file system.
    part = path.with_name(f".{token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def is_special(path: Path) -> bool:
    """Whether the path is something other than a regular file: a device, a pipe, a folder or a symbolic link.

    A rename would replace it: run as root, it would delete /dev/null, or /dev/stdout, which is a link.
    """
    return os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode)
