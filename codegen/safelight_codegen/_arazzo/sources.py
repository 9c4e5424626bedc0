"""The OpenAPI document of an API, from a file or of a vendor of this project."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from safelight_codegen._arazzo.api import Node
from safelight_lifecycle import EXTENSION
from safelight_openapi import (
    DocumentError,
    SpecError,
    as_mapping,
    build_effective,
    lifecycle_violations,
    load_document,
    read_document,
)

_UNNAMED = frozenset({"api", "document", "index", "openapi", "schema", "spec", "swagger"})
_NO_LIFECYCLES = "it has no lifecycles under `x-async-jobs`; give an overlay that adds them with --lifecycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowSource:
    """An effective document, the file that runners of workflows can read it from, and a name for it.

    `file` is None for Swagger 2.0: runners read OpenAPI 3 only.
    """

    document: Node
    file: Path | None
    name: str


def vendor_source(vendor: str, root: Path) -> WorkflowSource:
    """Return the document of a folder of openapi/; its file is that of generated/."""
    document = build_effective(vendor, root).truth
    return WorkflowSource(
        document=document, file=root / "generated" / "safelight_specs" / f"{vendor}.json", name=vendor
    )


def file_source(path: Path, overlays: Sequence[Path]) -> WorkflowSource:
    """Return the document of a file, overlays applied.

    Raises SpecError, DocumentError or OverlayError if it cannot be read or has no lifecycles.
    """
    document = load_document(path, overlays, checks=[lifecycle_violations]).document
    if not as_mapping(document.get(EXTENSION)).get("lifecycles"):
        raise SpecError(path.as_posix(), [_NO_LIFECYCLES])
    file = None if "swagger" in as_mapping(read_document(path)) else path
    return WorkflowSource(document=document, file=file, name=_name(path, document))


def _name(path: Path, document: Node) -> str:
    stem = path.name.split(".")[0]
    title = str(as_mapping(document.get("info")).get("title", ""))
    return name_slug(title if stem.lower() in _UNNAMED and title else stem)


def name_slug(text: str) -> str:
    """Return a name as Arazzo allows it for a document; raises DocumentError if nothing is left."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if not slug:
        raise DocumentError(
            f"the name {text!r} has neither letters nor digits; give another with --name", source=text
        )
    return slug
