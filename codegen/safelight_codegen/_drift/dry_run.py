"""Applies overlays to documents and records the effect of each action, without stopping at errors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from safelight_openapi import (
    ActionReport,
    Layer,
    Node,
    Overlay,
    OverlayAction,
    OverlayError,
    SpecError,
    apply_overlay,
    apply_overlays,
    as_mapping,
    find_violations,
    join_documents,
)

Layers = Mapping[str, Layer]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedAction:
    """An action with its effect, or the reason why it could not be applied."""

    layer: str
    overlay: str
    action: OverlayAction
    before: Node  # the document before the overlays of this layer
    after: Node  # the document after all of them
    report: ActionReport | None = None
    problem: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Overlay and number, which identify an action."""
        return self.overlay, self.action.number


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayDryRun:
    """All actions with their effects, the resulting document, and its problems."""

    actions: Mapping[tuple[str, int], AppliedAction]
    problems: tuple[str, ...]
    truth: Node


@dataclass(slots=True)
class _Recorder:
    """Collects actions and their effects."""

    actions: dict[tuple[str, int], AppliedAction] = field(default_factory=dict)

    def apply(self, layer: str, document: Node, overlays: Sequence[Overlay]) -> Node:
        """Apply overlays and return the result; an action that fails is recorded and skipped."""
        result, outcomes = _applied(document, overlays)
        for overlay, action, report, problem in outcomes:
            applied = AppliedAction(
                layer=layer,
                overlay=overlay.source,
                action=action,
                before=document,
                after=result,
                report=report,
                problem=problem,
            )
            self.actions[applied.key] = applied
        return result


def dry_run_overlays(documents: Mapping[Path, Node], layers: Layers) -> OverlayDryRun:
    """Build the effective documents as `safelight_openapi` does, but continue after errors.

    If the documents cannot be joined, the steps after the join are omitted, and `truth` is empty.
    """
    recorder = _Recorder()
    parts = [
        recorder.apply("truth", document, layers["truth"].overlays_for(path))
        for path, document in documents.items()
    ]
    try:
        joined = join_documents(parts)
    except SpecError as error:
        omitted = "the steps after the join were omitted; update the vendor's other documents too"
        return OverlayDryRun(actions=recorder.actions, problems=(*error.problems, omitted), truth={})
    truth = recorder.apply("truth", joined, layers["truth"].overlays_for(None))
    for name in ("strict", "codegen"):
        recorder.apply(name, truth, layers[name].overlays_for(None))
    return OverlayDryRun(actions=recorder.actions, problems=_problems(truth), truth=truth)


def _problems(truth: Node) -> tuple[str, ...]:
    try:
        return tuple(find_violations(truth))
    except Exception as error:  # noqa: BLE001 - the validator has no common error for malformed documents
        return (f"the document is malformed and cannot be checked ({type(error).__name__}: {error})",)


_Outcome = tuple[Overlay, OverlayAction, ActionReport | None, str]


def _applied(document: Node, overlays: Sequence[Overlay]) -> tuple[Node, list[_Outcome]]:
    try:
        whole = apply_overlays(document, overlays)
    except OverlayError:
        return _one_by_one(document, overlays)
    pairs = [(overlay, action) for overlay in overlays for action in overlay.actions]
    outcomes: list[_Outcome] = [(*one, report, "") for one, report in zip(pairs, whole.actions, strict=True)]
    return as_mapping(whole.document), outcomes


def _one_by_one(document: Node, overlays: Iterable[Overlay]) -> tuple[Node, list[_Outcome]]:
    current = document
    outcomes: list[_Outcome] = []
    for overlay, action in [(one, action) for one in overlays for action in one.actions]:
        try:
            applied = apply_overlay(current, replace(overlay, actions=(action,)))
        except OverlayError as error:
            outcomes.append((overlay, action, None, error.reason))
            continue
        current = as_mapping(applied.document)
        outcomes.append((overlay, action, applied.actions[0], ""))
    return current, outcomes
