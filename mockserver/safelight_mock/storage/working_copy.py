"""A working copy beside what it was made of: whether it was changed, and whether it can be used again."""

from safelight_mock.core.sandbox import Sandbox


class Opened:
    """A sandbox and a working copy of it, that is used again by the next call if it was left as it was."""

    __slots__ = ("_head", "_overlays", "base", "copy")

    def __init__(self, base: Sandbox) -> None:
        self.base = base
        self.copy = base.copy()
        self._overlays = [part.overlay for part in self.copy.parts().values()]
        self._head = base.head

    @property
    def is_current(self) -> bool:
        """Whether the sandbox is as it was when the copy was made."""
        return self.base.head == self._head

    @property
    def has_head(self) -> bool:
        """Whether something was changed beside what a sandbox has many of."""
        return self.copy.head != self._head

    @property
    def is_changed(self) -> bool:
        """Whether anything was changed."""
        for overlay in self._overlays:  # a generator would take twice as long, and each poll asks
            if overlay.fresh or overlay.gone:
                return True
        return self.has_head

    def merged(self) -> "Opened":
        """Return this once its copy is merged: that is a copy of what became of the sandbox."""
        self._head = self.base.head
        return self
