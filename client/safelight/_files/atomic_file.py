"""A file that appears whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a neighbour to write to; it becomes `path` when the block ends well, and is removed otherwise.

    Raises FileExistsError for what `is_special`.
    """
    if is_special(path):
        raise FileExistsError(f"{path} is not a regular file, and is not replaced: name another")
    part = path.with_name(f".{token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def is_special(path: Path) -> bool:
    """Return whether something other than a regular file is there: a device, a pipe, a folder or a link.

    A rename would take its place: root would lose /dev/null, or /dev/stdout, which is a link.
    """
    return os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode)
