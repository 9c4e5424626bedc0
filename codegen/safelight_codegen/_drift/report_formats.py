"""A report for people, for programs and for an issue: text, JSON and Markdown of the same facts."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from safelight_codegen._drift.changes import ABSENT, Change, Direction, Severity, Value
from safelight_codegen._drift.overlay_consequences import WHAT_TO_DO, Consequence
from safelight_codegen._drift.report import Drift

_SHOWN = 90  # characters of a value
_WORST_FIRST = (Severity.BREAKING, Severity.LOOK, Severity.HARMLESS)


def as_text(drift: Drift) -> str:
    """Write a report for a terminal."""
    version = f"version: {drift.bump} ({_printable(drift.bump_reason)})"
    return "\n".join([*_head(drift), *_text_body(drift), "", version])


def as_markdown(drift: Drift) -> str:
    """Write a report for an issue."""
    title, *counts = _head(drift)
    return "\n".join([f"## {title}", "", *counts, *_markdown_body(drift), *_markdown_end(drift)])


def as_json(drift: Drift) -> str:
    """Write a report for programs; `was` and `now` are left out where there is nothing."""
    told = {
        "vendor": drift.vendor,
        "old": drift.old,
        "new": drift.new,
        "severity": drift.severity.word,
        "version": {"bump": drift.bump, "reason": drift.bump_reason},
        "changes": [_plain(change) for change in drift.changes],
        "overlays": [asdict(one) | {"do": WHAT_TO_DO[one.what]} for one in drift.overlays],
        "complaints": drift.problems,
        "touched": [asdict(one) for one in drift.touched],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


FORMATS: Mapping[str, Callable[[Drift], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown}


def _head(drift: Drift) -> list[str]:
    counts = [f"{len(drift.of(one))} {_phrase(one, len(drift.of(one)))}" for one in _WORST_FIRST]
    subject = f"{drift.vendor}: " if drift.vendor else ""
    return [f"{subject}{drift.severity.word}", f"{drift.old} -> {drift.new}: {', '.join(counts)}"]


def _phrase(severity: Severity, count: int) -> str:
    if severity is Severity.LOOK:
        return "needs a look" if count == 1 else "need a look"
    return severity.word


def _text_body(drift: Drift) -> Iterator[str]:
    for severity in _WORST_FIRST:
        yield from _section(severity.word, [line for one in drift.of(severity) for line in _text(one)])
    told = [line for one in drift.overlays for line in _overlay(one)]
    yield from _section("overlays", told)
    yield from _section("the effective document would not be sound", [f"  {one}" for one in drift.problems])
    yield from _section("touched", list(_touched(drift)))


def _overlay(one: Consequence) -> Iterator[str]:
    yield f"  {one.overlay}, action {one.action} {_doing(one.what, one.detail)}"
    yield f"    {one.target}"
    yield f"    {WHAT_TO_DO[one.what]}"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from map(_printable, lines)


def _printable(line: str) -> str:
    """Spell what a vendor's name would do to a terminal."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in line)


def _text(change: Change) -> Iterator[str]:
    yield f"  {_sentence(change)} at {change.pointer or '/'}"
    if shown := _values(change):
        yield f"    {shown}"
    yield f"    {change.why}" + (f" ({', '.join(change.operations)})" if change.operations else "")


def _sentence(change: Change) -> str:
    return (
        change.rule if change.direction is Direction.NEITHER else f"{change.rule} in the {change.direction}"
    )


def _values(change: Change) -> str:
    said = (("was", change.was), ("now", change.now))
    match change.was, change.now:
        case [*ours], [*theirs]:
            gone = [one for one in ours if one not in theirs]
            come = [one for one in theirs if one not in ours]
            said = (("gone", gone or ABSENT), ("new", come or ABSENT))
    return ", ".join(f"{word} {_short(value)}" for word, value in said if value is not ABSENT)


def _short(value: Value) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _SHOWN else written[: _SHOWN - 1] + "…"


def _doing(what: str, detail: str) -> str:
    return f"{what}: {detail}" if detail else what


def _touched(drift: Drift) -> Iterator[str]:
    for one in drift.touched:
        yield f"  {one.vendor_name}" + ("" if one.operation == one.vendor_name else f", here {one.operation}")
        yield from (f"    {name}" for name in (*one.functions, *one.methods, *one.handlers))


def _markdown_body(drift: Drift) -> Iterator[str]:
    for severity in _WORST_FIRST:
        rows = [_row(change) for change in drift.of(severity)]
        if rows:
            folded = severity is Severity.HARMLESS
            yield f"\n<details><summary>{severity.word}</summary>\n" if folded else f"\n### {severity.word}\n"
            yield "| what | where | was, now | why | operations |\n|---|---|---|---|---|"
            yield from rows
            yield from ["\n</details>"] * folded


def _row(change: Change) -> str:
    cells = (
        _sentence(change),
        _code(change.pointer or "/"),
        _code(_values(change)),
        change.why,
        ", ".join(map(_code, change.operations)),
    )
    return f"| {' | '.join(cells)} |"


def _markdown_end(drift: Drift) -> Iterator[str]:
    if drift.overlays:
        yield "\n### overlays\n\n| action | what | target | to do |\n|---|---|---|---|"
    for one in drift.overlays:
        what, target = _cell(_doing(one.what, one.detail)), _code(one.target)
        yield f"| {one.overlay}, action {one.action} | {what} | {target} | {WHAT_TO_DO[one.what]} |"
    if drift.problems:
        yield "\n### the effective document would not be sound\n"
    yield from (f"- {_cell(one)}" for one in drift.problems)
    if drift.touched:
        yield "\n### touched\n"
    for touched in drift.touched:
        places = (*touched.functions, *touched.methods, *touched.handlers)
        yield f"- {_code(touched.vendor_name)}: {', '.join(map(_code, places)) or 'nothing of ours'}"
    yield f"\n**Version:** {drift.bump} ({_cell(drift.bump_reason)})"


def _code(text: str) -> str:
    """Quote what a vendor wrote, so that it stays text; a backtick becomes a grave accent of its own."""
    return f"`{_plain_cell(text).replace('`', chr(0x2CB))}`" if text else ""


def _cell(text: str) -> str:
    return _plain_cell(text).replace("<", "&lt;").replace("@", "@\u200b")


def _plain_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _plain(change: Change) -> dict[str, object]:
    told: dict[str, object] = {
        "rule": change.rule,
        "severity": change.severity.word,
        "direction": change.direction,
        "pointer": change.pointer,
        "why": change.why,
        "operations": change.operations,
    }
    values = {"was": change.was, "now": change.now}
    return told | {name: value for name, value in values.items() if value is not ABSENT}
