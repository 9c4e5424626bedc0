"""Applying overlays: each action in its turn, on the result of the one before."""

from collections.abc import Iterable
from itertools import chain

from safelight_lifecycle import format_pointer
from safelight_openapi._overlay.draft import Draft
from safelight_openapi._overlay.errors import OverlayError, RefusalError
from safelight_openapi._overlay.merge import shape
from safelight_openapi._overlay.model import Action, ActionReport, Applied, Kind, Origin, Overlay
from safelight_openapi._overlay.places import Place, value_at
from safelight_openapi._overlay.targets import selected
from safelight_openapi._reading.documents import JSON, string_keyed


def apply_overlay(document: JSON, overlay: Overlay, *, strict: bool = False) -> Applied:
    """Apply one overlay; the document itself is left as it is.

    The result shares nothing with the document or the overlay, and its keys are strings. An action that
    matches nothing or changes nothing succeeds, as the specification has it; with `strict` it is an error,
    and so is what a report has a warning about. Raises `OverlayError`.
    """
    return apply_overlays(document, [overlay], strict=strict)


def apply_overlays(document: JSON, overlays: Iterable[Overlay], *, strict: bool = False) -> Applied:
    """Apply overlays, each on the result of the last, with one provenance for all; see `apply_overlay`."""
    draft = Draft(document)
    reports = tuple(
        _report(draft, overlay, action, strict=strict) for overlay in overlays for action in overlay.actions
    )
    return Applied(document=draft.document, actions=reports, provenance=draft.provenance())


def _report(draft: Draft, overlay: Overlay, action: Action, *, strict: bool) -> ActionReport:
    try:
        report = _act(draft, overlay, action, strict=strict)
        if strict:
            _refuse_idle(report)
    except RefusalError as refusal:
        reason, place = refusal.reason, refusal.place
    except RecursionError:
        reason, place = "this is nested too deeply to follow; flatten it", None
    else:
        return report
    raise OverlayError(
        reason, overlay=overlay.source, action=action.number, target=action.target, place=place
    )


def _refuse_idle(report: ActionReport) -> None:
    if report.kind is Kind.NOTHING:
        raise RefusalError("it has no `update`, `copy` or `remove: true`; add one, or drop the action")
    if not report.places:
        raise RefusalError("it matches nothing; correct the target, or drop the action")
    if report.stale:
        raise RefusalError("it changes nothing, the document already says this; drop the action")


def _act(draft: Draft, overlay: Overlay, action: Action, *, strict: bool) -> ActionReport:
    places = selected(draft.document, action.target)
    warning = _primitive_warning(draft.document, overlay, action, places, strict=strict)
    origin = Origin(overlay=overlay.source, action=action.number, description=action.description)
    changes = _change(draft, action, places, origin)
    return ActionReport(
        overlay=overlay.source,
        number=action.number,
        target=action.target,
        description=action.description,
        kind=action.kind,
        places=tuple(map(format_pointer, places)),
        changes=tuple(map(format_pointer, changes)),
        warning=warning,
    )


def _change(draft: Draft, action: Action, places: tuple[Place, ...], origin: Origin) -> tuple[Place, ...]:
    match action.kind:
        case Kind.REMOVE:
            return draft.remove(places)
        case Kind.UPDATE | Kind.COPY if places:
            _refuse_mixture(draft.document, places)
            value = action.update if action.kind is Kind.UPDATE else _copied(draft.document, action.source)
            merged = (draft.merge(place, value, origin) for place in places)
            return tuple(dict.fromkeys(chain.from_iterable(merged)))
        case _:
            return ()


def _copied(document: JSON, query: str) -> JSON:
    places = selected(document, query)
    if len(places) != 1:
        raise RefusalError(
            f"copy needs {query} to select one node, and it selects {len(places)}; narrow it to one"
        )
    return string_keyed(value_at(document, places[0]))


def _refuse_mixture(document: JSON, places: tuple[Place, ...]) -> None:
    shapes = {shape(value_at(document, place)): format_pointer(place) for place in reversed(places)}
    if len(shapes) > 1:
        found = " and ".join(f"{kind} at {place or 'the root'}" for kind, place in sorted(shapes.items()))
        raise RefusalError(f"the target selects {found}; give each kind an action of its own")


def _primitive_warning(
    document: JSON, overlay: Overlay, action: Action, places: tuple[Place, ...], *, strict: bool
) -> str:
    """Check a rule that 1.1 dropped: in 1.0 a target selects objects and arrays only.

    A removal is unambiguous all the same, and overlays in use have such ones, so it gets a warning; with
    `strict`, and for an update, RefusalError.
    """
    if overlay.version != "1.0" or action.kind is Kind.NOTHING:
        return ""
    first = next((one for one in places if shape(value_at(document, one)) == "a primitive"), None)
    if first is None:
        return ""
    rule, advice = "an overlay 1.0 cannot select a primitive", "select what holds it, or say `overlay: 1.1.0`"
    if strict or action.kind is not Kind.REMOVE:
        raise RefusalError(f"{rule}; {advice}", place=format_pointer(first))
    return f"{rule}, as at {format_pointer(first) or 'the root'}; {advice}"
