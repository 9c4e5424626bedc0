"""Keeps nothing beyond the process: what is merged is kept."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.working_copy import Change


class InMemoryPersistence:
    """The persistence of a server without a data directory."""

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
        """Do nothing."""

    def save_times(self, sandboxes: Iterable[Sandbox]) -> None:
        """Do nothing."""

    def write_error(self) -> str:
        """Return nothing: memory does not fail."""
        return ""

    def close(self) -> None:
        """Do nothing."""
