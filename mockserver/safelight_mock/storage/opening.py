"""Opens the persistence that the settings choose."""

from safelight_mock.config.settings import Settings
from safelight_mock.storage.integrity import Sync
from safelight_mock.storage.memory import InMemoryPersistence
from safelight_mock.storage.port import Persistence


def open_persistence(settings: Settings, sync: Sync | None) -> Persistence:
    """Return that of the data directory or, without one, of memory; raises DataDirError."""
    if settings.data_dir is None:
        return InMemoryPersistence()
    from safelight_mock.storage.sqlite_store import SqliteStore  # noqa: PLC0415 - by default nothing is kept

    return SqliteStore(settings.data_dir, sync)
