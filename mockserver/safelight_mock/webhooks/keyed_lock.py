"""Lets one at a time have a name to himself, and remembers no name that nobody has."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Turns:
    """The names that somebody has to himself. Who waits for one may wait in vain."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._changed = Condition()

    @contextmanager
    def turn(self, name: str, patience: float) -> Iterator[bool]:
        """Have a name for the length of a `with` block; tell whether it came free in so many real seconds."""
        with self._changed:
            is_mine = self._changed.wait_for(lambda: name not in self._taken, patience)
            if is_mine:
                self._taken.add(name)
        try:
            yield is_mine
        finally:
            if is_mine:
                self._give_back(name)

    def is_taken(self, name: str) -> bool:
        """Tell whether somebody has a name at this moment."""
        return name in self._taken

    def _give_back(self, name: str) -> None:
        with self._changed:
            self._taken.remove(name)
            self._changed.notify_all()
