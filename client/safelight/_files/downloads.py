"""Downloads results to files, and chooses names for several of them."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from safelight._files.atomic_file import atomic_write

if TYPE_CHECKING:
    from safelight._http.session import Session

INVALID_CHARACTERS = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')  # in file names of any operating system
MAX_NAME_BYTES = 200  # longer names are shortened; file systems allow 255 bytes


def download_file(session: "Session", url: str, path: Path) -> Path:
    """Download a file, replacing an existing one, without sending the API key; return its path.

    Raises ApiError, NetworkError, DownloadError for a wrong length, OSError if the file cannot be written.
    """
    with atomic_write(path) as file:
        session.download(url, file)
    return path


def file_names(urls: Iterable[str]) -> Iterator[str]:
    """Yield a file name for each URL: the last part of its path, with a number if the name is in use.

    Names that differ only by case count as equal, since some file systems do not distinguish them.
    """
    used: set[str] = set()
    for url in urls:
        original = PurePosixPath(_file_name(url))
        numbered = (original.with_stem(f"{original.stem}-{number}") for number in count(2))
        name = next(str(it) for it in chain([original], numbered) if str(it).casefold() not in used)
        used.add(name.casefold())
        yield name


def _file_name(url: str) -> str:
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    # The end is kept, because it has the suffix.
    short = INVALID_CHARACTERS.sub("_", last).encode()[-MAX_NAME_BYTES:].decode(errors="ignore")
    return short.strip(". ") or "result"
