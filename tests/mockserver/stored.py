"""How tests look at sandboxes as they are stored, and change them as requests do."""

from collections.abc import Iterator
from contextlib import contextmanager

from safelight_mock import Twin
from safelight_mock.core.sandbox import Sandbox
from safelight_mock.storage.sandboxes import name_of
from safelight_mock.storage.transaction import Transaction


def sandboxes(twin: Twin) -> list[Sandbox]:
    """All of them, to look at while nothing else happens."""
    return [*twin.sandboxes.each()]


def stored(twin: Twin, vendor: str = "topaz", key: str = "k") -> Sandbox:
    """A key's sandbox, made if it is not there, to look at while nothing else happens."""
    name = name_of(vendor, key)
    if twin.sandboxes.store.about(name) is None:
        with changing(twin, vendor, key):
            pass
    return next(one for one in sandboxes(twin) if one.name == name)


@contextmanager
def changing(twin: Twin, vendor: str = "topaz", key: str = "k") -> Iterator[Sandbox]:
    """Change a key's sandbox."""
    with Transaction(twin.sandboxes.store, twin.real()) as transaction:
        yield transaction.sandbox(vendor, key)
        transaction.commit()
