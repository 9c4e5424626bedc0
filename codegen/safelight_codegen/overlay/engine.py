"""Applying overlays: each action in its turn, on the result of the one before."""

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from safelight_codegen.documents import JSON, string_keyed
from safelight_codegen.overlay.errors import OverlayError, Refusal
from safelight_codegen.overlay.merge import edits, shape
from safelight_codegen.overlay.model import Action, ActionReport, Applied, Kind, Origin, Overlay
from safelight_codegen.overlay.places import Place, pointer, value_at
from safelight_codegen.overlay.targets import selected


def apply_overlay(document: JSON, overlay: Overlay, *, strict: bool = False) -> Applied:
    """Apply one overlay; the document itself is left as it is.

    The result shares nothing with the document or the overlay, and its keys are strings. Without `strict`, an action that
    matches or changes nothing succeeds, as the specification has it; with `strict` it is an error. Raises `OverlayError`.
    """
    return apply_overlays(document, [overlay], strict=strict)


def apply_overlays(document: JSON, overlays: Iterable[Overlay], *, strict: bool = False) -> Applied:
    """Apply several overlays, each on the result of the last, with one provenance for all; see `apply_overlay`."""
    draft = _Draft(document)
    reports = tuple(
        _report(draft, overlay, action, strict=strict) for overlay in overlays for action in overlay.actions
    )
    provenance = {pointer(place): origin for place, origin in draft.origins.items()}
    return Applied(document=draft.document, actions=reports, provenance=MappingProxyType(provenance))


def _report(draft: "_Draft", overlay: Overlay, action: Action, *, strict: bool) -> ActionReport:
    try:
        report = _act(draft, overlay, action)
        if strict and not report.changed:
            raise Refusal(_idle(report))
    except Refusal as refusal:
        raise OverlayError(
            refusal.reason,
            overlay=overlay.source,
            action=action.number,
            target=action.target,
            place=refusal.place,
        ) from refusal
    except RecursionError as error:
        raise OverlayError(
            "the document is nested too deeply",
            overlay=overlay.source,
            action=action.number,
            target=action.target,
        ) from error
    return report


def _idle(report: ActionReport) -> str:
    if report.stale:
        return "it changes nothing, the document already says this; drop the action"
    return "it matches nothing; correct the target or drop the action"


def _act(draft: "_Draft", overlay: Overlay, action: Action) -> ActionReport:
    places = selected(draft.document, action.target)
    if overlay.version == "1.0":
        _refuse_primitives(draft.document, places)
    origin = Origin(overlay=overlay.source, action=action.number, description=action.description)
    changes = tuple(_changes(draft, action, places, origin))
    return ActionReport(
        overlay=overlay.source,
        number=action.number,
        target=action.target,
        description=action.description,
        kind=action.kind,
        places=tuple(map(pointer, places)),
        changes=tuple(map(pointer, changes)),
    )


def _changes(draft: "_Draft", action: Action, places: tuple[Place, ...], origin: Origin) -> Iterator[Place]:
    match action.kind:
        case Kind.NOTHING:
            return
        case Kind.REMOVE:
            yield from draft.remove(places)
        case Kind.UPDATE | Kind.COPY if places:
            _refuse_mixture(draft.document, places)
            value = action.update if action.kind is Kind.UPDATE else _only(draft.document, action.source)
            for place in places:
                yield from draft.merge(place, value, origin)


def _only(document: JSON, query: str) -> JSON:
    places = selected(document, query)
    if len(places) != 1:
        raise Refusal(
            f"copy takes exactly one node, and {query} selects {len(places)}; make the query select one"
        )
    return string_keyed(value_at(document, places[0]))


def _refuse_mixture(document: JSON, places: tuple[Place, ...]) -> None:
    first, *others = ((shape(value_at(document, place)), place) for place in places)
    for kind, place in others:
        if kind != first[0]:
            raise Refusal(
                f"the target selects {kind} here and {first[0]} at {pointer(first[1])}; give each kind its own action",
                place=place,
            )


def _refuse_primitives(document: JSON, places: tuple[Place, ...]) -> None:
    for place in places:
        if shape(value_at(document, place)) == "a primitive":
            raise Refusal(
                "an overlay 1.0 cannot select a primitive; select what holds it, or say `overlay: 1.1.0`",
                place=place,
            )


class _Draft:
    """A private copy of the document while actions work on it, with the origin of what they put there."""

    __slots__ = ("document", "origins")

    def __init__(self, document: JSON) -> None:
        self.document = string_keyed(document)
        self.origins: dict[Place, Origin] = {}

    def merge(self, place: Place, value: JSON, origin: Origin) -> Iterator[Place]:
        for edit in tuple(edits(value_at(self.document, place), value, place)):
            self._put(edit.place, edit.value)
            self.origins[edit.place] = origin
            yield edit.place

    def remove(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        for place in sorted(places, key=_last_first, reverse=True):
            self._take(place)
        return places

    def _put(self, place: Place, value: JSON) -> None:
        if not place:
            self.document = value
            return
        holder, key = value_at(self.document, place[:-1]), place[-1]
        if isinstance(holder, list) and key == len(holder):
            holder.append(value)
        else:
            holder[key] = value  # type: ignore[index,call-overload]  # a place fits the document it was found in

    def _take(self, place: Place) -> None:
        if not place:
            raise Refusal("the root cannot be removed, nothing holds it; select what is in it", place=place)
        del value_at(self.document, place[:-1])[place[-1]]  # type: ignore[union-attr,arg-type]  # see above
        self.origins = {
            _shifted(other, place): origin
            for other, origin in self.origins.items()
            if other[: len(place)] != place
        }


def _last_first(place: Place) -> tuple[int, int]:
    """Sort what is inside after what holds it, and items of an array by index: removed in reverse, none moves another."""
    last = place[-1] if place else ""
    return len(place), last if isinstance(last, int) else -1


def _shifted(place: Place, removed: Place) -> Place:
    """Say where a place is once another, an item of an array perhaps, is gone."""
    depth = len(removed) - 1
    if place[:depth] != removed[:depth] or len(place) <= depth or not isinstance(removed[depth], int):
        return place
    index = place[depth]
    moves = isinstance(index, int) and index > removed[depth]
    return (*place[:depth], index - 1, *place[depth + 1 :]) if moves else place
