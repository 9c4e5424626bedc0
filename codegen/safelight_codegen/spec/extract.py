"""Cut vendored documents out of the pages they were published on; `source.toml` says what must come out."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from safelight_codegen.spec.errors import SpecError
from safelight_codegen.spec.source import Document, read_source

INDENT = b"    "


def extract(page: bytes, cut: str) -> bytes:
    """Find the bytes of the document inside `page`, in the manner `cut` names."""
    if cut not in CUTS:
        raise SpecError(f"cut {cut!r}", [f"known cuts are {', '.join(sorted(CUTS))}"])
    return CUTS[cut](page)


def changes(document: Document) -> list[str]:
    """Say what differs between a vendored document, its page and the digests noted for both."""
    page = document.page.read_bytes()
    found = [
        (document.page, _digest(page), document.page_sha256),
        (document.file, _digest(document.file.read_bytes()), document.sha256),
        (document.file, _digest(extract(page, document.cut)), document.sha256),
    ]
    return [f"{path} has sha256 {has}, not {noted}" for path, has, noted in found if has != noted]


def write(root: Path, vendor: str) -> list[Path]:
    """Write every vendored document of `vendor` from its page; the files written."""
    documents = read_source(root, vendor).documents
    for document in documents:
        document.file.write_bytes(extract(document.page.read_bytes(), document.cut))
    return [document.file for document in documents]


def _whole(page: bytes) -> bytes:
    return page


def _fenced_json(page: bytes) -> bytes:
    return _one(re.findall(rb"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL), "fenced JSON block")


def _indented_yaml(page: bytes) -> bytes:
    """Find the code block that starts with `openapi:`, less the four spaces that made it one."""
    pattern = rb"^    openapi: .*\n(?:(?:    .*)?\n)*"
    block = _one(re.findall(pattern, page, re.MULTILINE), "indented block starting with openapi:")
    lines = block.rstrip().split(b"\n")
    return b"\n".join(line.removeprefix(INDENT) for line in lines) + b"\n"


def _one(found: list[bytes], what: str) -> bytes:
    if len(found) != 1:
        raise SpecError("extraction", [f"the page holds {len(found)} of: {what}; one is expected"])
    return found[0]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


CUTS: Mapping[str, Callable[[bytes], bytes]] = {
    "whole": _whole,
    "fenced-json": _fenced_json,
    "indented-yaml": _indented_yaml,
}
