"""What a server does when a step is performed: real time, threads' work, disk and network."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO, Protocol

import msgspec

from safelight_mock.core.job import InspectionKey
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.imaging import render
from safelight_mock.storage.blobs import BlobStore
from safelight_mock.wire.messages import MadeFile, ReceivedFile, RenderedFile, SnapshotBody


class InputLoader(Protocol):
    """Brings the inputs that requests name by URL into storage."""

    def load(self, addresses: Iterable[str], limit: int) -> Mapping[str, ReceivedFile]:
        """Return the file at each URL, of at most `limit` bytes; raises Problem."""

    def release(self, loaded: Iterable[ReceivedFile]) -> None:
        """Release the files that a request has loaded."""


class ServerEffects(msgspec.Struct, frozen=True, kw_only=True):
    """The effects of a server that runs.

    `inspect` and `advance` are as in `Effects`; `loader` is called when the first address is loaded.
    `take_snapshot` returns the file of a sandbox by its name.
    """

    now: Callable[[], float]
    inspect: Callable[[Iterable[InspectionKey]], None]
    advance: Callable[[str, float, float], tuple[TimelineEvent, ...]]
    loader: Callable[[], InputLoader]
    blobs: BlobStore
    take_snapshot: Callable[[str], BinaryIO]
    sleep: Callable[[float], None] = time.sleep

    def load(self, addresses: Iterable[str], limit: int) -> Mapping[str, ReceivedFile]:
        """Bring inputs into storage, held until they are released; raises Problem when storage is full."""
        return self.loader().load(addresses, limit)

    def release(self, loaded: Iterable[ReceivedFile]) -> None:
        """Release the inputs that a request has loaded; those of jobs remain."""
        self.loader().release(loaded)

    def open(self, file: RenderedFile | MadeFile | SnapshotBody) -> BinaryIO:
        """Open a file, rendered now if need be. Raises Problem, and LostInputError for a lost input."""
        if isinstance(file, SnapshotBody):
            return self.take_snapshot(file.sandbox)
        if isinstance(file, MadeFile):
            return self._made(file)
        if file.recipe is None:
            return self.blobs.open_input(file.digest)
        recipe, find = file.recipe, self.blobs.intact
        return self.blobs.open_result(file, lambda source, target: render(source, recipe, target, find))

    def _made(self, file: MadeFile) -> BinaryIO:
        from safelight_mock.inputs.made_files import make_file  # noqa: PLC0415 - the first file pays, not start-up

        content = make_file(file)
        opened = self.blobs.spare(len(content))
        opened.write(content)
        opened.seek(0)
        return opened
