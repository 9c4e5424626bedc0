"""Where sandboxes are kept: what of a call's changes has to be, and in memory where no folder is chosen."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from safelight_mock.core.sandbox import Sandbox
from safelight_mock.wire.problem import Kind, Problem


class NotKeptError(Problem):
    """What a call changes cannot be kept, so nothing of it has happened; the same call may succeed later."""

    def __init__(self, why: str) -> None:
        super().__init__(Kind.NO_ROOM, why=f"what this call changes cannot be kept: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What has to be kept of a sandbox: all of it, or what a working copy has changed.

    `has_head` says whether that is anything beside what a sandbox has many of.
    """

    sandbox: Sandbox
    is_whole: bool = False
    has_head: bool = True


class Storage(Protocol):
    """Keeps sandboxes; used under the twin's lock."""

    @property
    def files(self) -> Path | None:
        """The folder in which files are kept, if they are."""

    def seed(self, wanted: str) -> str:
        """Return the seed that ids and links follow from: what is wanted, or was before, or a new one."""

    def load(self) -> Iterator[Sandbox]:
        """Yield every sandbox that is kept."""

    def spare(self, names: AbstractSet[str]) -> None:
        """Keep what was loaded under these names, even if a sandbox is saved under one of them."""

    def save(self, changes: Sequence[Change], gone: Iterable[str] = ()) -> None:
        """Keep all changes and forget the sandboxes that are gone, or do nothing and raise NotKeptError."""

    def save_times(self, sandboxes: Iterable[Sandbox]) -> None:
        """Keep what running clocks showed last, as far as that can be, before `close`."""

    def fault(self) -> str:
        """Return why nothing could be kept lately; if something can be again, nothing."""

    def close(self) -> None:
        """Keep nothing more."""


class Memory:
    """Keeps nothing beyond the process."""

    files = None

    def seed(self, wanted: str) -> str:
        """Return the seed that is wanted, or a new one."""
        return wanted or secrets.token_hex(16)

    def load(self) -> Iterator[Sandbox]:
        """Yield nothing."""
        return iter(())

    def spare(self, names: AbstractSet[str]) -> None:
        """Do nothing: nothing was loaded."""

    def save(self, changes: Sequence[Change], gone: Iterable[str] = ()) -> None:
        """Do nothing: what is merged is kept."""

    def save_times(self, sandboxes: Iterable[Sandbox]) -> None:
        """Do nothing."""

    def fault(self) -> str:
        """Return nothing: memory does not fail."""
        return ""

    def close(self) -> None:
        """Do nothing."""
