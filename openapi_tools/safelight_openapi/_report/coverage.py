"""Which operations that look like submissions and reads of jobs are in no lifecycle."""

from collections.abc import Iterator
from dataclasses import dataclass

from safelight_lifecycle import EXTENSION, format_pointer
from safelight_openapi._findings.finding import Action, Finding, FindingCode, Severity
from safelight_openapi._findings.fixes import set_value
from safelight_openapi._infer.facts import Inference, leaves, plain
from safelight_openapi._structure.operations import as_mapping, operations_by_id
from safelight_openapi._structure.references import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The operations that start jobs, by what is inferred, and those that are in no lifecycle."""

    submits: tuple[str, ...]
    unclaimed_submits: tuple[str, ...]
    unread: tuple[str, ...]  # reads of jobs that nothing starts

    def __str__(self) -> str:
        known, rest = len(self.submits), len(self.unread)
        claimed = (
            f"lifecycles have {known - len(self.unclaimed_submits)} of {known} operations that start jobs"
        )
        return f"{claimed}; reads of jobs that no operation starts: {rest}" if rest else claimed


def coverage_of(document: Node, inference: Inference) -> Coverage:
    """Compare the lifecycles of a document with what is inferred; doubtful submissions do not count."""
    claimed = set(_claimed(document))
    submits = tuple(dict.fromkeys(name for name, _ in _submissions(inference)))
    return Coverage(
        submits=submits,
        unclaimed_submits=tuple(name for name in submits if name not in claimed),
        unread=tuple(name for name in inference.unclaimed if name not in claimed),
    )


def coverage_findings(document: Node, inference: Inference, coverage: Coverage) -> Iterator[Finding]:
    """Yield a warning for each operation that is in no lifecycle."""
    places = _pointers(document)
    lifecycles = dict(_submissions(inference))
    for name in coverage.unclaimed_submits:
        yield Finding(
            code=FindingCode.UNCLAIMED_SUBMIT,
            message=f"{name} looks like a submission, and is in no lifecycle",
            pointer=places.get(name, ""),
            actual=name,
            fix=_claim(name, lifecycles[name], document, inference),
            severity=Severity.WARNING,
        )
    for name in coverage.unread:
        yield Finding(
            code=FindingCode.UNCLAIMED_READ,
            message=f"{name} looks like the read of a job, and no operation starts one",
            pointer=places.get(name, ""),
            actual=name,
            severity=Severity.WARNING,
        )


def _claimed(document: Node) -> Iterator[str]:
    """Yield the operations that lifecycles and uploads name."""
    described = as_mapping(document.get(EXTENSION))
    pending = [described.get("lifecycles"), described.get("inputs")]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield from (value for key, value in node.items() if key == "operation" and isinstance(value, str))
            pending += node.values()
        elif isinstance(node, list):
            yield from (value for value in node if isinstance(value, str))
            pending += node


def _submissions(inference: Inference) -> Iterator[tuple[str, str]]:
    """Yield the operations that surely start jobs, with the name of their inferred lifecycle."""
    for name, draft in inference.drafts.items():
        for location, fact in leaves(draft["submit"]):
            if location[1:] in ((), ("operation",)) and not fact.is_doubtful:
                yield str(fact.value), name


def _claim(name: str, inferred: str, document: Node, inference: Inference) -> tuple[Action, ...]:
    """Return the action that adds a submission to the lifecycle with its read, or adds its lifecycle."""
    draft = inference.drafts[inferred]
    lifecycles = as_mapping(as_mapping(document.get(EXTENSION)).get("lifecycles"))
    read = as_mapping(plain(draft.get("read", {}))).get("operation")
    reason = f"Inferred: {name} starts a job that {read or 'a webhook'} tells of."
    submit = plain(draft["submit"])
    entries = (
        [one for one in submit if name in (one, as_mapping(one).get("operation"))]
        if isinstance(submit, list)
        else []
    )
    for key, job in lifecycles.items():
        if read and as_mapping(as_mapping(job).get("read")).get("operation") == read:
            at = (EXTENSION, "lifecycles", key)
            return (set_value(at, {"submit": entries}, reason),)
    if inferred in lifecycles:
        return ()
    lifecycle: Node = {inferred: plain(draft)}
    return (set_value((), {EXTENSION: {"version": "2", "lifecycles": lifecycle}}, reason),)


def _pointers(document: Node) -> dict[str, str]:
    return {
        one.job_name: format_pointer(("paths", one.path, one.method))
        for one in operations_by_id(document).values()
    }
