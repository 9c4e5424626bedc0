"""A coverage as text for a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from safelight_mock.coverage.report import ApiCoverage, Coverage
from safelight_mock.coverage.summary import (
    Share,
    gaps,
    scenarios_of,
    shares,
)

WIDTH = 100
MOST_NAMES = 40  # of one group that are listed
NOTHING = "No request came: nothing is covered."


def as_text(report: Coverage) -> str:
    """Return the shares of each API and of scenarios, and below them what is missing."""
    blocks = ["\n".join(_api(name, api)) for name, api in report.apis.items()] or [NOTHING]
    blocks.append("\n".join(_scenarios(report)))
    if report.not_called:
        blocks.append(f"Not called: {', '.join(report.not_called)}")
    return "\n\n".join(filter(None, blocks)) + "\n"


def _api(name: str, api: ApiCoverage) -> Iterator[str]:
    yield name
    for kind, share in shares(api).items():
        yield _row(kind, share)
    for kind, groups in gaps(api).items():
        yield f"  missing {kind}"
        for group, names in groups:
            yield from _lines(group, names)


def _scenarios(report: Coverage) -> Iterator[str]:
    flags = scenarios_of(report)
    if not flags and not report.other_rules:
        return
    yield _row("scenarios", Share.of(flags.values())).strip()
    missing = [name for name, is_covered in flags.items() if not is_covered]
    if missing:
        yield "  missing scenarios"
        yield from _lines("", missing)
    idle = {
        name: [rule for rule, times in rules.items() if not times]
        for name, rules in report.scenarios.items()
        if flags[name] and not all(rules.values())
    }
    if idle:
        yield "  missing rules"
        yield from (line for name, rules in idle.items() for line in _lines(name, rules))
    if report.other_rules:
        yield "  other rules that applied"
        yield from _lines("", [*report.other_rules])


def _row(kind: str, share: Share) -> str:
    return f"  {kind:16}{share.covered:>6} of {share.total:<5}{share.percent:>4} %"


def _lines(group: str, names: Sequence[str]) -> list[str]:
    shown = [*names[:MOST_NAMES], *([f"and {len(names) - MOST_NAMES} more"] if names[MOST_NAMES:] else [])]
    text = ", ".join(shown)
    return wrap(
        f"{group}: {text}" if group else text,
        WIDTH,
        initial_indent="    ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
