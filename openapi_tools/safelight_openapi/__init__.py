"""OpenAPI documents: read, converted to one dialect, changed by overlays, joined and checked.

Nothing here generates code. All names are imported from here; each is loaded when it is first used. Which
folder to open, each importing only those above it:

- `_reading`: JSON and YAML files as plain values, within limits; the type `JSONValue`.
- `_findings`: what a check reports: code, location, candidates, and the actions that correct it.
- `_structure`: which kind of object is at which location of a document; references and operations.
- `_overlay`: OpenAPI overlays 1.0 to 1.2: load, apply, report per action, origin of each location.
- `_convert`: Swagger 2.0 and OpenAPI 3.0 to 3.2 as 3.1.2; several documents as one.
- `_checks`: what must hold for a document, its examples and its lifecycles.
- `_infer`: the lifecycles that a document most likely has.
- `_effective`: from a vendor's `source.toml` through the layers of overlays to the effective documents.
- `_loading`: from any file, with overlays, to a checked effective document.
- `_report`: everything that is wrong with a document, its overlays and its lifecycles, in one pass.

`_errors` has `SpecError`, for documents that cannot become effective ones.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it; importing it from typing takes most of the time

if TYPE_CHECKING:
    from safelight_openapi._checks.document import find_violations
    from safelight_openapi._checks.lifecycles import lifecycle_violations
    from safelight_openapi._checks.validation import compile_predicate, compile_schema, schema_violations
    from safelight_openapi._convert.join import join_documents
    from safelight_openapi._convert.normalise import ConvertedDocument, convert, normalise
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
    from safelight_openapi._findings.candidates import closest
    from safelight_openapi._findings.finding import Finding, FindingCode, Severity, Subject
    from safelight_openapi._findings.fixes import (
        add_member,
        json_path,
        remove_value,
        rename_member,
        set_value,
    )
    from safelight_openapi._findings.schema_errors import SchemaProblem, Wording, schema_problems
    from safelight_openapi._infer.engine import infer_lifecycles
    from safelight_openapi._infer.facts import Fact, Inference
    from safelight_openapi._infer.overlay import is_certain, overlay_of
    from safelight_openapi._infer.playable import playable_jobs
    from safelight_openapi._loading.cache import CheckedDocument, DocumentCache, user_cache
    from safelight_openapi._loading.load import LoadedDocument, load_document
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
        DocumentError,
        DocumentFormat,
        JSONValue,
        dump_json,
        dump_yaml,
        format_of,
        format_of_name,
        parse_document,
        read_document,
        read_text,
        string_keyed,
    )
    from safelight_openapi._report.check import check_document
    from safelight_openapi._report.coverage import Coverage
    from safelight_openapi._report.report import CheckReport
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
    "LAYERS",
    "MAX_REFERENCES",
    "METHODS",
    "ActionKind",
    "ActionOrigin",
    "ActionReport",
    "CheckReport",
    "CheckedDocument",
    "ConvertedDocument",
    "Coverage",
    "DocumentCache",
    "DocumentError",
    "DocumentFormat",
    "DocumentOperation",
    "EffectiveDocuments",
    "Fact",
    "Finding",
    "FindingCode",
    "Inference",
    "JSONValue",
    "Layer",
    "LoadedDocument",
    "MemberCollection",
    "Node",
    "Overlay",
    "OverlayAction",
    "OverlayError",
    "OverlayFile",
    "OverlayResult",
    "SchemaProblem",
    "Severity",
    "SingleMember",
    "SpecError",
    "SpecObject",
    "Subject",
    "VendorSource",
    "VendoredDocument",
    "Wording",
    "add_member",
    "apply_overlay",
    "apply_overlays",
    "apply_strictly",
    "as_mapping",
    "build_effective",
    "check_document",
    "closest",
    "compile_predicate",
    "compile_schema",
    "convert",
    "digest_mismatches",
    "dump_json",
    "dump_yaml",
    "external_references",
    "extract_document",
    "extract_documents",
    "find_violations",
    "format_of",
    "format_of_name",
    "infer_lifecycles",
    "is_certain",
    "join_documents",
    "json_path",
    "lifecycle_violations",
    "list_vendors",
    "load_document",
    "load_overlay",
    "node_at",
    "normalise",
    "operations_by_id",
    "overlay_of",
    "parse_document",
    "parse_overlay",
    "playable_jobs",
    "read_document",
    "read_layer",
    "read_source",
    "read_text",
    "remove_value",
    "rename_member",
    "resolve",
    "rewrite_objects",
    "schema_problems",
    "schema_violations",
    "schemas_at",
    "set_value",
    "source_mismatches",
    "string_keyed",
    "user_cache",
    "walk_objects",
]

_MODULES = {
    "EXTERNAL": "safelight_openapi._structure.references",
    "GRAMMAR": "safelight_openapi._structure.grammar",
    "JSONValue": "safelight_openapi._reading.documents",
    "LAYERS": "safelight_openapi._effective.layers",
    "MAX_REFERENCES": "safelight_openapi._structure.references",
    "METHODS": "safelight_openapi._structure.grammar",
    "ActionKind": "safelight_openapi._overlay.model",
    "ActionOrigin": "safelight_openapi._overlay.model",
    "ActionReport": "safelight_openapi._overlay.model",
    "CheckReport": "safelight_openapi._report.report",
    "CheckedDocument": "safelight_openapi._loading.cache",
    "ConvertedDocument": "safelight_openapi._convert.normalise",
    "Coverage": "safelight_openapi._report.coverage",
    "DocumentCache": "safelight_openapi._loading.cache",
    "DocumentError": "safelight_openapi._reading.documents",
    "DocumentFormat": "safelight_openapi._reading.documents",
    "DocumentOperation": "safelight_openapi._structure.operations",
    "EffectiveDocuments": "safelight_openapi._effective.pipeline",
    "Fact": "safelight_openapi._infer.facts",
    "Finding": "safelight_openapi._findings.finding",
    "FindingCode": "safelight_openapi._findings.finding",
    "Inference": "safelight_openapi._infer.facts",
    "Layer": "safelight_openapi._effective.layers",
    "LoadedDocument": "safelight_openapi._loading.load",
    "MemberCollection": "safelight_openapi._structure.grammar",
    "Node": "safelight_openapi._structure.references",
    "Overlay": "safelight_openapi._overlay.model",
    "OverlayAction": "safelight_openapi._overlay.model",
    "OverlayError": "safelight_openapi._overlay.errors",
    "OverlayFile": "safelight_openapi._effective.layers",
    "OverlayResult": "safelight_openapi._overlay.model",
    "Severity": "safelight_openapi._findings.finding",
    "SingleMember": "safelight_openapi._structure.grammar",
    "SchemaProblem": "safelight_openapi._findings.schema_errors",
    "SpecError": "safelight_openapi._errors",
    "SpecObject": "safelight_openapi._structure.grammar",
    "Subject": "safelight_openapi._findings.finding",
    "VendorSource": "safelight_openapi._effective.source_file",
    "Wording": "safelight_openapi._findings.schema_errors",
    "VendoredDocument": "safelight_openapi._effective.source_file",
    "add_member": "safelight_openapi._findings.fixes",
    "apply_overlay": "safelight_openapi._overlay.engine",
    "apply_overlays": "safelight_openapi._overlay.engine",
    "apply_strictly": "safelight_openapi._effective.layers",
    "as_mapping": "safelight_openapi._structure.operations",
    "build_effective": "safelight_openapi._effective.pipeline",
    "check_document": "safelight_openapi._report.check",
    "closest": "safelight_openapi._findings.candidates",
    "compile_predicate": "safelight_openapi._checks.validation",
    "compile_schema": "safelight_openapi._checks.validation",
    "convert": "safelight_openapi._convert.normalise",
    "digest_mismatches": "safelight_openapi._effective.extract",
    "dump_json": "safelight_openapi._reading.documents",
    "dump_yaml": "safelight_openapi._reading.documents",
    "external_references": "safelight_openapi._structure.references",
    "extract_document": "safelight_openapi._effective.extract",
    "extract_documents": "safelight_openapi._effective.extract",
    "find_violations": "safelight_openapi._checks.document",
    "format_of": "safelight_openapi._reading.documents",
    "format_of_name": "safelight_openapi._reading.documents",
    "infer_lifecycles": "safelight_openapi._infer.engine",
    "is_certain": "safelight_openapi._infer.overlay",
    "join_documents": "safelight_openapi._convert.join",
    "json_path": "safelight_openapi._findings.fixes",
    "lifecycle_violations": "safelight_openapi._checks.lifecycles",
    "list_vendors": "safelight_openapi._effective.source_file",
    "load_document": "safelight_openapi._loading.load",
    "load_overlay": "safelight_openapi._overlay.loading",
    "node_at": "safelight_openapi._structure.references",
    "normalise": "safelight_openapi._convert.normalise",
    "operations_by_id": "safelight_openapi._structure.operations",
    "overlay_of": "safelight_openapi._infer.overlay",
    "parse_document": "safelight_openapi._reading.documents",
    "parse_overlay": "safelight_openapi._overlay.loading",
    "playable_jobs": "safelight_openapi._infer.playable",
    "read_document": "safelight_openapi._reading.documents",
    "read_layer": "safelight_openapi._effective.layers",
    "read_source": "safelight_openapi._effective.source_file",
    "read_text": "safelight_openapi._reading.documents",
    "remove_value": "safelight_openapi._findings.fixes",
    "rename_member": "safelight_openapi._findings.fixes",
    "resolve": "safelight_openapi._structure.references",
    "rewrite_objects": "safelight_openapi._structure.grammar",
    "schema_problems": "safelight_openapi._findings.schema_errors",
    "schema_violations": "safelight_openapi._checks.validation",
    "schemas_at": "safelight_openapi._structure.references",
    "set_value": "safelight_openapi._findings.fixes",
    "source_mismatches": "safelight_openapi._effective.source_digests",
    "string_keyed": "safelight_openapi._reading.documents",
    "user_cache": "safelight_openapi._loading.cache",
    "walk_objects": "safelight_openapi._structure.grammar",
}

if not TYPE_CHECKING:  # a type checker would accept any misspelled name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return import_module("importlib.metadata").version("safelight")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            return getattr(import_module(_MODULES[name]), name)
        except ModuleNotFoundError as missing:
            if missing.name is None or missing.name.startswith("safelight"):
                raise
            reason = f"{__name__} needs {missing.name}; run: pip install 'safelight[openapi]'"
            raise ModuleNotFoundError(reason, name=missing.name) from missing

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
