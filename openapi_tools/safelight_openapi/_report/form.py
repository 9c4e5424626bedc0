"""The form of `x-async-jobs` against its JSON Schema, down to the key or value that is wrong."""

from collections.abc import Iterator

from safelight_lifecycle import format_pointer
from safelight_openapi._checks.lifecycle_parts import ROOT
from safelight_openapi._checks.lifecycles import form_problems
from safelight_openapi._findings.finding import Action, Finding, FindingCode
from safelight_openapi._findings.fixes import remove_value, rename_member, set_value
from safelight_openapi._findings.schema_errors import SchemaProblem
from safelight_openapi._reading.documents import JSONValue
from safelight_openapi._report.locations import Location, value_at_location


def form_findings(described: JSONValue) -> Iterator[Finding]:
    """Yield what does not match the schema, with the action that corrects it where one is likely."""
    for problem in form_problems(described):
        is_unknown = problem.keyword == "additionalProperties"
        yield _unknown_key(problem, described) if is_unknown else _finding(problem, described)


def _finding(problem: SchemaProblem, described: JSONValue) -> Finding:
    value = value_at_location(problem.path, described)
    return Finding(
        code=FindingCode.INVALID_LIFECYCLE,
        message=problem.sentence,
        pointer=format_pointer((*ROOT, *problem.path)),
        actual=value if isinstance(value, str | int | float | bool) else None,
        expected=", ".join(problem.names),
        candidates=problem.candidates,
        fix=_fix((*ROOT, *problem.path), value, problem),
    )


def _fix(at: Location, value: JSONValue, problem: SchemaProblem) -> tuple[Action, ...]:
    if problem.candidates:
        return (set_value(at, problem.candidates[0], f"{value} is not allowed here."),)
    if problem.is_list_wanted and isinstance(value, str):
        return (set_value(at, [value], "It is a list."),)
    return ()


def _unknown_key(problem: SchemaProblem, described: JSONValue) -> Finding:
    at, key = (*ROOT, *problem.path), problem.key
    present = value_at_location(problem.path, described)
    reason = f"There is no key {key} here."
    fix: tuple[Action, ...] = (remove_value((*at, key), reason),)
    if problem.candidates:
        value = present.get(key) if isinstance(present, dict) else None
        fix = rename_member((*at, key), problem.candidates[0], value, reason)
    return Finding(
        code=FindingCode.UNKNOWN_KEY,
        message=problem.sentence,
        pointer=format_pointer((*at, key)),
        actual=key,
        expected=", ".join(problem.names),
        candidates=problem.candidates,
        fix=fix,
    )
