"""OpenAPI documents: read, converted to one dialect, changed by overlays, joined and checked.

Nothing here generates code. All names are imported from here; each is loaded when it is first used. Which
folder to open, each importing only those above it:

- `_reading`: JSON and YAML files as plain values, within limits; the type `JSON`.
- `_structure`: which kind of object is at which location of a document; references and operations.
- `_overlay`: OpenAPI overlays 1.1: load, apply, report per action, origin of each location.
- `_convert`: any OpenAPI 3.0 or 3.1 document as 3.1.2; several documents as one.
- `_checks`: what must hold for a document, its examples and its lifecycles.
- `_effective`: from a vendor's `source.toml` through the layers of overlays to the effective documents.

`_errors` has `SpecError`, for documents that cannot become effective ones.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safelight_openapi._checks.document import find_violations
    from safelight_openapi._checks.validation import compile_predicate, compile_schema, schema_violations
    from safelight_openapi._convert.join import join_documents
    from safelight_openapi._convert.normalise import normalise
    from safelight_openapi._effective.extract import digest_mismatches, extract_document, extract_documents
    from safelight_openapi._effective.layers import LAYERS, Layer, OverlayFile, apply_strictly, read_layer
    from safelight_openapi._effective.pipeline import EffectiveDocuments, build_effective
    from safelight_openapi._effective.source_digests import source_mismatches
    from safelight_openapi._effective.source_file import (
        VendoredDocument,
        VendorSource,
        list_vendors,
        read_source,
    )
    from safelight_openapi._errors import SpecError
    from safelight_openapi._overlay.engine import apply_overlay, apply_overlays
    from safelight_openapi._overlay.errors import OverlayError
    from safelight_openapi._overlay.loading import load_overlay, parse_overlay
    from safelight_openapi._overlay.model import (
        ActionKind,
        ActionOrigin,
        ActionReport,
        Overlay,
        OverlayAction,
        OverlayResult,
    )
    from safelight_openapi._reading.documents import (
        JSON,
        DocumentError,
        DocumentFormat,
        dump_json,
        dump_yaml,
        format_of,
        format_of_name,
        parse_document,
        read_document,
        read_text,
        string_keyed,
    )
    from safelight_openapi._structure.grammar import (
        GRAMMAR,
        METHODS,
        MemberCollection,
        SingleMember,
        SpecObject,
        rewrite_objects,
        walk_objects,
    )
    from safelight_openapi._structure.operations import DocumentOperation, as_mapping, operations_by_id
    from safelight_openapi._structure.references import (
        EXTERNAL,
        MAX_REFERENCES,
        Node,
        external_references,
        node_at,
        resolve,
        schemas_at,
    )

    __version__: str

__all__ = [
    "EXTERNAL",
    "GRAMMAR",
    "JSON",
    "LAYERS",
    "MAX_REFERENCES",
    "METHODS",
    "ActionKind",
    "ActionOrigin",
    "ActionReport",
    "DocumentError",
    "DocumentFormat",
    "DocumentOperation",
    "EffectiveDocuments",
    "Layer",
    "MemberCollection",
    "Node",
    "Overlay",
    "OverlayAction",
    "OverlayError",
    "OverlayFile",
    "OverlayResult",
    "SingleMember",
    "SpecError",
    "SpecObject",
    "VendorSource",
    "VendoredDocument",
    "apply_overlay",
    "apply_overlays",
    "apply_strictly",
    "as_mapping",
    "build_effective",
    "compile_predicate",
    "compile_schema",
    "digest_mismatches",
    "dump_json",
    "dump_yaml",
    "external_references",
    "extract_document",
    "extract_documents",
    "find_violations",
    "format_of",
    "format_of_name",
    "join_documents",
    "list_vendors",
    "load_overlay",
    "node_at",
    "normalise",
    "operations_by_id",
    "parse_document",
    "parse_overlay",
    "read_document",
    "read_layer",
    "read_source",
    "read_text",
    "resolve",
    "rewrite_objects",
    "schema_violations",
    "schemas_at",
    "source_mismatches",
    "string_keyed",
    "walk_objects",
]

_MODULES = {
    "EXTERNAL": "_structure.references",
    "GRAMMAR": "_structure.grammar",
    "JSON": "_reading.documents",
    "LAYERS": "_effective.layers",
    "MAX_REFERENCES": "_structure.references",
    "METHODS": "_structure.grammar",
    "ActionKind": "_overlay.model",
    "ActionOrigin": "_overlay.model",
    "ActionReport": "_overlay.model",
    "DocumentError": "_reading.documents",
    "DocumentFormat": "_reading.documents",
    "DocumentOperation": "_structure.operations",
    "EffectiveDocuments": "_effective.pipeline",
    "Layer": "_effective.layers",
    "MemberCollection": "_structure.grammar",
    "Node": "_structure.references",
    "Overlay": "_overlay.model",
    "OverlayAction": "_overlay.model",
    "OverlayError": "_overlay.errors",
    "OverlayFile": "_effective.layers",
    "OverlayResult": "_overlay.model",
    "SingleMember": "_structure.grammar",
    "SpecError": "_errors",
    "SpecObject": "_structure.grammar",
    "VendorSource": "_effective.source_file",
    "VendoredDocument": "_effective.source_file",
    "apply_overlay": "_overlay.engine",
    "apply_overlays": "_overlay.engine",
    "apply_strictly": "_effective.layers",
    "as_mapping": "_structure.operations",
    "build_effective": "_effective.pipeline",
    "compile_predicate": "_checks.validation",
    "compile_schema": "_checks.validation",
    "digest_mismatches": "_effective.extract",
    "dump_json": "_reading.documents",
    "dump_yaml": "_reading.documents",
    "external_references": "_structure.references",
    "extract_document": "_effective.extract",
    "extract_documents": "_effective.extract",
    "find_violations": "_checks.document",
    "format_of": "_reading.documents",
    "format_of_name": "_reading.documents",
    "join_documents": "_convert.join",
    "list_vendors": "_effective.source_file",
    "load_overlay": "_overlay.loading",
    "node_at": "_structure.references",
    "normalise": "_convert.normalise",
    "operations_by_id": "_structure.operations",
    "parse_document": "_reading.documents",
    "parse_overlay": "_overlay.loading",
    "read_document": "_reading.documents",
    "read_layer": "_effective.layers",
    "read_source": "_effective.source_file",
    "read_text": "_reading.documents",
    "resolve": "_structure.references",
    "rewrite_objects": "_structure.grammar",
    "schema_violations": "_checks.validation",
    "schemas_at": "_structure.references",
    "source_mismatches": "_effective.source_digests",
    "string_keyed": "_reading.documents",
    "walk_objects": "_structure.grammar",
}

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
