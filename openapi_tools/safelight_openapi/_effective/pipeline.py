"""The way to effective documents: normalise, overlay each, join, overlay the whole, check."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safelight_openapi._checks.document import complaints
from safelight_openapi._convert.join import join
from safelight_openapi._convert.normalise import normalise
from safelight_openapi._effective.extract import changes
from safelight_openapi._effective.layers import LAYERS, Layer, apply_strictly, read_layer
from safelight_openapi._effective.provenance import provenance
from safelight_openapi._effective.source_file import Document, Source, read_source
from safelight_openapi._errors import SpecError
from safelight_openapi._overlay import Applied
from safelight_openapi._reading.documents import JSON, read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """One vendor's documents after the overlays; OpenAPI 3.1.2 each."""

    vendor: str
    truth: dict[str, JSON]  # what the service does by default: read by twin, docs and tests
    strict: dict[str, JSON]  # truth, closed to the letter of the vendor's documents
    codegen: dict[str, JSON]  # truth, bent to what the client generator understands
    provenance: dict[str, JSON]  # JSON pointer into truth -> overlay, action and description
    inputs: tuple[Path, ...]  # every file the documents were made from


def effective(vendor: str, root: Path) -> Effective:
    """Make the effective documents of one vendor from the files under `root`.

    Raises SpecError when a vendored file changed, documents disagree or a check fails; OverlayError when an
    action is invalid, matches nothing or changes nothing; DocumentError when a file cannot be read.
    """
    source = read_source(root, vendor)
    layers = {name: read_layer(root, vendor, name) for name in LAYERS}
    _refuse(f"{vendor}: sources", _faults(source, layers))
    parts = [_part(document, layers["truth"]) for document in source.openapi]
    joined = join([_mapping(part.document) for part in parts])
    truth = apply_strictly(joined, layers["truth"].of(None))
    closed = apply_strictly(truth.document, layers["strict"].of(None))
    bent = apply_strictly(truth.document, layers["codegen"].of(None))
    for name, applied in (("truth", truth), ("strict", closed)):
        _refuse(f"{vendor}: {name}", complaints(_mapping(applied.document)))
    return Effective(
        vendor=vendor,
        truth=_mapping(truth.document),
        strict=_mapping(closed.document),
        codegen=_mapping(bent.document),
        provenance=provenance(parts, truth),
        inputs=_inputs(source, layers),
    )


def _part(document: Document, layer: Layer) -> Applied:
    return apply_strictly(normalise(read_document(document.file)), layer.of(document.file))


def _faults(source: Source, layers: Mapping[str, Layer]) -> list[str]:
    files = [document.file for document in source.openapi]
    changed = [change for document in source.documents for change in changes(document)]
    misled = [stranger for layer in layers.values() for stranger in layer.strangers(files)]
    return [*changed, *misled]


def _inputs(source: Source, layers: Mapping[str, Layer]) -> tuple[Path, ...]:
    vendored = {path for document in source.documents for path in (document.file, document.page)}
    overlays = {entry.path for layer in layers.values() for entry in layer.entries}
    return tuple(sorted({source.path, *vendored, *overlays}))


def _refuse(subject: str, found: list[str]) -> None:
    if found:
        raise SpecError(subject, found)


def _mapping(document: JSON) -> dict[str, JSON]:
    if not isinstance(document, dict):
        raise SpecError("overlays", ["the document became something other than a mapping"])
    return document
