"""The steps to effective documents: normalise, overlay each, join, overlay the result, check."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safelight_openapi._checks.document import find_violations
from safelight_openapi._convert.join import join_documents
from safelight_openapi._convert.normalise import normalise
from safelight_openapi._effective.extract import digest_mismatches
from safelight_openapi._effective.layers import LAYERS, Layer, apply_strictly, read_layer
from safelight_openapi._effective.provenance import merge_provenance
from safelight_openapi._effective.source_file import VendoredDocument, VendorSource, read_source
from safelight_openapi._errors import SpecError
from safelight_openapi._overlay.model import OverlayResult
from safelight_openapi._reading.documents import JSONValue, read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveDocuments:
    """One vendor's documents after the overlays; each is OpenAPI 3.1.2."""

    vendor: str
    truth: dict[str, JSONValue]  # what the service does by default; read by mock server, docs and tests
    strict: dict[str, JSONValue]  # truth, restricted to the wording of the vendor's documents
    codegen: dict[str, JSONValue]  # truth, changed to what the client generator supports
    provenance: dict[str, JSONValue]  # by JSON pointer into truth: overlay, action and description
    inputs: tuple[Path, ...]  # every file the documents were made from


def build_effective(vendor: str, root: Path) -> EffectiveDocuments:
    """Build the effective documents of one vendor from the files under `root`, about 1 s per vendor.

    Raises SpecError if a vendored file was changed, documents contradict each other or a check fails;
    OverlayError if an action is invalid, matches nothing or changes nothing; DocumentError if a file cannot
    be read.
    """
    source = read_source(root, vendor)
    layers = {name: read_layer(root, vendor, name) for name in LAYERS}
    _reject(f"{vendor}: sources", _input_problems(source, layers))
    parts = [_part(document, layers["truth"]) for document in source.openapi]
    joined = join_documents([_mapping(part.document) for part in parts])
    truth = apply_strictly(joined, layers["truth"].overlays_for(None))
    strict = apply_strictly(truth.document, layers["strict"].overlays_for(None))
    codegen = apply_strictly(truth.document, layers["codegen"].overlays_for(None))
    for name, applied in (("truth", truth), ("strict", strict)):
        _reject(f"{vendor}: {name}", find_violations(_mapping(applied.document)))
    return EffectiveDocuments(
        vendor=vendor,
        truth=_mapping(truth.document),
        strict=_mapping(strict.document),
        codegen=_mapping(codegen.document),
        provenance=merge_provenance(parts, truth),
        inputs=_inputs(source, layers),
    )


def _part(document: VendoredDocument, layer: Layer) -> OverlayResult:
    return apply_strictly(normalise(read_document(document.file)), layer.overlays_for(document.file))


def _input_problems(source: VendorSource, layers: Mapping[str, Layer]) -> list[str]:
    files = [document.file for document in source.openapi]
    changed = [change for document in source.documents for change in digest_mismatches(document)]
    unknown = [target for layer in layers.values() for target in layer.unknown_targets(files)]
    return [*changed, *unknown]


def _inputs(source: VendorSource, layers: Mapping[str, Layer]) -> tuple[Path, ...]:
    vendored = {path for document in source.documents for path in (document.file, document.page)}
    overlays = {entry.path for layer in layers.values() for entry in layer.entries}
    return tuple(sorted({source.path, *vendored, *overlays}))


def _reject(subject: str, problems: list[str]) -> None:
    if problems:
        raise SpecError(subject, problems)


def _mapping(document: JSONValue) -> dict[str, JSONValue]:
    if not isinstance(document, dict):
        raise SpecError(
            "overlays", ["an action replaced the whole document by a value that is not a mapping"]
        )
    return document
