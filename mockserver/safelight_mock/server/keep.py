"""Keeps sandboxes in a folder, so that they outlive the process however it ends."""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from safelight_mock.core.job import Job
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Delivery
from safelight_mock.server.data_dir import DATABASE, FILES, FolderLock, check_database
from safelight_mock.server.integrity import Sync, sync_path
from safelight_mock.server.logs import log
from safelight_mock.server.settings import KeepError

FORMAT = 1  # of what is kept; another one is not read
OPENING = """
pragma locking_mode = exclusive;
pragma journal_mode = wal;
"""
SYNCED = "pragma synchronous = full"  # each commit waits for the disk
UNSYNCED = "pragma synchronous = normal"  # the log is synced when it is folded into the database
TABLES = f"""
pragma user_version = {FORMAT};
create table if not exists twin (seed text not null);
create table if not exists sandboxes (name text primary key, head blob not null) without rowid;
create table if not exists jobs (
    place integer primary key, sandbox text not null, id text not null, body blob not null,
    unique (sandbox, id)
);
create table if not exists deliveries (
    place integer primary key, sandbox text not null, id text not null, body blob not null,
    unique (sandbox, id)
);
"""

Part = Job | Delivery
"""Of these a sandbox has many: each has a row."""

Parts = Mapping[str, Mapping[str, Part]]
"""By table and id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of a sandbox last: its parts, and of the rest what does not change by itself."""

    sandbox: Sandbox | None = None
    lasting: bytes = b""
    parts: Parts = field(default_factory=dict)


NOTHING = Written()


