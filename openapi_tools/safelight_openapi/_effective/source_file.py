"""Reads a vendor's `source.toml`, which lists the documents in its folder."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from safelight_openapi._errors import SpecError


@dataclass(frozen=True, slots=True, kw_only=True)
class VendoredDocument:
    """A vendored document, the page it was extracted from, and their digests (sha256, hexadecimal).

    `cut` is how it is extracted, as `extract_document` takes it.
    """

    file: Path
    kind: str
    page: Path
    cut: str
    sha256: str
    page_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorSource:
    """A vendor's documents in the order in which they are joined; `path` is the `source.toml`."""

    path: Path
    documents: tuple[VendoredDocument, ...]

    @property
    def openapi(self) -> tuple[VendoredDocument, ...]:
        """The documents that are OpenAPI; others are texts that were transcribed."""
        return tuple(document for document in self.documents if document.kind == "openapi")


def list_vendors(root: Path) -> list[str]:
    """Return the names of the vendors with a folder under `openapi/`, in alphabetical order."""
    return sorted(path.parent.name for path in (root / "openapi").glob("*/source.toml"))


def read_source(root: Path, vendor: str) -> VendorSource:
    """Read `openapi/<vendor>/source.toml` under `root`.

    Raises SpecError if it does not exist, a key is missing, or a file is outside its folder, also by a
    symbolic link: `safelight-codegen vendor` writes these files.
    """
    path = root / "openapi" / vendor / "source.toml"
    if not path.is_file():
        known = ", ".join(list_vendors(root))
        remedy = f"use one of {known}" if known else "change to the folder that has openapi/, or use --root"
        raise SpecError(f"vendor {vendor}", [f"{path} does not exist; {remedy}"])
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("documents", [])
    return VendorSource(path=path, documents=tuple(_document(path, entry) for entry in listed))


def _document(path: Path, entry: dict[str, str]) -> VendoredDocument:
    missing = [key for key in ("file", "kind", "page", "cut", "sha256", "page_sha256") if key not in entry]
    if missing:
        raise SpecError(str(path), [f"document {entry.get('file', '?')} lacks {key}" for key in missing])
    return VendoredDocument(
        file=_inside(path, entry["file"]),
        kind=entry["kind"],
        page=_inside(path, entry["page"]),
        cut=entry["cut"],
        sha256=entry["sha256"],
        page_sha256=entry["page_sha256"],
    )


def _inside(path: Path, name: str) -> Path:
    """Return a file in the vendor's folder; raises SpecError for one outside it."""
    folder, named = path.parent, path.parent / name
    if not named.resolve().is_relative_to(folder.resolve()):
        raise SpecError(str(path), [f"{name} is outside {folder.as_posix()}/; move the file there"])
    return named
