"""Working copies of sandboxes: what was changed, and whether a copy can be reused."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from safelight_mock.core.overlay_mapping import PartChange
from safelight_mock.core.sandbox import Sandbox, request_fields

if TYPE_CHECKING:
    from safelight_mock.core.overlay_mapping import Copied, OverlayMapping

DUE = frozenset({"job_due_at", "next_attempt_at"})  # the parts that say when something is due


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be stored of a sandbox: all of it, or the changes of a working copy.

    - `has_head`: a scalar field was changed
    - `parts`: the changed mappings (jobs, deliveries, due times), by name
    - `moves_due`: when something is due next may have changed
    """

    sandbox: Sandbox
    is_whole: bool = False
    has_head: bool = True
    parts: Mapping[str, PartChange] = msgspec.field(default_factory=dict)
    moves_due: bool = True


class WorkingCopy:
    """A copy of a sandbox for one request; the next request reuses it if it was not changed.

    `is_whole`: all of it has to be stored, because its sandbox is new or replaces another one.
    """

    __slots__ = ("_latest", "_overlays", "_parts", "_request_fields", "base", "copy", "is_whole")

    def __init__(self, base: Sandbox, *, is_whole: bool = False) -> None:
        self.base: Sandbox = base
        self.copy: Sandbox = base.copy()
        self.is_whole: bool = is_whole
        self._parts: Mapping[str, Copied] = self.copy.parts()
        self._overlays: dict[str, OverlayMapping[Any]] = {
            name: part.overlay for name, part in self._parts.items()
        }
        self._request_fields, self._latest = request_fields(base), base.latest

    @property
    def is_changed(self) -> bool:
        """Whether anything was changed since it was made."""
        for overlay in self._overlays.values():  # a generator would take twice as long, and each poll asks
            if overlay.fresh or overlay.gone:
                return True
        return self._has_other_head

    @property
    def _has_other_head(self) -> bool:
        """Whether a scalar field was changed; the time of a running clock does not count."""
        copy = self.copy
        return request_fields(copy) != self._request_fields or (
            copy.clock.is_stopped and copy.latest != self._latest
        )

    def change(self) -> Change | None:
        """Return what has to be stored; None if nothing was changed."""
        copy, is_whole = self.copy, self.is_whole
        has_head = is_whole or self._has_other_head
        parts: dict[str, PartChange] = {}
        for name, overlay in self._overlays.items():
            if overlay.fresh or overlay.gone:
                parts[name] = self._parts[name].change()
        if not has_head and not parts:
            return None
        moves_due = is_whole or copy.clock is not self.base.clock or not DUE.isdisjoint(parts)
        return Change(sandbox=copy, is_whole=is_whole, has_head=has_head, parts=parts, moves_due=moves_due)

    def merge(self, change: Change) -> None:
        """Apply `change` to the original, of which this is then an unchanged copy."""
        base = self.base
        base.merge(self.copy, change.parts)
        self._request_fields, self._latest = request_fields(base), base.latest
        self.is_whole = False
