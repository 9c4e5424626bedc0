"""Extracts vendored documents from the pages on which they were published, and compares digests."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from safelight_openapi._effective.source_file import VendoredDocument, read_source
from safelight_openapi._errors import SpecError

INDENT = b"    "
NUMBERED = re.compile(r"([a-z-]+) ([1-9]\d*) of ([1-9]\d*)")
TRANSCRIBED = "transcribed"  # written by hand from a page without a document: nothing can be extracted


def extract_document(page: bytes, cut: str) -> bytes:
    """Return the bytes of the document inside `page`.

    `cut` is `whole`, `fenced-json` or `indented-yaml`; if a page has several blocks of a kind, also which one
    of how many: `fenced-json 2 of 4`. The number is checked, so that a block that the vendor adds is noticed.
    Raises SpecError for another `cut`, and if the page has another number of blocks.
    """
    kind, number, count = _parse_cut(cut)
    if kind not in CUTS:
        raise SpecError(f"cut {cut!r}", [f"must be one of {', '.join(sorted(CUTS))}"])
    blocks = CUTS[kind](page)
    if len(blocks) != count or number > count:
        raise SpecError("extraction", [f"{cut}: the page has {len(blocks)} blocks of {kind}, not {count}"])
    return blocks[number - 1]


def digest_mismatches(document: VendoredDocument) -> list[str]:
    """Return a sentence for each difference between a document, its page and their digests in `source.toml`.

    The document is extracted from its page again, so a manual edit of either is detected. Raises OSError if a
    file cannot be read, SpecError if the page has no such document.
    """
    page = document.page.read_bytes()
    compared = [
        (document.page, _digest(page), document.page_sha256),
        (document.file, _digest(document.file.read_bytes()), document.sha256),
    ]
    if document.cut != TRANSCRIBED:
        compared.append((document.file, _digest(extract_document(page, document.cut)), document.sha256))
    return [
        f"{path} has sha256 {actual}, not {expected}"
        for path, actual, expected in compared
        if actual != expected
    ]


def extract_documents(root: Path, vendor: str) -> list[Path]:
    """Extract every document of `vendor` from its page, write it, and return the paths written."""
    documents = [one for one in read_source(root, vendor).documents if one.cut != TRANSCRIBED]
    for document in documents:
        document.file.write_bytes(extract_document(document.page.read_bytes(), document.cut))
    return [document.file for document in documents]


def _parse_cut(cut: str) -> tuple[str, int, int]:
    match = NUMBERED.fullmatch(cut)
    return (match[1], int(match[2]), int(match[3])) if match else (cut, 1, 1)


def _whole(page: bytes) -> list[bytes]:
    return [page]


def _fenced_json(page: bytes) -> list[bytes]:
    return re.findall(rb"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def _indented_yaml(page: bytes) -> list[bytes]:
    """Return the indented code blocks that begin with `openapi:`, without their four spaces."""
    blocks = re.findall(rb"^    openapi: .*\n(?:(?:    .*)?\n)*", page, re.MULTILINE)
    return [_dedented(block.rstrip().split(b"\n")) for block in blocks]


def _dedented(lines: list[bytes]) -> bytes:
    return b"\n".join(line.removeprefix(INDENT) for line in lines) + b"\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


CUTS: Mapping[str, Callable[[bytes], list[bytes]]] = {
    "whole": _whole,
    "fenced-json": _fenced_json,
    "indented-yaml": _indented_yaml,
}
