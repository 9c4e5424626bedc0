"""Finds overlay actions that no longer apply, have become unnecessary, or overwrite the vendor's changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from safelight_codegen._drift.changes import NEUTRAL_RULES, DocumentChange
from safelight_codegen._drift.dry_run import AppliedAction, OverlayDryRun
from safelight_openapi import ActionKind, ActionReport, JSONValue, dump_json, node_at

_MAX_VALUE = 80  # characters of a value in a detail


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayConsequence:
    """An overlay action that has to be changed, and why."""

    overlay: str
    action: int
    target: str
    outcome: str  # a key of `ADVICE`
    detail: str


ADVICE = {
    "cannot be applied": "correct the action, which contradicts the new document",
    "matches nothing": "correct the target or remove the action, which stops the build",
    "matches less": "correct the target: part of what it matched no longer exists",
    "does nothing": "remove the action: the vendor has made the same change",
    "does less": "remove the part of the action that the vendor has changed in the same way",
    "collides": "decide between the vendor's change and ours",
    "duplicates": "remove the item from the action: the vendor has added it",
}


def find_consequences(
    before: OverlayDryRun, after: OverlayDryRun, changes: Iterable[DocumentChange]
) -> Iterator[OverlayConsequence]:
    """Compare the effect of each action on the vendored documents with its effect on the new ones.

    An action that removes a part of the document collides only with `changes` that affect messages.
    """
    relevant = tuple(change.pointer for change in changes if change.rule not in NEUTRAL_RULES)
    reported = set[tuple[str, str]]()
    # What is copied elsewhere before it is removed is not lost.
    copied = {one.action.source for one in before.actions.values() if one.action.source}
    for key, later in after.actions.items():
        pointers = () if later.action.target in copied else relevant
        outcome, detail = _outcome(before.actions[key], later, pointers)
        if (
            outcome and (outcome, detail) not in reported
        ):  # the first of several actions with the same problem
            reported |= {(outcome, detail)} if detail else set()
            yield OverlayConsequence(
                overlay=later.overlay,
                action=later.action.number,
                target=later.action.target,
                outcome=outcome,
                detail=detail,
            )


def _outcome(earlier: AppliedAction, later: AppliedAction, changed: tuple[str, ...]) -> tuple[str, str]:
    if earlier.report is None or later.report is None:
        return ("cannot be applied", later.problem) if later.problem and not earlier.problem else ("", "")
    if not later.report.locations:
        return ("matches nothing", "") if earlier.report.locations else ("", "")
    if later.report.is_redundant:
        return ("", "") if earlier.report.is_redundant else ("does nothing", "")
    return next(_problems(earlier, earlier.report, later, later.report, changed), ("", ""))


def _problems(
    earlier: AppliedAction,
    old: ActionReport,
    later: AppliedAction,
    new: ActionReport,
    changed: tuple[str, ...],
) -> Iterator[tuple[str, str]]:
    """Yield problems of an action that still has an effect, the most severe first."""
    lost = [
        location
        for location in old.locations
        if location not in new.locations and node_at(earlier.before, location) is not None
    ]
    if len(new.locations) < len(old.locations) and lost:
        yield "matches less", f"no longer {', '.join(lost)}"
    yield from _collisions(earlier, later, new, changed)
    if later.action.kind is not ActionKind.REMOVE:
        for location in new.changes:
            if _is_duplicate(location, later) and not _is_duplicate(location, earlier):
                item = _short(node_at(later.after, location))
                yield "duplicates", f"in {location.rpartition('/')[0]}: {item}"
    for location in (location for location in old.changes if location not in new.changes):
        was, now = node_at(earlier.before, location), node_at(later.before, location)
        if now is not None and was != now:
            yield _overtaken(location, new)


def _collisions(
    earlier: AppliedAction, later: AppliedAction, new: ActionReport, changed: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield locations where an action of the truth layer removes or replaces what the vendor changed."""
    if later.layer != "truth":
        return
    removes = later.action.kind is ActionKind.REMOVE
    for location in new.changes:
        was, now = node_at(earlier.before, location), node_at(later.before, location)
        if now is None or was == now or (removes and was is None):
            continue
        if removes or isinstance(now, dict | list):
            inside = [pointer for pointer in changed if f"{pointer}/".startswith(f"{location}/")]
            yield from (("collides", f"the vendor changed {pointer}") for pointer in inside)
        else:
            yield "collides", f"at {location} the vendor has {_short(now)}"


def _overtaken(location: str, new: ActionReport) -> tuple[str, str]:
    """Return the problem of an action that set a value where the new document has one."""
    if any(one.startswith(f"{location}/") for one in new.changes):
        return "collides", f"at {location}, which the vendor has added, ours is merged into it"
    return "does less", f"the vendor has set {location}"


def _is_duplicate(location: str, applied: AppliedAction) -> bool:
    parent = node_at(applied.after, location.rpartition("/")[0])
    item = node_at(applied.after, location)
    return isinstance(parent, list) and item is not None and parent.count(item) > 1


def _short(value: JSONValue) -> str:
    written = " ".join(dump_json(value).split())
    return written if len(written) <= _MAX_VALUE else written[: _MAX_VALUE - 1] + "…"
