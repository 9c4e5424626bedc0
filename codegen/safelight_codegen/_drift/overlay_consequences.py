"""Which overlay actions a new document leaves without an object, without a purpose, or in its way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from safelight_codegen._drift.changes import SILENT, Change
from safelight_codegen._drift.dry_run import Rehearsal, Turn
from safelight_openapi import JSON, ActionKind, ActionReport, dump_json, node_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """One overlay action that needs a hand, and which."""

    overlay: str
    action: int
    target: str
    what: str  # a word of `WHAT_TO_DO`
    detail: str


WHAT_TO_DO = {
    "cannot be done": "the two contradict each other: mend the action",
    "matches nothing": "the build stops here: correct the target, or drop the action",
    "matches less": "what it spoke of is gone in part: correct the target",
    "does nothing": "upstream says it now: drop the action",
    "does less": "upstream says part of it now: drop that part",
    "collides": "upstream and we say different things: decide who is right",
    "says it twice": "upstream has this item now: drop it from the action",
}


def consequences(before: Rehearsal, after: Rehearsal, changes: Iterable[Change]) -> Iterator[Consequence]:
    """Compare what every action did to the vendored documents with what it does to the new ones.

    An action that takes a part of the document away is in the way only of `changes` that mean something.
    """
    meant = tuple(change.pointer for change in changes if change.rule not in SILENT)
    told = set[tuple[str, str]]()
    # what is copied before it is removed is not lost
    copied = {turn.action.source for turn in before.turns.values() if turn.action.source}
    for key, turn in after.turns.items():
        known = before.turns[key]
        what, detail = _outcome(known, turn, () if turn.action.target in copied else meant)
        if what and (what, detail) not in told:  # of several that stand in the way the first is enough
            told |= {(what, detail)} if detail else set()
            yield Consequence(
                overlay=turn.overlay,
                action=turn.action.number,
                target=turn.action.target,
                what=what,
                detail=detail,
            )


def _outcome(known: Turn, turn: Turn, meant: tuple[str, ...]) -> tuple[str, str]:
    if known.report is None or turn.report is None:
        return ("cannot be done", turn.problem) if turn.problem and not known.problem else ("", "")
    if not turn.report.locations:
        return ("matches nothing", "") if known.report.locations else ("", "")
    if turn.report.is_redundant:
        return ("", "") if known.report.is_redundant else ("does nothing", "")
    return next(_findings(known, known.report, turn, turn.report, meant), ("", ""))


def _findings(
    known: Turn, did: ActionReport, turn: Turn, does: ActionReport, meant: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Find out what is wrong with an action that still does something, the worst first."""
    lost = [
        location
        for location in did.locations
        if location not in does.locations and node_at(known.before, location) is not None
    ]
    if len(does.locations) < len(did.locations) and lost:
        yield "matches less", f"no longer {', '.join(lost)}"
    yield from _collisions(known, turn, does, meant)
    if turn.action.kind is not ActionKind.REMOVE:
        for location in does.changes:
            if _is_repeated(location, turn) and not _is_repeated(location, known):
                yield (
                    "says it twice",
                    f"in {location.rpartition('/')[0]}: {_short(node_at(turn.after, location))}",
                )
    for location in (location for location in did.changes if location not in does.changes):
        was, now = node_at(known.before, location), node_at(turn.before, location)
        if now is not None and was != now:
            yield _overtaken(location, does)


def _collisions(
    known: Turn, turn: Turn, does: ActionReport, meant: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Find where an action of the truth layer takes away or replaces what upstream said anew."""
    if turn.layer != "truth":
        return
    removes = turn.action.kind is ActionKind.REMOVE
    for location in does.changes:
        was, now = node_at(known.before, location), node_at(turn.before, location)
        if now is None or was == now or (removes and was is None):
            continue
        within = [one for one in meant if f"{one}/".startswith(f"{location}/")]
        if removes or isinstance(now, dict | list):
            yield from (("collides", f"upstream changed {one}") for one in within)
        else:
            yield "collides", f"at {location} upstream says {_short(now)}"


def _overtaken(location: str, does: ActionReport) -> tuple[str, str]:
    """Say what becomes of an action that put something where upstream has something now."""
    if any(one.startswith(f"{location}/") for one in does.changes):
        return "collides", f"at {location}, which upstream has now, ours is put beside it"
    return "does less", f"{location} is upstream's now"


def _is_repeated(location: str, turn: Turn) -> bool:
    holder = node_at(turn.after, location.rpartition("/")[0])
    item = node_at(turn.after, location)
    return isinstance(holder, list) and item is not None and holder.count(item) > 1


def _short(value: JSON) -> str:
    written = " ".join(dump_json(value).split())
    return written if len(written) <= 80 else written[:79] + "…"  # noqa: PLR2004 - a line's worth
