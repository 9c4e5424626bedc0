"""What a vendor's `source.toml` says about the documents vendored beside it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from safelight_openapi._errors import SpecError


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One vendored document, the page it was cut out of and their digests (sha256, hexadecimal)."""

    file: Path
    kind: str
    page: Path
    cut: str
    sha256: str
    page_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A vendor's documents in the order they are joined in."""

    path: Path
    documents: tuple[Document, ...]

    @property
    def openapi(self) -> tuple[Document, ...]:
        """The documents that are OpenAPI, as opposed to a page's text."""
        return tuple(document for document in self.documents if document.kind == "openapi")


def vendors(root: Path) -> list[str]:
    """List the vendors with a folder under `openapi/`, in alphabetical order."""
    return sorted(path.parent.name for path in (root / "openapi").glob("*/source.toml"))


def read_source(root: Path, vendor: str) -> Source:
    """Read `openapi/<vendor>/source.toml` under `root`.

    SpecError if it is absent, lacks a key or names a file outside its folder, by a symbolic link too.
    """
    path = root / "openapi" / vendor / "source.toml"
    if not path.is_file():
        raise SpecError(f"vendor {vendor}", [f"{path} does not exist"])
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("documents", [])
    return Source(path=path, documents=tuple(_document(path, entry) for entry in listed))


def _document(path: Path, entry: dict[str, str]) -> Document:
    absent = [key for key in ("file", "kind", "page", "cut", "sha256", "page_sha256") if key not in entry]
    if absent:
        raise SpecError(str(path), [f"document {entry.get('file', '?')} lacks {key}" for key in absent])
    return Document(
        file=_inside(path, entry["file"]),
        kind=entry["kind"],
        page=_inside(path, entry["page"]),
        cut=entry["cut"],
        sha256=entry["sha256"],
        page_sha256=entry["page_sha256"],
    )


def _inside(path: Path, name: str) -> Path:
    """Return a file of the vendor's folder: `safelight-codegen vendor` writes there, `generate` reads."""
    folder, named = path.parent, path.parent / name
    if not named.resolve().is_relative_to(folder.resolve()):
        raise SpecError(str(path), [f"{name} lies outside {folder.as_posix()}/; put the file into it"])
    return named
