"""A working copy beside what it was made of: whether it was changed, and whether it can be used again."""

from typing import TYPE_CHECKING, Any

import msgspec

from safelight_mock.core.sandbox import Sandbox, lasting

if TYPE_CHECKING:
    from safelight_mock.core.overlay_mapping import OverlayMapping


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be kept of a sandbox: all of it, or what a working copy has changed.

    `has_head` says whether that is anything beside what a sandbox has many of.
    """

    sandbox: Sandbox
    is_whole: bool = False
    has_head: bool = True


class WorkingCopy:
    """A copy of a sandbox to work on, which is used again by the next request if it was left as it was.

    Of one that `is_whole` all has to be kept: its sandbox is new, or comes in the place of another. The
    `overlays` are what was changed of what a sandbox has many of, by name.
    """

    __slots__ = ("_lasting", "_latest", "base", "copy", "is_whole", "overlays")

    def __init__(self, base: Sandbox, *, is_whole: bool = False) -> None:
        self.base: Sandbox = base
        self.copy: Sandbox = base.copy()
        self.is_whole: bool = is_whole
        parts = self.copy.parts()
        self.overlays: dict[str, OverlayMapping[Any]] = {name: part.overlay for name, part in parts.items()}
        self._lasting, self._latest = lasting(base), base.latest

    @property
    def is_changed(self) -> bool:
        """Whether anything was changed since it was made."""
        for overlay in self.overlays.values():  # a generator would take twice as long, and each poll asks
            if overlay.fresh or overlay.gone:
                return True
        return self._has_other_head

    @property
    def _has_other_head(self) -> bool:
        """Whether anything but parts was changed; the time of a running clock is not."""
        copy = self.copy
        return lasting(copy) != self._lasting or (copy.clock.stands and copy.latest != self._latest)

    @property
    def adds_jobs(self) -> bool:
        """Whether it has jobs that are not stored yet."""
        return bool(self.copy.jobs) if self.is_whole else self.overlays["jobs"].added > 0

    def change(self) -> Change:
        """Return what has to be kept of it."""
        has_head = self.is_whole or self._has_other_head
        return Change(sandbox=self.copy, is_whole=self.is_whole, has_head=has_head)

    def merge(self) -> None:
        """Change what this is a copy of as this was changed; this is a copy of that again."""
        self.base.merge(self.copy)
        self._lasting, self._latest = lasting(self.base), self.base.latest
        self.is_whole = False
