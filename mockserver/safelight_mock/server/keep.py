"""Keeps sandboxes in a folder, so that they outlive the process however it ends."""

import logging
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from safelight_mock.core.job import Job
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.server.settings import KeepError

TAKEN = "its input was taken out of the folder in which it was kept"
FORMAT = 1  # of what is kept; another one is not read
OPENING = """
pragma locking_mode = exclusive;
pragma journal_mode = wal;
pragma synchronous = normal;
"""
TABLES = f"""
pragma user_version = {FORMAT};
create table if not exists twin (seed text not null);
create table if not exists sandboxes (name text primary key, head blob not null) without rowid;
create table if not exists jobs (
    place integer primary key, sandbox text not null, id text not null, body blob not null,
    unique (sandbox, id)
);
"""

log = logging.getLogger("safelight_mock")


class Keep:
    """A folder with a database of sandboxes and the files they refer to.

    A job is written anew when it is another value than the one that was written last; so is the rest of its
    sandbox. Raises KeepError for a folder that cannot be used or understood, or that another twin has open.
    """

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self._database = _opened(folder)
        self._written: dict[str, tuple[bytes, Mapping[str, Job]]] = {}

    def seed(self, wanted: str) -> str:
        """Return the seed of this folder's ids and links: what is wanted, or was before, or a new one."""
        with self._understood(), self._database:
            row = self._database.execute("select seed from twin").fetchone()
            seed = wanted or (row[0] if row else secrets.token_hex(16))
            self._database.execute("delete from twin")
            self._database.execute("insert into twin values (?)", (seed,))
        return str(seed)

    def load(self) -> Iterator[Sandbox]:
        """Yield every sandbox as it was saved last; a job whose input was taken away has that fault now."""
        there = {file.name for file in self.files.iterdir()}
        with self._understood():
            named = self._database.execute("select name, head from sandboxes").fetchall()
            found = [(head, self._sandbox(name, head, there)) for name, head in named]
        for head, sandbox in found:
            self._written[sandbox.name] = head, dict(sandbox.jobs)
            yield sandbox

    def save(self, sandbox: Sandbox) -> None:
        """Write down what has changed in a sandbox since it was saved."""
        head_before, jobs_before = self._written.get(sandbox.name, (b"", {}))
        head = replace(sandbox, jobs={}).to_json()
        gone = [(sandbox.name, job_id) for job_id in jobs_before.keys() - sandbox.jobs.keys()]
        fresh = [job for job_id, job in sandbox.jobs.items() if jobs_before.get(job_id) is not job]
        if head == head_before and not gone and not fresh:
            return
        with self._database:
            self._write(sandbox.name, head, gone, fresh)
        self._written[sandbox.name] = head, dict(sandbox.jobs)

    def forget(self, name: str) -> None:
        """Remove a sandbox."""
        with self._database:
            self._database.execute("delete from sandboxes where name = ?", (name,))
            self._database.execute("delete from jobs where sandbox = ?", (name,))
        self._written.pop(name, None)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _sandbox(self, name: str, head: bytes, there: AbstractSet[str]) -> Sandbox:
        rows = self._database.execute("select body from jobs where sandbox = ? order by place", (name,))
        jobs = [_job(body, there) for (body,) in rows.fetchall()]
        return replace(Sandbox.from_json(head), jobs={job.id: job for job in jobs})

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Close what cannot be read, and raise KeepError."""
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            self.close()
            raise KeepError(f"what is kept in {self.files.parent} cannot be read: {error}") from error

    def _write(self, name: str, head: bytes, gone: list[tuple[str, str]], fresh: list[Job]) -> None:
        rows = [(name, job.id, msgspec.json.encode(job)) for job in fresh]
        self._database.execute("insert or replace into sandboxes values (?, ?)", (name, head))
        self._database.executemany("delete from jobs where sandbox = ? and id = ?", gone)
        self._database.executemany(
            "insert into jobs (sandbox, id, body) values (?, ?, ?) "
            "on conflict (sandbox, id) do update set body = excluded.body",
            rows,
        )


def _job(body: bytes, there: AbstractSet[str]) -> Job:
    job = msgspec.json.decode(body, type=Job)
    if {job.source.digest, *job.others} - {""} <= there:
        return job
    log.warning("job %s cannot succeed: %s", job.id, TAKEN)
    return replace(job, source=replace(job.source, digest="", fault=TAKEN))


def _opened(folder: Path) -> sqlite3.Connection:
    try:
        (folder / "files").mkdir(parents=True, exist_ok=True)
        file = folder / "twin.sqlite"
        file.touch(mode=0o600)  # webhooks' secrets will be in it
        database = sqlite3.connect(file, timeout=0, check_same_thread=False)
        database.executescript(OPENING)
        (kept,) = database.execute("pragma user_version").fetchone()
        if kept in (0, FORMAT):
            database.executescript(TABLES)
            return database
    except (OSError, sqlite3.Error) as error:
        why = "another twin has it open" if "locked" in str(error) else str(error)
        raise KeepError(f"nothing can be kept in {folder}: {why}") from error
    database.close()
    raise KeepError(f"what is kept in {folder} is of format {kept}; this version reads {FORMAT}")
