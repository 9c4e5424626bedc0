"""Keeps sandboxes in a folder, so that they outlive the process however it ends."""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from safelight_mock.config.settings import DataDirError
from safelight_mock.core.job import Job
from safelight_mock.core.sandbox import PARTS, Sandbox
from safelight_mock.core.webhook import Delivery
from safelight_mock.storage.data_dir import DATABASE, FILES, FolderLock, check_database
from safelight_mock.storage.integrity import Sync, sync_path
from safelight_mock.storage.port import NotStoredError
from safelight_mock.storage.working_copy import Change
from safelight_mock.wire.logs import log

T = TypeVar("T")

# What reading raises of a database that was edited: a number where JSON should be, or JSON that is too deep.
UNREADABLE = (sqlite3.Error, msgspec.MsgspecError, TypeError, RecursionError)

FORMAT = 4  # of the stored JSON; earlier ones had other field names, and are rejected
OPENING = """
pragma locking_mode = exclusive;
pragma journal_mode = wal;
"""
SYNCED = "pragma synchronous = full"  # each commit waits for the disk
UNSYNCED = "pragma synchronous = normal"  # the log is synced when it is folded into the database
TABLE = """
create table if not exists {name} (
    place integer primary key, sandbox text not null, id text not null, body blob not null,
    unique (sandbox, id)
);
"""
TABLES = f"""
create table if not exists twin (seed text not null);
create table if not exists sandboxes (name text primary key, head blob not null) without rowid;
{"".join(TABLE.format(name=name) for name in PARTS)}
"""
# More than what a call changes takes: where a little room is left, a little can be written.
PROBE = (
    "drop table if exists probe",
    "create table probe as select zeroblob(65536)",
    "drop table probe",
)


