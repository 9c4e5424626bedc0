"""A report as text for a terminal, JSON for programs and Markdown for issues, with the same content."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from safelight_codegen._drift.changes import ABSENT, ChangeSeverity, Direction, DocumentChange, JsonOrAbsent
from safelight_codegen._drift.overlay_consequences import ADVICE, OverlayConsequence
from safelight_codegen._drift.report import DriftReport

_MAX_VALUE = 90  # characters of a value
_WORST_FIRST = (ChangeSeverity.BREAKING, ChangeSeverity.REVIEW, ChangeSeverity.HARMLESS)


def as_text(drift: DriftReport) -> str:
    """Return a report for a terminal."""
    version = f"version: {drift.bump} ({_printable(drift.bump_reason)})"
    return "\n".join([*_head(drift), *_text_body(drift), "", version])


def as_markdown(drift: DriftReport) -> str:
    """Return a report for an issue."""
    title, *counts = _head(drift)
    return "\n".join([f"## {title}", "", *counts, *_markdown_body(drift), *_markdown_end(drift)])


def as_json(drift: DriftReport) -> str:
    """Return a report for programs; `was` and `now` are left out for additions and removals."""
    content = {
        "vendor": drift.vendor,
        "old": drift.old,
        "new": drift.new,
        "severity": drift.severity.label,
        "version": {"bump": drift.bump, "reason": drift.bump_reason},
        "changes": [_plain(change) for change in drift.changes],
        "overlays": [asdict(one) | {"advice": ADVICE[one.outcome]} for one in drift.overlays],
        "problems": drift.problems,
        "affected": [asdict(one) for one in drift.affected],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


FORMATS: Mapping[str, Callable[[DriftReport], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
}


def _head(drift: DriftReport) -> list[str]:
    counts = [f"{len(drift.of(one))} {_phrase(one, len(drift.of(one)))}" for one in _WORST_FIRST]
    subject = f"{drift.vendor}: " if drift.vendor else ""
    return [f"{subject}{drift.severity.label}", f"{drift.old} -> {drift.new}: {', '.join(counts)}"]


def _phrase(severity: ChangeSeverity, count: int) -> str:
    if severity is ChangeSeverity.REVIEW:
        return "needs review" if count == 1 else "need review"
    return severity.label


def _text_body(drift: DriftReport) -> Iterator[str]:
    for severity in _WORST_FIRST:
        yield from _section(severity.label, [line for one in drift.of(severity) for line in _text(one)])
    content = [line for one in drift.overlays for line in _overlay(one)]
    yield from _section("overlays", content)
    yield from _section("the effective document would be invalid", [f"  {one}" for one in drift.problems])
    yield from _section("affected", list(_affected(drift)))


def _overlay(one: OverlayConsequence) -> Iterator[str]:
    yield f"  {one.overlay}, action {one.action} {_with_detail(one.outcome, one.detail)}"
    yield f"    {one.target}"
    yield f"    {ADVICE[one.outcome]}"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from map(_printable, lines)


def _printable(line: str) -> str:
    """Escape control characters, which could change the state of a terminal."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in line)


def _text(change: DocumentChange) -> Iterator[str]:
    yield f"  {_sentence(change)} at {change.pointer or '/'}"
    if shown := _values(change):
        yield f"    {shown}"
    yield f"    {change.reason}" + (f" ({', '.join(change.operations)})" if change.operations else "")


def _sentence(change: DocumentChange) -> str:
    return (
        change.rule if change.direction is Direction.NEITHER else f"{change.rule} in the {change.direction}"
    )


def _values(change: DocumentChange) -> str:
    labels = (("was", change.was), ("now", change.now))
    match change.was, change.now:
        case [*ours], [*theirs]:
            removed = [one for one in ours if one not in theirs]
            added = [one for one in theirs if one not in ours]
            labels = (("removed", removed or ABSENT), ("added", added or ABSENT))
    return ", ".join(f"{label} {_short(value)}" for label, value in labels if value is not ABSENT)


def _short(value: JsonOrAbsent) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _MAX_VALUE else written[: _MAX_VALUE - 1] + "…"


def _with_detail(outcome: str, detail: str) -> str:
    return f"{outcome}: {detail}" if detail else outcome


def _affected(drift: DriftReport) -> Iterator[str]:
    for one in drift.affected:
        yield f"  {one.vendor_name}" + (
            "" if one.operation == one.vendor_name else f", in Safelight {one.operation}"
        )
        yield from (f"    {name}" for name in (*one.functions, *one.methods, *one.handlers))


def _markdown_body(drift: DriftReport) -> Iterator[str]:
    for severity in _WORST_FIRST:
        rows = [_row(change) for change in drift.of(severity)]
        if rows:
            folded = severity is ChangeSeverity.HARMLESS
            yield (
                f"\n<details><summary>{severity.label}</summary>\n" if folded else f"\n### {severity.label}\n"
            )
            yield "| change | location | was, now | reason | operations |\n|---|---|---|---|---|"
            yield from rows
            yield from ["\n</details>"] * folded


def _row(change: DocumentChange) -> str:
    cells = (
        _sentence(change),
        _code(change.pointer or "/"),
        _code(_values(change)),
        change.reason,
        ", ".join(map(_code, change.operations)),
    )
    return f"| {' | '.join(cells)} |"


def _markdown_end(drift: DriftReport) -> Iterator[str]:
    if drift.overlays:
        yield "\n### overlays\n\n| action | outcome | target | advice |\n|---|---|---|---|"
    for one in drift.overlays:
        outcome, target = _cell(_with_detail(one.outcome, one.detail)), _code(one.target)
        yield f"| {one.overlay}, action {one.action} | {outcome} | {target} | {ADVICE[one.outcome]} |"
    if drift.problems:
        yield "\n### the effective document would be invalid\n"
    yield from (f"- {_cell(one)}" for one in drift.problems)
    if drift.affected:
        yield "\n### affected\n"
    for affected in drift.affected:
        locations = (*affected.functions, *affected.methods, *affected.handlers)
        yield f"- {_code(affected.vendor_name)}: {', '.join(map(_code, locations)) or 'not implemented'}"
    yield f"\n**Version:** {drift.bump} ({_cell(drift.bump_reason)})"


def _code(text: str) -> str:
    """Quote a vendor's text, so that Markdown ignores it; backticks become modifier grave accents."""
    return f"`{_plain_cell(text).replace('`', chr(0x2CB))}`" if text else ""


def _cell(text: str) -> str:
    return _plain_cell(text).replace("<", "&lt;").replace("@", "@\u200b")


def _plain_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _plain(change: DocumentChange) -> dict[str, object]:
    content: dict[str, object] = {
        "rule": change.rule,
        "severity": change.severity.label,
        "direction": change.direction,
        "pointer": change.pointer,
        "reason": change.reason,
        "operations": change.operations,
    }
    values = {"was": change.was, "now": change.now}
    return content | {name: value for name, value in values.items() if value is not ABSENT}
