"""Checks a document, its overlays and its lifecycles in one pass, and how far the lifecycles go."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from safelight_lifecycle import EXTENSION
from safelight_openapi._convert.normalise import convert, name_operations
from safelight_openapi._errors import SpecError
from safelight_openapi._findings.finding import Action, Finding, FindingCode, Severity, Subject
from safelight_openapi._findings.fixes import remove_value, set_value
from safelight_openapi._infer.engine import infer_lifecycles
from safelight_openapi._infer.facts import Inference
from safelight_openapi._loading.load import Check, prepared, sentence_of
from safelight_openapi._overlay.model import OverlayResult
from safelight_openapi._reading.documents import DocumentError, read_document
from safelight_openapi._report.coverage import Coverage, coverage_findings, coverage_of
from safelight_openapi._report.documents import document_findings
from safelight_openapi._report.format import is_format_known
from safelight_openapi._report.layers import apply_layers
from safelight_openapi._report.lifecycles import all_lifecycle_findings
from safelight_openapi._report.report import CheckReport
from safelight_openapi._structure.operations import DocumentOperation, operations_by_id
from safelight_openapi._structure.references import Node

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1}
_SUBJECTS = list(Subject)
_NO_FORMAT = "whether OpenAPI allows every member was not checked; run: pip install 'safelight[openapi]'"


def check_document(path: Path, overlays: Sequence[Path] = (), *, checks: Sequence[Check] = ()) -> CheckReport:
    """Return everything that is wrong with a document of any supported version and with its overlays.

    `checks` are further ones, each of which yields a sentence for every problem; they need a document that
    has no other errors. Nothing is raised for what is wrong. Takes 1 s for a document of 100 operations.
    """
    name = path.as_posix()
    try:
        converted = convert(read_document(path))
    except DocumentError as error:
        return _unreadable(name, [sentence_of(error, name)])
    except SpecError as error:
        return _unreadable(name, error.problems)
    layered = apply_layers(converted.document, overlays)
    document = layered.result.document if isinstance(layered.result.document, dict) else {}
    is_as_written = all(one.severity is Severity.WARNING for one in layered.findings)
    listed, coverage = _findings(document, infers=is_as_written)
    if is_as_written and all(one.severity is Severity.WARNING for one in listed):
        listed += _unservable(document, checks)
    located = [_with_origin(one, layered.result, name) for one in listed]
    findings = sorted(_once([*layered.findings, *located]), key=_rank)
    notes = (*converted.notes, *([] if is_format_known() else [_NO_FORMAT]))
    return CheckReport(document=name, findings=tuple(findings), coverage=coverage, notes=notes)


def _unreadable(name: str, problems: Iterable[str]) -> CheckReport:
    code = FindingCode.UNREADABLE_DOCUMENT
    findings = [
        Finding(code=code, message=problem.removesuffix("."), pointer="", file=name) for problem in problems
    ]
    return CheckReport(document=name, findings=tuple(findings), coverage=None)


def _unservable(document: Node, checks: Sequence[Check]) -> list[Finding]:
    """Return why a document cannot be served of which nothing else is wrong."""
    try:
        prepared("", document, checks)
    except SpecError as error:
        parts = [problem.partition(": ") for problem in error.problems]
        code = FindingCode.UNSERVABLE_DOCUMENT
        named = {one.job_name: one for one in operations_by_id(document).values()}
        return [
            Finding(
                code=code,
                message=text if at.startswith("/") else f"{at}{colon}{text}",
                pointer=at if at.startswith("/") else "",
                fix=_removal(named[at]) if at in named else (),
            )
            for at, colon, text in parts
        ]
    return []


def _removal(operation: DocumentOperation) -> tuple[Action, ...]:
    """Return the action that removes an operation which cannot be served beside another one."""
    where = ("paths", operation.path, operation.method)
    return (remove_value(where, "Its requests are those of another operation, too."),)


def _findings(document: Node, *, infers: bool) -> tuple[list[Finding], Coverage | None]:
    """Return what is wrong with an effective document, and how far its lifecycles go.

    Without lifecycles those that it seems to have are reported if `infers`: not where an overlay with an
    error may be to add them.
    """
    listed = list(document_findings(document))
    if any(one.code is FindingCode.INVALID_DOCUMENT and one.severity is Severity.ERROR for one in listed):
        return listed, None
    if EXTENSION not in document and not infers:
        return listed, None
    named = name_operations(document).document
    inference = infer_lifecycles(named)
    coverage = coverage_of(named, inference)
    listed += _lifecycles(named, inference)
    listed += coverage_findings(named, inference, coverage) if EXTENSION in named else ()
    return listed, coverage


def _lifecycles(document: Node, inference: Inference) -> list[Finding]:
    if EXTENSION in document:
        return all_lifecycle_findings(document, inference)
    if inference.extension is None:
        return []
    names = ", ".join(inference.drafts)
    missing = Finding(
        code=FindingCode.NO_LIFECYCLE,
        message=f"there is no {EXTENSION}, and the document looks as if it had jobs: {names}",
        pointer="",
        fix=(set_value((), {EXTENSION: inference.extension}, f"Inferred; there was no {EXTENSION}."),),
        severity=Severity.WARNING,
    )
    return [missing]


def _with_origin(finding: Finding, result: OverlayResult, name: str) -> Finding:
    """Return a finding with the overlay and the action that set the value, or with the document."""
    origin = result.origin(finding.pointer)
    if origin is None:
        return replace(finding, file=name)
    return replace(finding, file=origin.overlay, action=origin.action)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list({(one.code, one.file, one.pointer, one.message): one for one in findings}.values())


def _rank(finding: Finding) -> tuple[int, int]:
    """Sort key: errors first, then as the layers follow one another."""
    return _ORDER[finding.severity], _SUBJECTS.index(finding.code.subject)
