"""A vendor's overlays, layer by layer, each in the order of its file names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from safelight_openapi._errors import SpecError
from safelight_openapi._overlay import Applied, Overlay, apply_overlays, load_overlay
from safelight_openapi._reading.documents import JSON

LAYERS = ("truth", "strict", "codegen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One overlay file and, where it says so by `extends`, the vendored document it is for."""

    path: Path
    overlay: Overlay
    extends: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The overlays of one folder."""

    entries: tuple[Entry, ...]

    def of(self, document: Path | None) -> list[Overlay]:
        """List the overlays for one vendored document, or for the joined one (None)."""
        wanted = document and document.resolve()
        return [entry.overlay for entry in self.entries if entry.extends == wanted]

    def strangers(self, documents: Iterable[Path]) -> list[str]:
        """List the overlays that extend something other than `documents`, in words."""
        known = {None, *(document.resolve() for document in documents)}
        return [
            f"{entry.overlay.source}: extends {entry.extends}, no vendored document"
            for entry in self.entries
            if entry.extends not in known
        ]


def read_layer(root: Path, vendor: str, name: str) -> Layer:
    """Read every `overlays/<vendor>/<name>/*.overlay.yaml` (or `.json`); OverlayError if one is invalid."""
    folder = root / "overlays" / vendor / name
    paths = sorted([*folder.glob("*.overlay.yaml"), *folder.glob("*.overlay.json")])
    return Layer(entries=tuple(_entry(path, root) for path in paths))


def apply_strictly(document: JSON, overlays: list[Overlay]) -> Applied:
    """Apply our own overlays: none of their actions may change nothing, and each says why it is there."""
    silent = [
        f"{overlay.source}: action {action.number} has no description"
        for overlay in overlays
        for action in overlay.actions
        if not action.description
    ]
    if silent:
        raise SpecError("overlays", silent)
    return apply_overlays(document, overlays, strict=True)


def _entry(path: Path, root: Path) -> Entry:
    overlay = load_overlay(path)
    extends = None if overlay.extends is None else (path.parent / overlay.extends).resolve()
    return Entry(
        path=path, overlay=replace(overlay, source=path.relative_to(root).as_posix()), extends=extends
    )
