"""Inputs and results as content-addressed files in a temporary folder, within a bound."""

import tempfile
from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from threading import Lock, RLock

import msgspec

from safelight_mock.core.picture import Recipe
from safelight_mock.wire.problem import Kind, Problem

SMALL = 256 * 1024  # bytes of an upload kept in memory before it goes to a file


class Store:
    """A folder of files that goes away with the store.

    When the bound is reached results go first, for they can be made again, then inputs that are not among the
    `needed` ones.
    """

    def __init__(self, bound: int, needed: Callable[[], AbstractSet[str]]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="safelight-")
        self._path = Path(self._folder.name)
        self._bound = bound
        self._needed = needed
        self._used = 0
        self._sizes: dict[str, int] = {}
        self._arriving: Counter[str] = Counter()
        self._making: dict[str, Lock] = {}
        self._lock = RLock()

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()

    def receive(self) -> "Incoming":
        """Begin to take in a file."""
        return Incoming(self)

    def input(self, digest: str) -> Path:
        """Return where an input lies."""
        return self._path / digest

    def result(self, digest: str, recipe: Recipe, make: Callable[[Path, Recipe, Path], None]) -> Path:
        """Return where the result of a recipe lies, made now if it was not before; once, whoever asks."""
        made = blake2b(digest.encode() + msgspec.json.encode(recipe), digest_size=32).hexdigest()
        name = f"{made}.{recipe.output.format}"
        with self._lock:
            making = self._making.setdefault(name, Lock())
        with making:
            if name not in self._sizes:
                self._take(name, lambda target: make(self.input(digest), recipe, target))
        return self._path / name

    def keep(self, name: str, size: int) -> None:
        """Count a file that is now in the folder."""
        with self._lock:
            self._used += size - self._sizes.get(name, 0)
            self._sizes[name] = size

    def arrived(self, digest: str, size: int) -> None:
        """Count an input that a call brought, and hold it until that call is answered."""
        with self._lock:
            self._arriving[digest] += 1
            self.keep(digest, size)

    def release(self, digest: str) -> None:
        """Hold an input no longer for the call that brought it."""
        with self._lock:
            self._arriving[digest] -= 1
            self._arriving += Counter()

    def scratch(self) -> Path:
        """Return a path no other file has."""
        with tempfile.NamedTemporaryFile(dir=self._path, delete=False) as file:
            return Path(file.name)

    def make_room(self, size: int) -> None:
        """Drop what can go until `size` more bytes fit; raises Problem when they cannot."""
        with self._lock:
            if self._used + size <= self._bound:
                return
            for name in [*(name for name in self._sizes if "." in name), *self._unneeded()]:
                self._drop(name)
                if self._used + size <= self._bound:
                    return
            raise Problem(
                Kind.NO_ROOM, why=f"the twin's storage of {self._bound} bytes is full of inputs in use"
            )

    def _take(self, name: str, make: Callable[[Path], None]) -> None:
        scratch = self.scratch()
        try:
            make(scratch)
            self.make_room(scratch.stat().st_size)
            self.keep(name, scratch.replace(self._path / name).stat().st_size)
        finally:
            scratch.unlink(missing_ok=True)

    def _unneeded(self) -> list[str]:
        held = self._needed() | self._arriving.keys()
        return [name for name in self._sizes if "." not in name and name not in held]

    def _drop(self, name: str) -> None:
        self._used -= self._sizes.pop(name)
        self._making.pop(name, None)
        with suppress(FileNotFoundError):
            (self._path / name).unlink()


class Incoming:
    """A file that is arriving: in memory while small, then on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._digest = sha256()
        self._memory = bytearray()
        self._file: Path | None = None
        self.size = 0

    def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Take the next bytes."""
        self.size += len(chunk)
        self._digest.update(chunk)
        self._memory += chunk
        if len(self._memory) > SMALL:
            self._spill()

    def commit(self) -> tuple[str, Path]:
        """Put the file in its place; return its digest and where it lies."""
        digest = self._digest.hexdigest()
        place = self._store.input(digest)
        if not place.exists():
            self._spill().replace(place)
            self._file = None
        self.discard()
        self._store.arrived(digest, self.size)
        return digest, place

    def discard(self) -> None:
        """Forget what arrived."""
        self._memory.clear()
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def _spill(self) -> Path:
        self._store.make_room(self.size)
        self._file = self._file or self._store.scratch()
        with self._file.open("ab") as file:
            file.write(self._memory)
        self._memory.clear()
        return self._file
