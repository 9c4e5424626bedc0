"""The complete result of a comparison: changes, consequences, and the version to release."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from safelight_codegen._drift.changes import NEUTRAL_RULES, ChangeSeverity, DocumentChange
from safelight_codegen._drift.compare import compare_documents
from safelight_codegen._drift.dry_run import dry_run_overlays
from safelight_codegen._drift.errors import DriftError
from safelight_codegen._drift.impact import AffectedOperation, affected_operations
from safelight_codegen._drift.new_document import predecessor, read_new_document, read_vendored
from safelight_codegen._drift.operation_matching import list_operations, sent_schemas
from safelight_codegen._drift.overlay_consequences import OverlayConsequence, find_consequences
from safelight_openapi import LAYERS, Node, VendorSource, read_layer, read_source
from safelight_openapi import digest_mismatches as differences


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """The changes of a new document and their consequences; without a vendor, only the changes."""

    vendor: str | None
    old: str  # the vendored document, relative to the root, or any other one
    new: str
    changes: tuple[DocumentChange, ...]
    overlays: tuple[OverlayConsequence, ...] = ()
    problems: tuple[str, ...] = ()  # of the new effective document, without those it has now
    affected: tuple[AffectedOperation, ...] = ()

    @property
    def severity(self) -> ChangeSeverity:
        """The most severe class; overlays that no longer apply need review whatever the changes are."""
        ours = ChangeSeverity.REVIEW if self.overlays or self.problems else ChangeSeverity.HARMLESS
        return max([ours, *(change.severity for change in self.changes)])

    @property
    def bump(self) -> str:
        """Which part of the version of Safelight to increase: major, minor, patch or none."""
        return self._version()[0]

    @property
    def bump_reason(self) -> str:
        """The reason for `bump`."""
        return self._version()[1]

    def of(self, severity: ChangeSeverity) -> list[DocumentChange]:
        """Return the changes of one class."""
        return [change for change in self.changes if change.severity is severity]

    def _version(self) -> tuple[str, str]:
        breaking, unclear = self.of(ChangeSeverity.BREAKING), self.of(ChangeSeverity.REVIEW)
        added = [change for change in self.changes if change.is_addition]
        if breaking:
            return (
                "major",
                f"{_counted(breaking)} breaking, the first: {breaking[0].rule} at {breaking[0].pointer}",
            )
        if unclear:
            return "minor", f"{_counted(unclear)} to review, which may be breaking"
        if added:
            return (
                "minor",
                f"{_counted(added)} adding something, the first: {added[0].rule} at {added[0].pointer}",
            )
        if self.changes or self.overlays or self.problems:
            return "patch", "nothing is added and nothing breaks"
        return "none", "nothing changed"


def find_drift(
    path: Path, *, vendor: str, root: Path, against: str | None = None, cut: str | None = None
) -> DriftReport:
    """Compare a newly downloaded document with the vendored one.

    Nothing is written. Raises DriftError if the document cannot be compared, or SpecError, OverlayError or
    DocumentError if the vendored files cannot be read.
    """
    source = read_source(root, vendor)
    _reject_edited(source)
    new = read_new_document(path, cut=cut)
    document = predecessor(new, source, path=path, against=against)
    known = {one.file: read_vendored(one) for one in source.openapi}
    layers = {name: read_layer(root, vendor, name) for name in LAYERS}
    before, after = dry_run_overlays(known, layers), dry_run_overlays(known | {document.file: new}, layers)
    changes = compare_documents(known[document.file], new, sent=sent_schemas(before.truth))
    return DriftReport(
        vendor=vendor,
        old=document.file.relative_to(root).as_posix(),
        new=path.as_posix(),
        changes=changes,
        overlays=tuple(find_consequences(before, after, changes)),
        problems=tuple(one for one in after.problems if one not in before.problems),
        affected=_affected(changes, known[document.file], before.truth, vendor=vendor, root=root),
    )


def drift_between(old: Path, new: Path) -> DriftReport:
    """Compare two documents of any API; raises DriftError if one of them is not an OpenAPI document."""
    before, after = read_new_document(old, most=None), read_new_document(new, most=None)
    return DriftReport(
        vendor=None, old=old.as_posix(), new=new.as_posix(), changes=compare_documents(before, after)
    )


def _reject_edited(source: VendorSource) -> None:
    if edited := [difference for document in source.documents for difference in differences(document)]:
        raise DriftError(f"{edited[0]}: the vendored file was changed; see `make check-sources`.")


def _affected(
    changes: Iterable[DocumentChange], old: Node, truth: Node, *, vendor: str, root: Path
) -> tuple[AffectedOperation, ...]:
    names = {name for change in changes if change.rule not in NEUTRAL_RULES for name in change.operations}
    known = [*list_operations(old), *list_operations(old, "webhooks")]
    return tuple(affected_operations(names, known, truth, vendor=vendor, root=root))


def _counted(changes: list[DocumentChange]) -> str:
    return f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