class Keep:
    """A folder with a database of sandboxes and the files they refer to.

    A job or a delivery is written anew when it is another value than the one that was written last; so is the
    rest of its sandbox, but not for what a clock that runs has told since, for it runs on by itself. Another
    sandbox of the same name takes the place of the one before as a whole.

    With a `sync` (as `os.fsync`) what is saved is on disk before `save` returns.

    Raises KeepError for a folder that cannot be used or understood, or that another twin has open.
    """

    def __init__(self, folder: Path, sync: Sync | None = None) -> None:
        self.files = folder / FILES
        self._lock = FolderLock(folder)
        try:
            self._database = _opened(folder, sync)
        except KeepError:
            self._lock.release()
            raise
        self._written: dict[str, Written] = {}

    def seed(self, wanted: str) -> str:
        """Return the seed of this folder's ids and links: what is wanted, or was before, or a new one."""
        with self._understood(), self._database:
            row = self._database.execute("select seed from twin").fetchone()
            seed = wanted or (row[0] if row else secrets.token_hex(16))
            self._database.execute("delete from twin")
            self._database.execute("insert into twin values (?)", (seed,))
        return str(seed)

    def load(self) -> Iterator[Sandbox]:
        """Yield every sandbox as it was saved last."""
        with self._understood():
            named = self._database.execute("select name, head from sandboxes").fetchall()
            found = [self._sandbox(name, head) for name, head in named]
        for sandbox in found:
            self._written[sandbox.name] = _written(sandbox)
            yield sandbox

    def save(self, sandbox: Sandbox, *, is_read: bool = False) -> None:
        """Write down what has changed in a sandbox since it was saved.

        After a call that read, its parts are looked at only if the rest has changed: all goes in one piece.
        """
        last = self._last(sandbox)
        if is_read and last.lasting == _lasting(sandbox):
            return
        now = _written(sandbox)
        changes = {table: _changes(last.parts.get(table, {}), parts) for table, parts in now.parts.items()}
        if last.lasting == now.lasting and not any(gone or fresh for gone, fresh in changes.values()):
            return
        head = _head(sandbox)
        with self._database:
            if last.sandbox is None:
                self._remove(sandbox.name)
            self._database.execute("insert or replace into sandboxes values (?, ?)", (sandbox.name, head))
            for table, (gone, fresh) in changes.items():
                self._write(table, sandbox.name, gone, fresh)
        self._written[sandbox.name] = now

    def save_times(self, sandboxes: Iterable[Sandbox]) -> None:
        """Write down what running clocks showed last, which `save` alone is no reason to write.

        After a restart they go on from there, even if the wall clock was set back. What cannot be written is
        said in the log, for this is the end of a process.
        """
        running = [one for one in sandboxes if one.name in self._written and not one.clock.stands]
        rows = [(_head(sandbox), sandbox.name) for sandbox in running]
        try:
            with self._database:
                self._database.executemany("update sandboxes set head = ? where name = ?", rows)
        except sqlite3.Error as error:
            log.warning("the time of %d sandboxes was not kept: %s", len(rows), error)

    def forget(self, name: str) -> None:
        """Remove a sandbox."""
        with self._database:
            self._remove(name)
        self._written.pop(name, None)

    def close(self) -> None:
        """Close the database, and let another process have the folder."""
        self._database.close()
        self._lock.release()

    def _last(self, sandbox: Sandbox) -> "Written":
        """Return what was written of a sandbox last: nothing, of one that has only the same name."""
        last = self._written.get(sandbox.name, NOTHING)
        return last if last.sandbox is sandbox else NOTHING

    def _remove(self, name: str) -> None:
        self._database.execute("delete from sandboxes where name = ?", (name,))
        self._database.execute("delete from jobs where sandbox = ?", (name,))
        self._database.execute("delete from deliveries where sandbox = ?", (name,))

    def _sandbox(self, name: str, head: bytes) -> Sandbox:
        jobs = [msgspec.json.decode(body, type=Job) for body in self._bodies("jobs", name)]
        sent = [msgspec.json.decode(body, type=Delivery) for body in self._bodies("deliveries", name)]
        return replace(
            Sandbox.from_json(head),
            jobs={job.id: job for job in jobs},
            deliveries={delivery.id: delivery for delivery in sent},
        )

    def _bodies(self, table: str, name: str) -> list[bytes]:
        asked = f"select body from {table} where sandbox = ? order by place"  # noqa: S608 - one of our two tables
        return [body for (body,) in self._database.execute(asked, (name,))]

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Close what cannot be read, and raise KeepError."""
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            self.close()
            raise KeepError(f"what is kept in {self.files.parent} cannot be read: {error}") from error

    def _write(self, table: str, name: str, gone: Iterable[str], fresh: Iterable[Part]) -> None:
        rows = [(name, part.id, msgspec.json.encode(part)) for part in fresh]
        self._database.executemany(
            f"delete from {table} where sandbox = ? and id = ?",  # noqa: S608 - one of our two tables
            [(name, part_id) for part_id in gone],
        )
        self._database.executemany(
            f"insert into {table} (sandbox, id, body) values (?, ?, ?) "  # noqa: S608 - one of our two tables
            "on conflict (sandbox, id) do update set body = excluded.body",
            rows,
        )


def _head(sandbox: Sandbox) -> bytes:
    """Return all of a sandbox but its parts."""
    return replace(sandbox, jobs={}, deliveries={}).to_json()


def _lasting(sandbox: Sandbox) -> bytes:
    """Return of a sandbox, apart from its parts, what does not change by itself."""
    latest = sandbox.latest if sandbox.clock.stands else 0.0
    return replace(sandbox, jobs={}, deliveries={}, latest=latest).to_json()


def _written(sandbox: Sandbox) -> Written:
    parts: Parts = {"jobs": dict(sandbox.jobs), "deliveries": dict(sandbox.deliveries)}
    return Written(sandbox=sandbox, lasting=_lasting(sandbox), parts=parts)


def _changes(before: Mapping[str, Part], now: Mapping[str, Part]) -> tuple[list[str], list[Part]]:
    """Return the ids of what is gone, and what is new or another value than before."""
    gone = [part_id for part_id in before if part_id not in now]
    return gone, [part for part_id, part in now.items() if before.get(part_id) is not part]


def _opened(folder: Path, sync: Sync | None) -> sqlite3.Connection:
    try:
        check_database(folder)
        (folder / FILES).mkdir(exist_ok=True)
        file = folder / DATABASE
        if not file.exists():
            file.touch(mode=0o600)  # webhooks' secrets will be in it
        database = sqlite3.connect(file, timeout=0, check_same_thread=False)
        database.executescript(OPENING)
        database.execute(UNSYNCED if sync is None else SYNCED)
        (kept,) = database.execute("pragma user_version").fetchone()
        check_database(folder, is_new=kept == 0)
        if kept in (0, FORMAT):
            database.executescript(TABLES)
            if sync is not None:  # SQLite syncs the name of its log, not that of the database or of folders
                for parent in (folder, folder.absolute().parent):
                    sync_path(parent, sync)
            return database
    except (OSError, sqlite3.Error) as error:
        why = "another twin has it open" if "locked" in str(error) else str(error)
        raise KeepError(f"nothing can be kept in {folder}: {why}") from error
    database.close()
    raise KeepError(f"what is kept in {folder} is of format {kept}; this version reads {FORMAT}")
