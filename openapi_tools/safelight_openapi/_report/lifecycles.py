"""All findings about `x-async-jobs`, also those that the first ones hide until they are corrected."""

from collections.abc import Container, Iterator, Sequence
from copy import deepcopy

from safelight_lifecycle import EXTENSION
from safelight_openapi._checks.lifecycles import lifecycle_findings
from safelight_openapi._findings.finding import Action, Finding, FindingCode
from safelight_openapi._infer.facts import Inference
from safelight_openapi._overlay.engine import apply_overlay
from safelight_openapi._overlay.errors import OverlayError
from safelight_openapi._overlay.loading import parse_overlay
from safelight_openapi._report.form import form_findings
from safelight_openapi._report.locations import Location, location_of, value_at_location
from safelight_openapi._report.remedies import Evidence, remedied
from safelight_openapi._structure.operations import as_mapping
from safelight_openapi._structure.references import Node

_ROUNDS = 8
_LIFECYCLE = 3  # keys from the root of the document to a lifecycle


def all_lifecycle_findings(document: Node, inference: Inference) -> list[Finding]:
    """Return everything that is wrong with the lifecycles of a document, with remedies.

    The checks need what they check first: the form, then operations. So after each round a copy is corrected,
    by the remedies or by leaving out the part, and checked again.
    """
    findings: dict[tuple[str, str, str], Finding] = {}
    copy: Node = {**document, EXTENSION: deepcopy(document[EXTENSION])}
    for _ in range(_ROUNDS):
        evidence = Evidence(document=copy, inference=inference)
        listed = [remedied(one, evidence) for one in _round(copy)]
        new = [one for one in listed if _key(one) not in findings]
        for finding in new:
            findings[_key(finding)] = finding
        if not new:
            break
        copy = _corrected(copy, new, findings)
        if not as_mapping(as_mapping(copy[EXTENSION]).get("lifecycles")):
            break
    return list(findings.values())


def _round(document: Node) -> Iterator[Finding]:
    described = document[EXTENSION]
    first = list(lifecycle_findings(document))
    if first and first[0].code is FindingCode.INVALID_LIFECYCLE and isinstance(described, dict):
        yield from list(form_findings(described)) or first
    else:
        yield from first


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.pointer, str(finding.actual)


def _corrected(document: Node, findings: Sequence[Finding], known: Container[tuple[str, str, str]]) -> Node:
    """Return a document without what is wrong, so that the rest can be checked.

    What has no remedy is removed at the end, and from the last to the first: then locations are right.
    """
    for finding in findings:
        document = (applied(document, finding.fix) if finding.fix else None) or document
    for finding in reversed([one for one in findings if not one.fix]):
        document = _without(document, finding, known)
    return document


def applied(document: Node, actions: Sequence[Action]) -> Node | None:
    """Return a document after actions on `x-async-jobs`; None if they cannot be applied."""
    overlay = parse_overlay(
        {
            "overlay": "1.1.0",
            "info": {"title": "Corrections", "version": "1"},
            "actions": [dict(action) for action in actions],
        },
        source="corrections",
    )
    try:
        result = apply_overlay({EXTENSION: document.get(EXTENSION)}, overlay).document
    except OverlayError:
        return None
    return {**document, EXTENSION: as_mapping(result).get(EXTENSION)}


def _without(document: Node, finding: Finding, known: Container[tuple[str, str, str]]) -> Node:
    """Return a document without the part of its lifecycles that a finding is about.

    It is the smallest part without which nothing else is missing, or else all lifecycles.
    """
    location = location_of(finding.pointer, document)
    for length in range(len(location), _LIFECYCLE - 1, -1):
        smaller = _removed(document, location[:length])
        if smaller is not None and all(_key(one) in known for one in _form(smaller)):
            return smaller
    return {**document, EXTENSION: {}}


def _form(document: Node) -> Iterator[Finding]:
    return (one for one in _round(document) if one.code is FindingCode.INVALID_LIFECYCLE)


def _removed(document: Node, at: Location) -> Node | None:
    described = deepcopy(document[EXTENSION])
    parent = value_at_location(at[1:-1], described)
    if isinstance(parent, dict) and at[-1] in parent:
        del parent[str(at[-1])]
    elif isinstance(parent, list) and isinstance(at[-1], int) and at[-1] < len(parent):
        del parent[at[-1]]
    else:
        return None
    return {**document, EXTENSION: described}
