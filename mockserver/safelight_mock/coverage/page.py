"""A coverage as one page of HTML: no script, nothing that is loaded from elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from importlib.resources import files

from safelight_mock.coverage.report import ApiCoverage, Coverage, Covered, OperationCoverage, Times
from safelight_mock.coverage.summary import Share, is_called, outermost, scenarios_of, shares, totals

LANGUAGE_AND_ENCODING = '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
LEGEND = (
    "A number is how often it occurred. Fields are those of operations that were called and of responses "
    "that were received. A field is covered once it had a value; +5 counts the missing ones within it."
)


def as_page(report: Coverage) -> str:
    """Return the page. All names in it are escaped."""
    style = (files("safelight_mock.coverage") / "page.css").read_text(encoding="utf-8")
    return "".join(
        [
            LANGUAGE_AND_ENCODING,
            VIEWPORT,
            f"<title>Coverage</title>\n<style>\n{style}</style>\n",
            *_top(report),
            *(part for name, api in report.apis.items() for part in _api(name, api)),
            *_scenarios(report),
            _legend(),
        ]
    )


def _top(report: Coverage) -> Iterator[str]:
    named = ", ".join(f"<code>{escape(name)}</code>" for name in report.apis) or "no API"
    yield f"<header>\n<h1>Coverage</h1>\n<p>What a test suite covered of {named}.</p>\n"
    if report.not_called:
        yield f'<p class="soft">Not called: {escape(", ".join(report.not_called))}</p>\n'
    yield "</header>\n"
    yield _cards(totals(report))
    if len(report.apis) > 1:
        yield from _table(report)


def _cards(each: Mapping[str, Share]) -> str:
    cards = (
        f"<li><b>{share.percent} %</b><span>{escape(kind)}</span><span>{share}</span>{_bar(share)}</li>\n"
        for kind, share in each.items()
    )
    return f'<ul class="cards">\n{"".join(cards)}</ul>\n'


def _bar(share: Share) -> str:
    return f'<div class="bar" aria-hidden="true"><i style="width:{share.percent}%"></i></div>'


def _table(report: Coverage) -> Iterator[str]:
    each = {name: shares(api) for name, api in report.apis.items()}
    kinds = [*dict.fromkeys(kind for one in each.values() for kind in one)]
    heads = "".join(f"<th>{escape(kind)}</th>" for kind in kinds)
    yield f'<div class="scroll"><table>\n<thead><tr><th></th>{heads}</tr></thead>\n<tbody>\n'
    for name, one in each.items():
        cells = "".join(f"<td>{one.get(kind, '')}</td>" for kind in kinds)
        yield f'<tr><th><a href="#{escape(name)}">{escape(name)}</a></th>{cells}</tr>\n'
    yield "</tbody></table></div>\n"


def _api(name: str, api: ApiCoverage) -> Iterator[str]:
    yield f'<section>\n<h2 id="{escape(name)}">{escape(name)}</h2>\n'
    states = {title: one.states for title, one in api.lifecycles.items() if one.states}
    if states:
        yield "<h3>Job states</h3>\n"
        yield from (_group(title, _counted(times)) for title, times in states.items())
    if api.webhook_outcomes:
        yield "<h3>Webhooks</h3>\n"
        yield from (
            _group(f"{title}, accepted", _counted(one.webhooks))
            for title, one in api.lifecycles.items()
            if one.webhooks
        )
        yield _group("outcomes", _counted(api.webhook_outcomes))
        yield _group("faults", _flagged(api.webhook_faults))
    if api.links:
        yield "<h3>Files by link</h3>\n"
        yield from (_group(title, _counted(times)) for title, times in api.links.items())
    yield from _operations(api)
    yield "</section>\n"


def _operations(api: ApiCoverage) -> Iterator[str]:
    called = [_operation(name, one) for name, one in api.operations.items() if is_called(api, name)]
    others = [_uncalled(name, one) for name, one in api.operations.items() if not is_called(api, name)]
    if called:
        yield f'<h3>Operations</h3>\n<div class="operations">\n{"".join(called)}</div>\n'
    if others:
        yield f'<h3>Operations that were not called</h3>\n<div class="uncalled">\n{"".join(others)}</div>\n'


def _operation(name: str, one: OperationCoverage) -> str:
    responses = _counted(one.responses) + _others(one.other_responses)
    bodies = {"request": one.request_fields}
    bodies |= {f"response {key}": fields for key, fields in one.response_fields.items()}
    groups = [_group(title, _fields(fields)) for title, fields in bodies.items() if fields]
    share = Share.of(flag for fields in bodies.values() for flag in fields.values())
    details = f"<details><summary>{share} fields</summary>\n{''.join(groups)}</details>\n" if groups else ""
    return f'<div class="operation">\n{_head(name, one)}{_chips(responses)}{details}</div>\n'


def _uncalled(name: str, one: OperationCoverage) -> str:
    return f"<div>{_head(name, one)}</div>\n"


def _head(name: str, one: OperationCoverage) -> str:
    path = f'<span class="path">{escape(one.path)}</span>'
    return (
        f'<div class="head"><b>{escape(one.method)}</b>{path}<span class="soft">{escape(name)}</span></div>\n'
    )


def _scenarios(report: Coverage) -> Iterator[str]:
    flags = scenarios_of(report)
    if not flags and not report.other_rules:
        return
    yield "<section>\n<h2>Scenarios</h2>\n"
    yield _chips(_counted({name: sum(rules.values()) for name, rules in report.scenarios.items()}))
    partly = {
        name: rules for name, rules in report.scenarios.items() if flags[name] and not all(rules.values())
    }
    if partly:
        yield "<h3>Rules of scenarios of which some did not apply</h3>\n"
        yield from (_group(name, _counted(rules)) for name, rules in partly.items())
    if report.other_rules:
        yield "<h3>Other rules that applied</h3>\n"
        yield _chips(_counted(report.other_rules))
    yield "</section>\n"


def _legend() -> str:
    kinds = [_chip("covered", "on", 3), _chip("missing", "off"), _chip("not in the document", "odd", 1)]
    return f"<footer>\n{_chips(kinds)}<p>{LEGEND}</p>\n</footer>\n</html>\n"


def _group(title: str, chips: Iterable[str]) -> str:
    return f'<div class="group"><span>{escape(title)}</span>{_chips(chips)}</div>\n'


def _chips(chips: Iterable[str]) -> str:
    return f'<ul class="chips">\n{"".join(chips)}</ul>\n'


def _counted(times: Times) -> list[str]:
    return [_chip(name, "on" if count else "off", count) for name, count in times.items()]


def _others(times: Times) -> list[str]:
    return [_chip(name, "odd", count) for name, count in times.items()]


def _flagged(flags: Covered) -> list[str]:
    return [_chip(name, "on" if is_covered else "off") for name, is_covered in flags.items()]


def _fields(flags: Covered) -> list[str]:
    """Return fields, without those within missing ones: how many these are is beside them."""
    found = outermost(flags).items()
    return [
        _chip(name, "off" if missing else "on", f"+{missing - 1}" if missing > 1 else "")
        for name, missing in found
    ]


def _chip(name: str, kind: str, beside: int | str = "") -> str:
    missing = '<span class="hidden">missing: </span>' if kind == "off" else ""
    number = f"<small>{beside}</small>" if beside else ""
    return f'<li class="{kind}">{missing}{escape(name)}{number}</li>\n'
