"""Applies overlays: each action in order, to the result of the one before."""

from collections.abc import Iterable
from itertools import chain

from safelight_lifecycle import format_pointer
from safelight_openapi._overlay.draft import Draft
from safelight_openapi._overlay.errors import OverlayError, RejectedActionError
from safelight_openapi._overlay.locations import Location, value_at
from safelight_openapi._overlay.merge import shape_name
from safelight_openapi._overlay.model import (
    ActionKind,
    ActionOrigin,
    ActionReport,
    Overlay,
    OverlayAction,
    OverlayResult,
)
from safelight_openapi._overlay.targets import select_locations
from safelight_openapi._reading.documents import JSONValue, string_keyed


def apply_overlay(document: JSONValue, overlay: Overlay, *, strict: bool = False) -> OverlayResult:
    """Apply one overlay to a copy of the document.

    The result shares no values with the document or the overlay, and its keys are strings. By the
    specification, an action that matches or changes nothing succeeds; with `strict` it is an error, and so is
    every warning. Raises OverlayError.
    """
    return apply_overlays(document, [overlay], strict=strict)


def apply_overlays(
    document: JSONValue, overlays: Iterable[Overlay], *, strict: bool = False
) -> OverlayResult:
    """Apply overlays in order, with one provenance for all of them; see `apply_overlay`."""
    draft = Draft(document)
    reports = tuple(
        _report(draft, overlay, action, strict=strict) for overlay in overlays for action in overlay.actions
    )
    return OverlayResult(document=draft.document, actions=reports, provenance=draft.provenance())


def try_overlays(
    document: JSONValue, overlays: Iterable[Overlay]
) -> tuple[OverlayResult, tuple[OverlayError, ...]]:
    """Apply all actions that can be applied; return the errors of the others beside the result."""
    draft = Draft(document)
    reports: list[ActionReport] = []
    errors: list[OverlayError] = []
    for overlay in overlays:
        for action in overlay.actions:
            try:
                reports.append(_report(draft, overlay, action, strict=False))
            except OverlayError as error:
                errors.append(error)
    result = OverlayResult(document=draft.document, actions=tuple(reports), provenance=draft.provenance())
    return result, tuple(errors)


def _report(draft: Draft, overlay: Overlay, action: OverlayAction, *, strict: bool) -> ActionReport:
    try:
        report = _apply_action(draft, overlay, action, strict=strict)
        if strict:
            _reject_without_effect(report)
    except RejectedActionError as refusal:
        reason, location = refusal.reason, refusal.location
    except RecursionError:
        reason, location = "the document or the value is nested too deeply; flatten it", None
    else:
        return report
    raise OverlayError(
        reason, overlay=overlay.source, action=action.number, target=action.target, location=location
    )


def _reject_without_effect(report: ActionReport) -> None:
    if report.kind is ActionKind.NOTHING:
        raise RejectedActionError(
            "it has no `update`, `copy` or `remove: true`; add one, or remove the action"
        )
    if not report.locations:
        raise RejectedActionError("it matches nothing; correct the target, or remove the action")
    if report.is_redundant:
        raise RejectedActionError(
            "it changes nothing, the document already has these values; remove the action"
        )


def _apply_action(draft: Draft, overlay: Overlay, action: OverlayAction, *, strict: bool) -> ActionReport:
    locations = select_locations(draft.document, action.target)
    warning = _primitive_warning(draft.document, overlay, action, locations, strict=strict)
    origin = ActionOrigin(overlay=overlay.source, action=action.number, description=action.description)
    changes = _change(draft, action, locations, origin)
    return ActionReport(
        overlay=overlay.source,
        number=action.number,
        target=action.target,
        description=action.description,
        kind=action.kind,
        locations=tuple(map(format_pointer, locations)),
        changes=tuple(map(format_pointer, changes)),
        warning=warning,
    )


def _change(
    draft: Draft, action: OverlayAction, locations: tuple[Location, ...], origin: ActionOrigin
) -> tuple[Location, ...]:
    match action.kind:
        case ActionKind.REMOVE:
            return draft.remove(locations)
        case ActionKind.UPDATE | ActionKind.COPY if locations:
            _reject_mixed_shapes(draft.document, locations)
            value = (
                action.update if action.kind is ActionKind.UPDATE else _copied(draft.document, action.source)
            )
            merged = (draft.merge(location, value, origin) for location in locations)
            return tuple(dict.fromkeys(chain.from_iterable(merged)))
        case _:
            return ()


def _copied(document: JSONValue, query: str) -> JSONValue:
    locations = select_locations(document, query)
    if len(locations) != 1:
        raise RejectedActionError(
            f"copy requires {query} to select exactly one node, and it selects {len(locations)}; narrow it"
        )
    return string_keyed(value_at(document, locations[0]))


def _reject_mixed_shapes(document: JSONValue, locations: tuple[Location, ...]) -> None:
    shapes = {
        shape_name(value_at(document, location)): format_pointer(location) for location in reversed(locations)
    }
    if len(shapes) > 1:
        listed = " and ".join(
            f"{kind} at {location or 'the root'}" for kind, location in sorted(shapes.items())
        )
        raise RejectedActionError(f"the target selects {listed}; write one action for each kind")


def _primitive_warning(
    document: JSONValue,
    overlay: Overlay,
    action: OverlayAction,
    locations: tuple[Location, ...],
    *,
    strict: bool,
) -> str:
    """Check a rule of version 1.0 that 1.1 does not have: a target selects objects and arrays only.

    Return a warning for a removal, which is unambiguous and occurs in published overlays; raise
    RejectedActionError for an update, and with `strict`.
    """
    if overlay.version != "1.0" or action.kind is ActionKind.NOTHING:
        return ""
    first = next(
        (location for location in locations if shape_name(value_at(document, location)) == "a primitive"),
        None,
    )
    if first is None:
        return ""
    rule, advice = "an overlay 1.0 cannot select a primitive", "select its parent, or write `overlay: 1.1.0`"
    if strict or action.kind is not ActionKind.REMOVE:
        raise RejectedActionError(f"{rule}; {advice}", location=format_pointer(first))
    return f"{rule}, as at {format_pointer(first) or 'the root'}; {advice}"
