"""Results on their way down: files that appear whole or not at all, each under a name of its own."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from safelight._files.atomic_file import replacing
from safelight._http.session import Line

UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')  # in file names, here or on another system
LONGEST = 200  # bytes of a name, its end; file systems take 255


def fetch(line: Line, url: str, path: Path) -> Path:
    """Download a file in place of an older one, without the key, and return its path."""
    with replacing(path) as file:
        line.download(url, file)
    return path


def names(urls: Iterable[str]) -> Iterator[str]:
    """Name a file for each link, after the end of its address; of two of one name, the later is numbered."""
    taken: set[str] = set()
    for url in urls:
        wanted = PurePosixPath(_name(url))
        numbered = (wanted.with_stem(f"{wanted.stem}-{number}") for number in count(2))
        name = next(str(it) for it in chain([wanted], numbered) if str(it).casefold() not in taken)
        taken.add(name.casefold())
        yield name


def _name(url: str) -> str:
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    short = UNFIT.sub("_", last).encode()[-LONGEST:].decode(errors="ignore")
    return short.strip(". ") or "result"
