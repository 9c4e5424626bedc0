"""Documents that passed their checks, in the user's cache directory.

An entry is found by the digest of the document, its overlays and the files of the programs that checked it: a
change of any of them makes another entry. Processes may use one folder at the same time, because an entry is
complete when its file gets its name. What cannot be read or written is as if it were not there.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import safelight_lifecycle
from safelight_openapi._errors import SpecError

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight_openapi._loading.load import LoadedDocument

MOST_ENTRIES = 1_000
MOST_BYTES = 200_000_000
SUFFIX = ".checked"  # of entries: nothing else in the folder is removed
OWN = (Path(__file__).parents[1], Path(str(safelight_lifecycle.__file__)).parent)

Load = Callable[[], "LoadedDocument"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDocument:
    """A checked document as JSON, the notes of its checks, and what its loader described of it."""

    content: bytes
    notes: tuple[str, ...]
    about: dict[str, Any]


def user_cache() -> Path | None:
    """Return the folder of this project in the user's cache directory; None if the user has none.

    By the platforms' own rules; platformdirs would take a tenth of the time in which the mock server starts.
    """
    if sys.platform == "win32":
        named = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        named = "~/Library/Caches"
    else:
        named = os.environ.get("XDG_CACHE_HOME", "")
        named = named if named.startswith("/") else "~/.cache"  # relative ones are ignored (XDG)
    folder = os.path.expanduser(named)  # noqa: PTH111 - Path.expanduser raises where there is no home
    return Path(folder, "safelight", "documents") if Path(folder).is_absolute() else None


class DocumentCache:
    """A folder of checked documents; with None for a folder, nothing is kept.

    `programs` are further files that take part in checks: entries are those of their present versions.
    """

    def __init__(self, folder: Path | None, programs: Iterable[Path] = ()) -> None:
        self._folder = folder
        self._programs = (*OWN, *programs)

    def checked(
        self, path: Path, overlays: Sequence[Path], load: Load, *, variant: str = ""
    ) -> CheckedDocument:
        """Return a document that was checked before, or load it; raises SpecError as `load` does.

        `variant` tells apart what is made of the same files in several ways.
        """
        entry = None if self._folder is None else self._folder / (self._key(path, overlays, variant) + SUFFIX)
        known = None if entry is None else _read(entry)
        if known is not None:
            return known
        loaded = load()
        content = json.dumps(loaded.document, ensure_ascii=False, separators=(",", ":")).encode()
        checked = CheckedDocument(content=content, notes=loaded.notes, about=loaded.about)
        if entry is not None:
            with suppress(OSError):
                _write(entry, checked)
                _prune(entry.parent)
        return checked

    def _key(self, path: Path, overlays: Sequence[Path], variant: str) -> str:
        digest = hashlib.sha256(f"{_stamp(self._programs)}\n{variant}".encode())
        for name in (path, *overlays):
            digest.update(f"\n{name.suffix.lower()} ".encode())
            digest.update(hashlib.sha256(_content(name)).digest())
        return digest.hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = f"cannot read it ({error.strerror}); check the path"
        raise SpecError(path.as_posix(), [reason]) from error


@cache
def _stamp(programs: tuple[Path, ...]) -> str:
    """Return what identifies the programs: their files with size and time, and Python's version.

    A version number alone would not change while the programs are being developed.
    """
    files = (file for program in programs for file in sorted(program.rglob("*")) if file.is_file())
    stats = ((file, file.stat()) for file in files if file.suffix in (".py", ".json"))
    stamps = (f"{file.name} {stat.st_size} {stat.st_mtime_ns}" for file, stat in stats)
    return "\n".join((sys.version, *stamps))


def _read(entry: Path) -> CheckedDocument | None:
    try:
        head, separator, content = entry.read_bytes().partition(b"\n")
        about = json.loads(head)
        if not separator or about["size"] != len(content):
            return None
        os.utime(entry)  # used now: the oldest are removed first
        notes = tuple(map(str, about["notes"]))
        return CheckedDocument(content=content, notes=notes, about=dict(about["about"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(entry: Path, checked: CheckedDocument) -> None:
    """Write an entry beside its place, for the user alone, and give it its name."""
    entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = {"size": len(checked.content), "notes": checked.notes, "about": checked.about}
    head = json.dumps(about).encode()
    handle, scratch = tempfile.mkstemp(dir=entry.parent, suffix=SUFFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head + b"\n" + checked.content)
        Path(scratch).replace(entry)
    except OSError:
        Path(scratch).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Remove the entries that were not used for longest, beyond the limits."""
    entries = [(one.stat(), one) for one in folder.glob(f"*{SUFFIX}")]
    entries.sort(key=lambda pair: -pair[0].st_mtime)
    used = 0
    for number, (stat, entry) in enumerate(entries):
        used += stat.st_size
        if number >= MOST_ENTRIES or used > MOST_BYTES:
            entry.unlink(missing_ok=True)
