"""Stores of sandboxes, each of which passes the same tests, and how these change and read sandboxes."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from safelight_mock.config.settings import Settings
from safelight_mock.core.job import Job, Plan, Source, State
from safelight_mock.core.picture import Format, Picture
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.core.webhook import Attempt, Delivery, Outcome
from safelight_mock.storage.memory import InMemoryPersistence
from safelight_mock.storage.port import SandboxStore
from safelight_mock.storage.sandboxes import SandboxRegistry, name_of
from safelight_mock.storage.sqlite_store import SqliteStore
from safelight_mock.storage.transaction import Transaction

PICTURE = Picture(format=Format.JPEG, width=6, height=4)
ONE, OTHER = name_of("topaz", "one"), name_of("topaz", "other")
Open = Callable[..., SandboxStore]


def in_memory(_: Path, settings: Settings, inputs: Counter[str] | None) -> SandboxStore:
    return SandboxRegistry("seed", settings, InMemoryPersistence(), inputs=inputs)


def in_folder(folder: Path, settings: Settings, inputs: Counter[str] | None) -> SandboxStore:
    persistence = SqliteStore(folder)
    registry = SandboxRegistry("seed", settings, persistence, inputs=inputs)
    registry.load(persistence.load())
    return registry


STORES = {"memory": in_memory, "sqlite": in_folder}


def job(name: str, at: float = 0, *, queued: float = 1, running: float = 1) -> Job:
    """A job that is over two seconds after it was submitted."""
    source = Source(id=name, digest=f"input of {name}", filename="a.jpg", picture=PICTURE)
    plan = Plan(queued=queued, running=running)
    return Job(id=name, operation="enhance", plan=plan, source=source, output=PICTURE, submitted=at)


def delivery(name: str, *outcomes: Outcome) -> Delivery:
    attempts = tuple(Attempt(at=0, outcome=outcome) for outcome in outcomes)
    return Delivery(
        id=name,
        job="job",
        lifecycle="image",
        state=State.RUNNING,
        vendor_state="Processing",
        at=0,
        target="http://hook",
        headers={},
        body="{}",
        first=0,
        attempts=attempts,
    )


@contextmanager
def changing(store: SandboxStore, key: str = "one", at: float = 0) -> Iterator[Sandbox]:
    """Change a key's sandbox, as a request does."""
    with Transaction(store, at) as transaction:
        yield transaction.sandbox("topaz", key)
        transaction.commit()


def submit(store: SandboxStore, key: str, name: str, at: float = 0, label: str = "") -> None:
    with changing(store, key, at) as sandbox:
        sandbox.jobs[name] = job(name, sandbox.now(at))
        sandbox.label = label or sandbox.label


def shown(store: SandboxStore, name: str = ONE, at: float = 0) -> Sandbox | None:
    """What a reader gets of a sandbox."""
    with Transaction(store, at, is_reader=True) as transaction:
        return transaction.named(name)


def jobs(store: SandboxStore, key: str = "one") -> list[str]:
    actual = shown(store, name_of("topaz", key))
    return [] if actual is None else list(actual.jobs)
