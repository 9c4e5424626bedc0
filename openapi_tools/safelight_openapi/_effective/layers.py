"""A vendor's overlays by layer, each layer in the order of its file names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from safelight_openapi._errors import SpecError
from safelight_openapi._overlay.engine import apply_overlays
from safelight_openapi._overlay.loading import load_overlay
from safelight_openapi._overlay.model import Overlay, OverlayResult
from safelight_openapi._reading.documents import JSONValue

LAYERS = ("truth", "strict", "codegen")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayFile:
    """An overlay file; `extends` is the vendored document that it patches, None for the joined document."""

    path: Path
    overlay: Overlay
    extends: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The overlays of one folder, `overlays/<vendor>/<layer>/`."""

    entries: tuple[OverlayFile, ...]

    def overlays_for(self, document: Path | None) -> list[Overlay]:
        """Return the overlays that patch one vendored document, or the joined document (None)."""
        resolved = document and document.resolve()
        return [entry.overlay for entry in self.entries if entry.extends == resolved]

    def unknown_targets(self, documents: Iterable[Path]) -> list[str]:
        """Return a sentence for each overlay that extends none of `documents`."""
        known = {None, *(document.resolve() for document in documents)}
        return [
            f"{entry.overlay.source}: extends {entry.extends}, which is not a vendored document"
            for entry in self.entries
            if entry.extends not in known
        ]


def read_layer(root: Path, vendor: str, name: str) -> Layer:
    """Read every `*.overlay.yaml` and `*.overlay.json` of `overlays/<vendor>/<name>/`, which may be absent.

    Raises OverlayError if one is invalid.
    """
    folder = root / "overlays" / vendor / name
    paths = sorted([*folder.glob("*.overlay.yaml"), *folder.glob("*.overlay.json")])
    return Layer(entries=tuple(_entry(path, root) for path in paths))


def apply_strictly(document: JSONValue, overlays: list[Overlay]) -> OverlayResult:
    """Apply overlays of the project, in which every action must change something and have a description.

    Raises SpecError if an action has no description, OverlayError if one is invalid or changes nothing. An
    action without effect is outdated: it hides that the vendor has corrected the document or renamed its
    target.
    """
    undescribed = [
        f"{overlay.source}: action {action.number} has no description; add one that says why"
        for overlay in overlays
        for action in overlay.actions
        if not action.description
    ]
    if undescribed:
        raise SpecError("overlays", undescribed)
    return apply_overlays(document, overlays, strict=True)


def _entry(path: Path, root: Path) -> OverlayFile:
    overlay = load_overlay(path)
    extends = None if overlay.extends is None else (path.parent / overlay.extends).resolve()
    return OverlayFile(
        path=path, overlay=replace(overlay, source=path.relative_to(root).as_posix()), extends=extends
    )
