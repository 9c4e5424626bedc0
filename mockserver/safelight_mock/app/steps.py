"""What has to happen before a request can be answered, as values: each is performed once, by one `Effects`.

A request's exchange is a generator that yields these and is sent what they return; an exception that
performing one raises is raised in the generator, where it is answered like any other.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, BinaryIO, Protocol, TypeVar

import msgspec

from safelight_mock.core.job import InspectionKey
from safelight_mock.core.webhook import TimelineEvent
from safelight_mock.storage.body_readers import Reader
from safelight_mock.storage.port import LOCK_TIMEOUT, BusyError
from safelight_mock.storage.transaction import LOOP_TIMEOUT
from safelight_mock.wire.messages import MadeFile, ReceivedFile, RenderedFile, SnapshotBody

T = TypeVar("T")

POLL_INTERVAL = 0.25  # seconds between two looks at a job that a request is held for


class Effects(Protocol):
    """Every way in which answering a request touches time, threads, disks and the network.

    All but `now` and `release` may block, and none is called while a lock is held.
    """

    def now(self) -> float:
        """Return real Unix time in seconds."""

    def sleep(self, seconds: float, /) -> None:
        """Let real time pass."""

    def inspect(self, keys: Iterable[InspectionKey], /) -> None:
        """Decode inputs; raises Problem when that fails."""

    def load(self, addresses: Iterable[str], limit: int) -> Mapping[str, ReceivedFile]:
        """Bring inputs of at most `limit` bytes into storage and hold them; raises Problem."""

    def release(self, loaded: Iterable[ReceivedFile]) -> None:
        """Hold inputs no longer for the request that they were loaded for."""

    def advance(self, sandbox: str, to: float, timeout: float, /) -> tuple[TimelineEvent, ...]:
        """Move a sandbox's clock with everything due until then.

        Raises NotStoredError, and Problem when the server is stopped first.
        """

    def open(self, file: RenderedFile | MadeFile | SnapshotBody) -> BinaryIO:
        """Open a file, rendered now if need be; raises Problem and LostInputError."""


class ReadBody(msgspec.Struct, frozen=True):
    """Feed the request's body to this reader."""

    reader: Reader


class Sleep(msgspec.Struct, frozen=True):
    """Let real time pass; an asynchronous driver notices meanwhile that the client has gone."""

    seconds: float

    def perform(self, effects: Effects) -> None:
        """Sleep."""
        effects.sleep(self.seconds)


class Inspect(msgspec.Struct, frozen=True):
    """Decode these inputs."""

    keys: frozenset[InspectionKey]

    def perform(self, effects: Effects) -> None:
        """Inspect."""
        effects.inspect(self.keys)


class Load(msgspec.Struct, frozen=True):
    """Bring the inputs at these addresses into storage; they are held until the exchange ends."""

    addresses: frozenset[str]
    limit: int

    def perform(self, effects: Effects) -> Mapping[str, ReceivedFile]:
        """Load."""
        return effects.load(self.addresses, self.limit)


class AdvanceClock(msgspec.Struct, frozen=True):
    """Move a sandbox's clock to a moment, with the deliveries due until then; returns what happened.

    While another request moves it, that is waited for, at most `timeout` real seconds.
    """

    sandbox: str
    to: float
    timeout: float = POLL_INTERVAL

    def perform(self, effects: Effects) -> tuple[TimelineEvent, ...]:
        """Advance."""
        return effects.advance(self.sandbox, self.to, self.timeout)


class BlockingTask(msgspec.Struct, frozen=True):
    """Run this, which may block; returns what it returns."""

    run: Callable[[], object]

    def perform(self, _: Effects) -> object:
        """Run."""
        return self.run()


class OpenFile(msgspec.Struct, frozen=True):
    """Open a file of the response; returns it, to be closed by the sender."""

    file: RenderedFile | MadeFile | SnapshotBody

    def perform(self, effects: Effects) -> BinaryIO:
        """Open."""
        return effects.open(self.file)


Blocking = Sleep | Inspect | Load | AdvanceClock | BlockingTask | OpenFile
ExchangeStep = ReadBody | Blocking

Exchange = Generator[ExchangeStep, Any, T]
"""A request under way: yields steps, is sent their results, returns a response."""


def at_once_or_in_a_thread(work: Callable[[float], T]) -> Exchange[T]:
    """Do work that waits for a sandbox for so many seconds: hardly at all here, longer in a thread."""
    with suppress(BusyError):
        return work(LOOP_TIMEOUT)
    done: T = yield BlockingTask(partial(work, LOCK_TIMEOUT))
    return done
