"""What our overlays do to a set of vendored documents, told action by action, whatever goes wrong."""

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
class Turn:
    """One action in its turn: what it met, what it did, or why it could not."""

    layer: str
    overlay: str
    action: OverlayAction
    before: Node  # the documents of its stage before any overlay of that stage
    after: Node  # the same after all of them
    report: ActionReport | None = None
    problem: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Overlay and number, which name an action."""
        return self.overlay, self.action.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """All turns, and what is wrong with the result."""

    turns: Mapping[tuple[str, int], Turn]
    problems: tuple[str, ...]
    truth: Node


@dataclass(slots=True)
class _Stage:
    """Where turns and complaints gather while the documents go from stage to stage."""

    turns: dict[tuple[str, int], Turn] = field(default_factory=dict)

    def play(self, layer: str, document: Node, overlays: Sequence[Overlay]) -> Node:
        """Apply overlays; one action that fails does not keep the others from being tried."""
        result, done = _applied(document, overlays)
        for overlay, action, report, problem in done:
            turn = Turn(
                layer=layer,
                overlay=overlay.source,
                action=action,
                before=document,
                after=result,
                report=report,
                problem=problem,
            )
            self.turns[turn.key] = turn
        return result


def rehearse(documents: Mapping[Path, Node], layers: Layers) -> Rehearsal:
    """Make the effective documents as the pipeline does, but go on where it would stop."""
    stage = _Stage()
    parts = [
        stage.play("truth", document, layers["truth"].overlays_for(path))
        for path, document in documents.items()
    ]
    try:
        joined = join_documents(parts)
    except SpecError as error:
        untried = "what comes after the join was not tried: vendor the other documents anew, too"
        return Rehearsal(turns=stage.turns, problems=(*error.problems, untried), truth={})
    truth = stage.play("truth", joined, layers["truth"].overlays_for(None))
    for name in ("strict", "codegen"):
        stage.play(name, truth, layers[name].overlays_for(None))
    return Rehearsal(turns=stage.turns, problems=_complaints(truth), truth=truth)


def _complaints(truth: Node) -> tuple[str, ...]:
    try:
        return tuple(find_violations(truth))
    except Exception as error:  # noqa: BLE001 - the validator fails in its own ways where a document is malformed
        return (f"it is malformed, and cannot be checked ({type(error).__name__}: {error})",)


_Done = tuple[Overlay, OverlayAction, ActionReport | None, str]


def _applied(document: Node, overlays: Sequence[Overlay]) -> tuple[Node, list[_Done]]:
    try:
        whole = apply_overlays(document, overlays)
    except OverlayError:
        return _one_by_one(document, overlays)
    played = [(overlay, action) for overlay in overlays for action in overlay.actions]
    done: list[_Done] = [(*one, report, "") for one, report in zip(played, whole.actions, strict=True)]
    return as_mapping(whole.document), done


def _one_by_one(document: Node, overlays: Iterable[Overlay]) -> tuple[Node, list[_Done]]:
    now = document
    done: list[_Done] = []
    for overlay, action in [(one, action) for one in overlays for action in one.actions]:
        try:
            applied = apply_overlay(now, replace(overlay, actions=(action,)))
        except OverlayError as error:
            done.append((overlay, action, None, error.reason))
            continue
        now = as_mapping(applied.document)
        done.append((overlay, action, applied.actions[0], ""))
    return now, done
