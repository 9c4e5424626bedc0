"""Overlays, their actions, and the results of applying them, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from safelight_openapi._reading.documents import JSONValue


class ActionKind(StrEnum):
    """What an action does to the nodes it selects."""

    UPDATE = "update"
    COPY = "copy"
    REMOVE = "remove"
    NOTHING = "nothing"  # only a target, or `remove: false`


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayAction:
    """One entry of an overlay's `actions`."""

    number: int  # counts from 1
    target: str
    kind: ActionKind
    description: str = ""
    update: JSONValue = None  # the value to merge, for an update
    source: str = ""  # the query for the value to merge, for a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A valid overlay document."""

    source: str  # its name in reports and errors: the path it was loaded from
    version: str  # "1.0", "1.1" or "1.2": the patch version makes no difference
    title: str
    actions: tuple[OverlayAction, ...]
    extends: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOrigin:
    """The action of an overlay that set a value."""

    overlay: str
    action: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReport:
    """The effect of one action; all locations are JSON pointers."""

    overlay: str
    number: int
    target: str
    description: str
    kind: ActionKind
    locations: tuple[str, ...]  # what the target matched, in the document before the action
    changes: tuple[str, ...]  # set or appended (in the document after the action), or removed (before)
    warning: str = ""  # the rule of the overlay's version that the action violates; empty if none

    @property
    def is_changed(self) -> bool:
        """Whether the action changed the document."""
        return bool(self.changes)

    @property
    def is_redundant(self) -> bool:
        """Whether the target matched but nothing changed, because the document already has these values."""
        return bool(self.locations) and not self.changes

    def __str__(self) -> str:
        return f"{self.overlay}: action {self.number}: {self.kind} {self.target}: {self._outcome()}"

    def _outcome(self) -> str:
        if not self.changes:
            return "changes nothing" if self.locations else "matches nothing"
        verb = "removes" if self.kind is ActionKind.REMOVE else "changes"
        return f"{verb} {', '.join(location or 'the root' for location in self.changes)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayResult:
    """A document after its overlays, with a report for each action and the origin of what they set."""

    document: JSONValue
    actions: tuple[ActionReport, ...]
    provenance: Mapping[str, ActionOrigin]  # by JSON pointer; applies to everything below it

    def origin(self, location: str) -> ActionOrigin | None:
        """Return the action that set the value at a JSON pointer; None if the original document has it."""
        while location and location not in self.provenance:
            location = location.rpartition("/")[0]
        return self.provenance.get(location)
