"""Everything a comparison came to: changes, consequences, and the version that should follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from safelight_codegen._drift.changes import SILENT, Change, Severity
from safelight_codegen._drift.compare import compare
from safelight_codegen._drift.dry_run import rehearse
from safelight_codegen._drift.errors import DriftError
from safelight_codegen._drift.impact import Touched, touched
from safelight_codegen._drift.new_document import predecessor, read_new_document, vendored
from safelight_codegen._drift.operation_matching import calls, sent_schemas
from safelight_codegen._drift.overlay_consequences import Consequence, consequences
from safelight_openapi import LAYERS, Node, VendorSource, read_layer, read_source
from safelight_openapi import digest_mismatches as differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What a new document changes, and what follows; without a vendor nothing of ours does."""

    vendor: str | None
    old: str  # the vendored document, as a path from the root; or any other one
    new: str
    changes: tuple[Change, ...]
    overlays: tuple[Consequence, ...] = ()
    problems: tuple[str, ...] = ()  # what would be wrong with the effective document, and is not now
    touched: tuple[Touched, ...] = ()

    @property
    def severity(self) -> Severity:
        """The worst of it; overlays that no longer fit need a look, whatever the changes are."""
        ours = Severity.LOOK if self.overlays or self.problems else Severity.HARMLESS
        return max([ours, *(change.severity for change in self.changes)])

    @property
    def bump(self) -> str:
        """Which part of our version should go up: major, minor, patch or none."""
        return self._version()[0]

    @property
    def bump_reason(self) -> str:
        """Say why."""
        return self._version()[1]

    def of(self, severity: Severity) -> list[Change]:
        """List the changes of one class."""
        return [change for change in self.changes if change.severity is severity]

    def _version(self) -> tuple[str, str]:
        broken, doubtful = self.of(Severity.BREAKING), self.of(Severity.LOOK)
        added = [change for change in self.changes if change.adds]
        if broken:
            return "major", f"{_counted(broken)} breaking, the first: {broken[0].rule} at {broken[0].pointer}"
        if doubtful:
            return "minor", f"{_counted(doubtful)} to look at, which may turn out to be breaking"
        if added:
            return "minor", f"{_counted(added)} that adds something: {added[0].rule} at {added[0].pointer}"
        if self.changes or self.overlays or self.problems:
            return "patch", "nothing is added and nothing breaks"
        return "none", "nothing changed"


def drift(
    path: Path, *, vendor: str, root: Path, against: str | None = None, cut: str | None = None
) -> Drift:
    """Compare a newly downloaded document with the vendored one.

    Raises DriftError if there is nothing to compare, or SpecError, OverlayError or DocumentError if what is
    vendored cannot be read.
    """
    source = read_source(root, vendor)
    _refuse_edited(source)
    new = read_new_document(path, cut=cut)
    document = predecessor(new, source, path=path, against=against)
    known = {one.file: vendored(one) for one in source.openapi}
    layers = {name: read_layer(root, vendor, name) for name in LAYERS}
    before, after = rehearse(known, layers), rehearse(known | {document.file: new}, layers)
    changes = compare(known[document.file], new, sent=sent_schemas(before.truth))
    return Drift(
        vendor=vendor,
        old=document.file.relative_to(root).as_posix(),
        new=path.as_posix(),
        changes=changes,
        overlays=tuple(consequences(before, after, changes)),
        problems=tuple(one for one in after.problems if one not in before.problems),
        touched=_touched(changes, known[document.file], before.truth, vendor=vendor, root=root),
    )


def drift_between(old: Path, new: Path) -> Drift:
    """Compare two documents of any API; raises DriftError if one is none."""
    before, after = read_new_document(old, most=None), read_new_document(new, most=None)
    return Drift(vendor=None, old=old.as_posix(), new=new.as_posix(), changes=compare(before, after))


def _refuse_edited(source: VendorSource) -> None:
    if edited := [fault for document in source.documents for fault in differences(document)]:
        raise DriftError(f"{edited[0]}: what is vendored is not what was vendored; see `make check-sources`.")


def _touched(
    changes: Iterable[Change], old: Node, truth: Node, *, vendor: str, root: Path
) -> tuple[Touched, ...]:
    names = {name for change in changes if change.rule not in SILENT for name in change.operations}
    known = [*calls(old), *calls(old, "webhooks")]
    return tuple(touched(names, known, truth, vendor=vendor, root=root))


def _counted(changes: list[Change]) -> str:
    return f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
