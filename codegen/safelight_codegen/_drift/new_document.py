"""Reads a newly downloaded document, and finds the vendored one that it replaces.

Sites return pages that say "not found" with status 200, and move, so the content is checked first.
"""

import re
from pathlib import Path

from safelight_codegen._drift.errors import DriftError
from safelight_codegen._drift.operation_matching import list_operations, shared_operations
from safelight_openapi import (
    EXTERNAL,
    DocumentError,
    JSONValue,
    Node,
    SpecError,
    VendoredDocument,
    VendorSource,
    as_mapping,
    external_references,
    extract_document,
    normalise,
    parse_document,
    read_document,
    read_text,
)

MAX_MEGABYTES = 4  # of a downloaded file; the largest vendored document has 0.1

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|[a-z]+[\s>])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)


def read_new_document(path: Path, *, cut: str | None = None, most: int | None = MAX_MEGABYTES) -> Node:
    """Read a document as OpenAPI 3.1; with `cut`, extract it from its page first.

    `most` is the largest size in MB, None for a file that the user chose. Raises DriftError if the file is
    not an OpenAPI document that can be compared.
    """
    try:
        if most is not None and path.is_file() and path.stat().st_size > most * 1_000_000:
            raise DriftError(
                f"{path}: it has more than {most} MB, which is too large for a vendor's document."
            )
        text = read_text(path) if cut is None else extract_document(path.read_bytes(), cut).decode()
        _reject_markup(text, path)
        return _openapi(parse_document(text, source=path.as_posix()), path)
    except (DocumentError, UnicodeDecodeError, OSError) as error:
        raise DriftError(str(error)) from error
    except SpecError as error:
        raise DriftError(f"{path}: {'; '.join(error.problems)}.") from error


def read_vendored(document: VendoredDocument) -> Node:
    """Read a vendored document as OpenAPI 3.1."""
    return normalise(read_document(document.file))


def predecessor(
    new: Node, source: VendorSource, *, path: Path, against: str | None = None
) -> VendoredDocument:
    """Return the vendored document that shares most operations with `new`, among several the newest.

    `against` selects a document by file name instead. Raises DriftError if no document shares an operation or
    the title, because then `new` describes another API.
    """
    known = {document: read_vendored(document) for document in source.openapi}
    if against is not None:
        return _named(against, source)
    shared = {document: shared_operations(node, new) for document, node in known.items()}
    if not any(shared.values()):
        shared = {document: int(_title(node) == _title(new)) for document, node in known.items()}
    best = max(shared, key=lambda document: (shared[document], _version(known[document])))
    if not shared[best]:
        raise DriftError(
            f"{path}: it describes another API ({_title(new)}): "
            f"it has no operation of {source.path.parent.as_posix()}/."
        )
    return best


def _reject_markup(text: str, path: Path) -> None:
    if _MARKUP.match(text):
        title = _TITLE.search(text)
        title_text = f" ({' '.join(title[1].split())})" if title else ""
        raise DriftError(f"{path}: it is a web page{title_text}, not an OpenAPI document; check its URL.")


def _openapi(document: JSONValue, path: Path) -> Node:
    keys = as_mapping(document)
    if "swagger" in keys:
        raise DriftError(f"{path}: it is Swagger {keys['swagger']}; use OpenAPI 3.0 or 3.1.")
    if "openapi" not in keys:
        raise DriftError(
            f"{path}: it is not an OpenAPI document: it has no `openapi: 3…`; {_describe(document)}."
        )
    whole = normalise(document)
    for at, reference in external_references(whole):
        raise DriftError(f"{path}: at {at}, {reference} {EXTERNAL}.")
    if not list_operations(whole):
        raise DriftError(f"{path}: it has no operations; use a document that has some.")
    return whole


def _describe(document: JSONValue) -> str:
    match document:
        case dict():
            return f"it has {', '.join(map(str, [*document][:5])) or 'no members'}"
        case list():
            return "it is a list"
        case None:
            return "it is empty"
        case _:
            return "it is a single value"


def _named(name: str, source: VendorSource) -> VendoredDocument:
    for document in source.openapi:
        if document.file.name == name:
            return document
    known = ", ".join(document.file.name for document in source.openapi)
    raise DriftError(f"{source.path.parent.as_posix()}/ has no {name}; it has {known}.")


def _title(document: Node) -> str:
    return str(as_mapping(document.get("info")).get("title"))


def _version(document: Node) -> tuple[int, ...]:
    version = str(as_mapping(document.get("info")).get("version"))
    return tuple(map(int, re.findall(r"\d+", version)))
