"""The result of a check, for a person as text and for a program as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent

from safelight_openapi._findings.candidates import likeliest
from safelight_openapi._findings.finding import Finding, Severity, Subject
from safelight_openapi._reading.documents import JSONValue, dump_yaml
from safelight_openapi._report.coverage import Coverage

_MOST_FIX_LINES = 30  # of one finding in the text; the JSON has all


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All findings about a document, its overlays and its lifecycles."""

    document: str
    findings: tuple[Finding, ...]
    coverage: Coverage | None  # None if the document cannot be read
    notes: tuple[str, ...] = ()  # what is not as written, and is served nevertheless

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings with which the document should not be used."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    def as_json(self) -> dict[str, JSONValue]:
        """Return the report as a value; docs/inference.md describes its members."""
        coverage: dict[str, JSONValue] | None = None
        if self.coverage is not None:
            coverage = {
                "submits": len(self.coverage.submits),
                "unclaimed_submits": list(self.coverage.unclaimed_submits),
                "unread": list(self.coverage.unread),
            }
        return {
            "document": self.document,
            "errors": len(self.errors),
            "warnings": len(self.findings) - len(self.errors),
            "findings": [_as_json(one) for one in self.findings],
            "coverage": coverage,
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        """Return the report as lines, each finding with the actions that correct it."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for one in self.findings:
            yield from _lines_of(one, self.document)
            yield ""
        yield from (f"note: {note}" for note in self.notes)
        if self.coverage is not None and (self.coverage.submits or self.coverage.unread):
            yield f"coverage: {self.coverage}"
        warnings = len(self.findings) - len(self.errors)
        yield f"{self.document}: {_number(len(self.errors), 'error')}, {_number(warnings, 'warning')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _as_json(finding: Finding) -> JSONValue:
    return {
        "code": str(finding.code),
        "severity": str(finding.severity),
        "subject": str(finding.code.subject),
        "message": finding.message,
        "file": finding.file,
        "action": finding.action,
        "pointer": finding.pointer,
        "actual": finding.actual,
        "expected": finding.expected,
        "candidates": list(finding.candidates),
        "fix": [dict(action) for action in finding.fix],
    }


def _lines_of(finding: Finding, document: str) -> Iterator[str]:
    where = finding.file or document
    number = f", action {finding.action}" if finding.action is not None else ""
    whole = "the overlay" if finding.code.subject is Subject.OVERLAY else "the document"
    yield f"{finding.severity}: {where}{number}: {finding.pointer or whole}"
    yield f"  {finding.message} [{finding.code}]"
    if finding.candidates:
        yield f"  did you mean {' or '.join(likeliest(finding.actual, finding.candidates))}?"
    elif finding.expected:
        yield f"  expected: {finding.expected}"
    if finding.fix:
        lines = dump_yaml([dict(action) for action in finding.fix]).rstrip("\n").splitlines()
        yield (
            "  an overlay action that corrects it:"
            if len(finding.fix) == 1
            else "  overlay actions that correct it:"
        )
        yield indent("\n".join(lines[:_MOST_FIX_LINES]), "    ")
        if len(lines) > _MOST_FIX_LINES:
            yield f"    … {len(lines) - _MOST_FIX_LINES} more lines; --json has all"
