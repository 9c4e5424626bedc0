"""Patches of functions and methods of the process, undone in reverse order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Function: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A patched attribute. `own`: its owner defines it; otherwise it is inherited."""

    owner: Any
    name: str
    original: object
    patched: object
    own: bool

    def undo(self) -> None:
        """Restore the original, unless another tool has patched the attribute since."""
        if vars(self.owner).get(self.name) is not self.patched:
            return
        if self.own:
            setattr(self.owner, self.name, self.original)
        else:
            delattr(self.owner, self.name)


class Patches:
    """What is patched at present."""

    def __init__(self) -> None:
        self._done: list[Patch] = []
        self._at_end: list[Callable[[], None]] = []

    def replace(self, owner: Any, name: str, make: Callable[[Function], object]) -> None:  # noqa: ANN401 - a module or a class
        """Set an attribute to what `make` makes of it, if the owner has it."""
        if not hasattr(owner, name):
            return
        own = name in vars(owner)
        patched = make(getattr(owner, name))
        done = Patch(
            owner=owner,
            name=name,
            original=vars(owner)[name] if own else None,
            patched=patched,
            own=own,
        )
        setattr(owner, name, patched)
        self._done.append(done)

    def at_end(self, call: Callable[[], None]) -> None:
        """Have a function called once every original is restored."""
        self._at_end.append(call)

    def undo(self) -> None:
        """Restore every original."""
        while self._done:
            self._done.pop().undo()
        while self._at_end:
            self._at_end.pop()()
