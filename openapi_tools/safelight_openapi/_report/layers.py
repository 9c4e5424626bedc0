"""A document and its overlays: every action is tried, also after one that is rejected."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight_openapi._findings.candidates import closest
from safelight_openapi._findings.finding import Action, Finding, FindingCode, Severity
from safelight_openapi._overlay.engine import try_overlays
from safelight_openapi._overlay.errors import OverlayError, RejectedActionError
from safelight_openapi._overlay.loading import load_overlay
from safelight_openapi._overlay.model import ActionKind, ActionReport, Overlay, OverlayAction, OverlayResult
from safelight_openapi._overlay.targets import select_locations
from safelight_openapi._reading.documents import JSONValue

TARGET = "$, or a place that the document has, such as $.paths; earlier actions may add it"
_SEGMENT = re.compile(r"\.([A-Za-z_]\w*)|\['((?:[^'\\]|\\.)*)'\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredDocument:
    """A document after its overlays, and what is wrong with these."""

    result: OverlayResult
    findings: tuple[Finding, ...]


def apply_layers(document: JSONValue, paths: Sequence[Path]) -> LayeredDocument:
    """Apply the overlay files that are valid, and of these all actions that can be applied."""
    findings: list[Finding] = []
    overlays: list[Overlay] = []
    for path in paths:
        try:
            overlays.append(load_overlay(path))
        except OverlayError as error:
            findings.append(_invalid(error))
    result, errors = try_overlays(document, overlays)
    findings += [_rejected(error) for error in errors]
    actions = {(overlay.source, action.number): action for overlay in overlays for action in overlay.actions}
    failed: list[OverlayAction] = [actions[error.overlay, error.action] for error in errors if error.action]
    for report in result.actions:
        action = actions[report.overlay, report.number]
        findings += _without_effect(report, action, result.document, failed)
        failed += [] if report.locations else [action]
    return LayeredDocument(result=result, findings=tuple(findings))


def _invalid(error: OverlayError) -> Finding:
    return Finding(
        code=FindingCode.INVALID_OVERLAY,
        message=error.reason,
        pointer=error.location or "",
        file=error.overlay,
        action=error.action,
    )


def _rejected(error: OverlayError) -> Finding:
    return Finding(
        code=FindingCode.REJECTED_ACTION,
        message=f"{error.target}: {error.reason}",
        pointer=error.location or "",
        actual=error.target,
        file=error.overlay,
        action=error.action,
    )


def _without_effect(
    report: ActionReport, action: OverlayAction, document: JSONValue, failed: Sequence[OverlayAction]
) -> Iterator[Finding]:
    if not report.locations:
        targets = tuple(_similar_targets(report.target, document))
        cause = _cause(report.target, document, failed)
        because = f", because action {cause.number} was not applied" if cause else ""
        yield Finding(
            code=FindingCode.UNMATCHED_ACTION,
            message=f"the target {report.target} matches nothing{because}",
            pointer=f"/actions/{report.number - 1}/target",
            actual=report.target,
            expected="" if because else TARGET,
            candidates=targets,
            fix=tuple(_retargeted(action, target) for target in targets[:1]),
            severity=Severity.ERROR if action.kind is not ActionKind.REMOVE else Severity.WARNING,
            file=report.overlay,
            action=report.number,
        )
    elif not report.changes:
        yield Finding(
            code=FindingCode.REDUNDANT_ACTION,
            message="it changes nothing, the document already has these values; remove the action",
            pointer=f"/actions/{report.number - 1}",
            severity=Severity.WARNING,
            file=report.overlay,
            action=report.number,
        )


def _cause(target: str, document: JSONValue, failed: Sequence[OverlayAction]) -> OverlayAction | None:
    """Return the failed action that would have added the first name of a target that is missing."""
    missing = _missing_name(target, document)
    return next((action for action in failed if missing and missing in _keys(action.update)), None)


def _missing_name(target: str, document: JSONValue) -> str:
    for segment in _SEGMENT.finditer(target):
        if not _selected(target[: segment.end()], document):
            return str(segment[1] or segment[2])
    return ""


def _keys(value: JSONValue) -> Iterator[str]:
    """Yield the names of all members of a value, at any depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from map(str, value) if isinstance(value, dict) else ()
    for one in inner:
        yield from _keys(one)


def _retargeted(action: OverlayAction, target: str) -> Action:
    value: Action = {"target": target, "description": action.description or "The target was misspelled."}
    match action.kind:
        case ActionKind.UPDATE:
            return value | {"update": action.update}
        case ActionKind.COPY:
            return value | {"copy": action.source}
        case _:
            return value | {"remove": True}


def _similar_targets(target: str, document: JSONValue) -> Iterator[str]:
    """Yield targets in which the first name that matches nothing is one that the document has."""
    segments = list(_SEGMENT.finditer(target))
    if not target.startswith("$") or "".join(one[0] for one in segments) != target[1:]:
        return  # it has wildcards or filters: it does not show which name is wrong
    for index, segment in enumerate(segments):
        before, after = target[: segment.start()], target[segment.end() :]
        if _selected(before + segment[0], document):
            continue
        nodes = [node for node in _selected(before, document) if isinstance(node, dict)]
        names = [str(key) for node in nodes for key in node]
        for name in closest(segment[1] or segment[2], names):
            spelled = f".{name}" if re.fullmatch(r"[A-Za-z_]\w*", name) else f"['{name}']"
            if index == len(segments) - 1 or _selected(before + spelled + after, document):
                yield before + spelled + after
        return


def _selected(query: str, document: JSONValue) -> list[JSONValue]:
    try:
        locations = select_locations(document, query)
    except RejectedActionError:
        return []
    nodes = []
    for location in locations:
        node: JSONValue = document
        for key in location:
            node = node[key]  # type: ignore[index] # the query selected it
        nodes.append(node)
    return nodes
