"""The nouns: what an overlay says, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from safelight_openapi._reading.documents import JSON


class Kind(StrEnum):
    """What an action does to the nodes it selects."""

    UPDATE = "update"
    COPY = "copy"
    REMOVE = "remove"
    NOTHING = "nothing"  # only a target, or `remove: false` beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One entry of an overlay's `actions`."""

    number: int  # from 1, as errors and reports count
    target: str
    kind: Kind
    description: str = ""
    update: JSON = None  # the value to merge, for an update
    source: str = ""  # the query that finds the value to merge, for a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A valid overlay document."""

    source: str  # how reports and errors name it: the path it was read from
    version: str  # "1.0" or "1.1": the patch version makes no difference
    title: str
    actions: tuple[Action, ...]
    extends: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose words stand at a place: an action of an overlay."""

    overlay: str
    action: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReport:
    """What one action did; all places are JSON pointers."""

    overlay: str
    number: int
    target: str
    description: str
    kind: Kind
    places: tuple[str, ...]  # what the target matched, as the document stood before the action
    changes: tuple[str, ...]  # what it set or appended (as the document stood after), or removed (before)
    warning: str = ""  # a rule of the overlay's version that the action breaks; empty if it breaks none

    @property
    def changed(self) -> bool:
        """Whether the document is different now."""
        return bool(self.changes)

    @property
    def stale(self) -> bool:
        """Whether the target matches and yet nothing changed: the document already says this."""
        return bool(self.places) and not self.changes

    def __str__(self) -> str:
        return f"{self.overlay}: action {self.number}: {self.kind} {self.target}: {self._outcome()}"

    def _outcome(self) -> str:
        if not self.changes:
            return "changes nothing" if self.places else "matches nothing"
        verb = "removes" if self.kind is Kind.REMOVE else "changes"
        return f"{verb} {', '.join(place or 'the root' for place in self.changes)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A document after its overlays, and how it came about."""

    document: JSON
    actions: tuple[ActionReport, ...]
    provenance: Mapping[str, Origin]  # JSON pointer -> who put there what stands there, and all below it

    def origin(self, place: str) -> Origin | None:
        """Say whose words stand at a JSON pointer; `None` when they are the document's own."""
        while place and place not in self.provenance:
            place = place.rpartition("/")[0]
        return self.provenance.get(place)
