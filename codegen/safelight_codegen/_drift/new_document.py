"""A newly downloaded document: whether it is one at all, and which vendored one it is the successor of.

Vendors answer a page that says "not found" with 200, and sites move; what came is looked at before it is
believed.
"""

import re
from pathlib import Path

from safelight_codegen._drift.errors import DriftError
from safelight_codegen._drift.operation_matching import calls, shared_operations
from safelight_openapi import (
    EXTERNAL,
    JSON,
    DocumentError,
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

MOST = 4  # MB of a file that is looked at; the largest vendored one has a tenth of one

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|[a-z]+[\s>])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)


def read_new_document(path: Path, *, cut: str | None = None, most: int | None = MOST) -> Node:
    """Read a document as OpenAPI 3.1, after cutting it out of its page if it came in one; DriftError.

    A downloaded file has at most so many MB; a file of the user's own may be larger.
    """
    try:
        if most is not None and path.is_file() and path.stat().st_size > most * 1_000_000:
            raise DriftError(f"{path}: it has more than {most} MB; no vendor's document is that large.")
        text = read_text(path) if cut is None else extract_document(path.read_bytes(), cut).decode()
        _refuse_markup(text, path)
        return _openapi(parse_document(text, source=path.as_posix()), path)
    except (DocumentError, UnicodeDecodeError, OSError) as error:
        raise DriftError(str(error)) from error
    except SpecError as error:
        raise DriftError(f"{path}: {'; '.join(error.problems)}.") from error


def vendored(document: VendoredDocument) -> Node:
    """Read a vendored document as OpenAPI 3.1."""
    return normalise(read_document(document.file))


def predecessor(
    new: Node, source: VendorSource, *, path: Path, against: str | None = None
) -> VendoredDocument:
    """Find the vendored document with most operations in common, of several the newest; or the named one.

    Raises DriftError if there is none: then `new` describes another API.
    """
    known = {document: vendored(document) for document in source.openapi}
    if against is not None:
        return _named(against, source)
    shared = {document: shared_operations(node, new) for document, node in known.items()}
    if not any(shared.values()):
        shared = {document: int(_title(node) == _title(new)) for document, node in known.items()}
    best = max(shared, key=lambda document: (shared[document], _version(known[document])))
    if not shared[best]:
        raise DriftError(
            f"{path}: it describes another API ({_title(new)}): "
            f"no operation of {source.path.parent.as_posix()}/ is in it."
        )
    return best


def _refuse_markup(text: str, path: Path) -> None:
    if _MARKUP.match(text):
        title = _TITLE.search(text)
        told = f" ({' '.join(title[1].split())})" if title else ""
        raise DriftError(f"{path}: it is a web page{told}, no OpenAPI document; look at where it came from.")


def _openapi(document: JSON, path: Path) -> Node:
    keys = as_mapping(document)
    if "swagger" in keys:
        raise DriftError(f"{path}: it is Swagger {keys['swagger']}; OpenAPI 3.0 and 3.1 are understood.")
    if "openapi" not in keys:
        raise DriftError(
            f"{path}: it is no OpenAPI document, it does not say `openapi: 3…`; {_told(document)}."
        )
    whole = normalise(document)
    for at, reference in external_references(whole):
        raise DriftError(f"{path}: at {at}, {reference} {EXTERNAL}.")
    if not calls(whole):
        raise DriftError(f"{path}: it describes no operation.")
    return whole


def _told(document: JSON) -> str:
    match document:
        case dict():
            return f"it has {', '.join(map(str, [*document][:5])) or 'nothing in it'}"
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
    raise DriftError(f"{source.path.parent.as_posix()}/ has no {name}; there are: {known}.")


def _title(document: Node) -> str:
    return str(as_mapping(document.get("info")).get("title"))


def _version(document: Node) -> tuple[int, ...]:
    said = str(as_mapping(document.get("info")).get("version"))
    return tuple(map(int, re.findall(r"\d+", said)))