class SqliteStore:
    """A folder with a database of sandboxes and the files they refer to.

    Of what a sandbox has many of, each has a row in a table of that name, and is written when it is set. The
    rest is one row, and is written when it has changed, but not for what a clock shows that runs by itself.

    With a `sync` (as `os.fsync`) what is saved is on disk before `save` returns.

    Raises DataDirError for a folder that cannot be used or understood, or that another mock server has open.
    """

    def __init__(self, folder: Path, sync: Sync | None = None) -> None:
        self.files: Path = folder / FILES
        self._lock = FolderLock(folder)
        try:
            self.database: sqlite3.Connection = _opened(folder, sync, self._lock.made)
        except DataDirError:
            self._lock.release()
            raise
        self._write_error = ""
        self._spared: set[str] = set()
        self._writing = Lock()  # a connection has one transaction at a time
        self._is_closed = False

    def seed(self, wanted: str) -> str:
        """Return the seed of this folder's ids and links: what is wanted, or was before, or a new one."""
        with self._understood(), self.database:
            row = self.database.execute("select seed from twin").fetchone()
            seed = wanted or (row[0] if row else secrets.token_hex(16))
            if not row or row[0] != seed:  # a folder on a full disk can still be opened
                self.database.execute("delete from twin")
                self.database.execute("insert into twin values (?)", (seed,))
        return str(seed)

    def load(self) -> Iterator[Sandbox]:
        """Yield every sandbox as it was saved last."""
        with self._understood():
            named = self.database.execute("select name, head from sandboxes").fetchall()
            yield from [self._sandbox(name, head) for name, head in named]

    def spare(self, names: AbstractSet[str]) -> None:
        """Keep what was loaded under these names, even if a sandbox is saved under one of them.

        A name follows from vendor and key, so that takes an edited database.
        """
        self._spared |= names

    def save(self, changes: Sequence[Change], gone: Iterable[str] = ()) -> None:
        """Keep all changes and forget the sandboxes that are gone; raises NotStoredError, and keeps none."""
        gone = [*gone]
        try:
            with self._writing:
                if not self._is_closed:
                    self._save(changes, gone)
        except sqlite3.Error as error:
            self._write_error = str(error)
            log.error("what a call changes cannot be kept in %s: %s", self.files.parent, error)  # noqa: TRY400 - no bug of ours
            raise NotStoredError(self._write_error) from error
        self._write_error = ""

    def _save(self, changes: Sequence[Change], gone: Sequence[str]) -> None:
        with self.database:
            for name in gone:
                self._remove(name)
            for change in changes:
                self._write(change)
        if self._spared:  # what was renamed is: not before the commit, which may fail
            self._spared.difference_update(gone, (change.sandbox.name for change in changes))

    def write_error(self) -> str:
        """Return why storing failed, after trying a write again; empty if it works."""
        if self._write_error:
            with suppress(sqlite3.Error), self._writing:
                for statement in PROBE:
                    self.database.execute(statement)
                self._write_error = ""
        return self._write_error

    def save_times(self, sandboxes: Iterable[Sandbox]) -> None:
        """Store the times of running clocks, which `save` is not called for.

        After a restart they go on from there, even if the wall clock was set back. A failure is logged, for
        this is the end of a process.
        """
        rows = [
            (sandbox.head_to_json(), sandbox.name) for sandbox in sandboxes if not sandbox.clock.is_stopped
        ]
        try:
            with self._writing, self.database:
                self.database.executemany("update sandboxes set head = ? where name = ?", rows)
        except sqlite3.Error as error:
            log.warning("the time of %d sandboxes was not kept: %s", len(rows), error)

    def close(self) -> None:
        """Close the database, and let another process have the folder; what is saved later is not kept."""
        with self._writing:
            self._is_closed = True
            self.database.close()
        self._lock.release()

    def _write(self, change: Change) -> None:
        sandbox = change.sandbox
        if change.is_whole:
            self._remove(sandbox.name)
            self._write_head(sandbox)
            for table in PARTS:
                self._write_part(table, sandbox.name, (), getattr(sandbox, table).items())
            return
        if change.has_head:
            self._write_head(sandbox)
        for table, part in change.parts.items():
            self._write_part(table, sandbox.name, part.gone, part.fresh.items())

    def _write_head(self, sandbox: Sandbox) -> None:
        row = (sandbox.name, sandbox.head_to_json())
        self.database.execute("insert or replace into sandboxes values (?, ?)", row)

    def _remove(self, name: str) -> None:
        if name in self._spared:
            self._rename(name, f"{name}.{secrets.token_hex(4)}")
            return
        self.database.execute("delete from sandboxes where name = ?", (name,))
        for table in PARTS:
            self.database.execute(f"delete from {table} where sandbox = ?", (name,))  # noqa: S608 - one of our tables

    def _rename(self, name: str, to: str) -> None:
        self.database.execute("update sandboxes set name = ? where name = ?", (to, name))
        for table in PARTS:
            self.database.execute(f"update {table} set sandbox = ? where sandbox = ?", (to, name))  # noqa: S608 - one of our tables

    def _sandbox(self, name: str, head: bytes) -> Sandbox:
        return replace(
            Sandbox.from_json(head),
            name=name,
            jobs=self._part("jobs", name, Job),
            deliveries=self._part("deliveries", name, Delivery),
            job_due_at=self._part("job_due_at", name, float),
            next_attempt_at=self._part("next_attempt_at", name, float),
        )

    def _part(self, table: str, name: str, kind: type[T]) -> dict[str, T]:
        query = f"select id, body from {table} where sandbox = ? order by place"  # noqa: S608 - one of our tables
        rows = self.database.execute(query, (name,))
        return {part_id: msgspec.json.decode(body, type=kind) for part_id, body in rows}

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Close what cannot be read, and raise DataDirError."""
        try:
            yield
        except UNREADABLE as error:
            self.close()
            raise DataDirError(f"cannot read data directory {self.files.parent}: {error}") from error

    def _write_part(
        self, table: str, name: str, gone: Iterable[str], fresh: Iterable[tuple[str, Any]]
    ) -> None:
        self.database.executemany(
            f"delete from {table} where sandbox = ? and id = ?",  # noqa: S608 - one of our tables
            [(name, part_id) for part_id in gone],
        )
        self.database.executemany(
            f"insert into {table} (sandbox, id, body) values (?, ?, ?) "  # noqa: S608 - one of our tables
            "on conflict (sandbox, id) do update set body = excluded.body",
            [(name, part_id, msgspec.json.encode(part)) for part_id, part in fresh],
        )


def _opened(folder: Path, sync: Sync | None, made: Iterable[Path]) -> sqlite3.Connection:
    try:
        check_database(folder)
        (folder / FILES).mkdir(exist_ok=True)
        file = folder / DATABASE
        if not file.exists():
            file.touch(mode=0o600)  # webhooks' secrets will be in it
        with ExitStack() as unfinished:
            database = sqlite3.connect(file, timeout=0, check_same_thread=False)
            unfinished.callback(database.close)  # an open connection would keep its lock
            _prepare(database, folder, sync)
            unfinished.pop_all()
        if sync is not None:  # SQLite syncs the name of its log, not that of the database or of folders
            whole = folder.absolute()
            for named_in in dict.fromkeys((whole, whole.parent, *(each.parent for each in made))):
                sync_path(named_in, sync)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        why = "another server has it open" if "locked" in str(error) else reason
        raise DataDirError(f"cannot use data directory {folder}: {why}") from error
    return database


def _prepare(database: sqlite3.Connection, folder: Path, sync: Sync | None) -> None:
    """Set up a connection, and create the tables of a new database; raises DataDirError."""
    database.executescript(OPENING)
    database.execute(UNSYNCED if sync is None else SYNCED)
    (kept,) = database.execute("pragma user_version").fetchone()
    check_database(folder, is_new=kept == 0)
    if kept == 0:
        _create(database)
    elif kept != FORMAT:
        raise DataDirError(f"{folder} has data of format {kept}; this version reads format {FORMAT}")


def _create(database: sqlite3.Connection) -> None:
    database.executescript(TABLES)
    database.execute(f"pragma user_version = {FORMAT}")
