"""Cut vendored documents out of the pages they were published on; `source.toml` says what must come out."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from safelight_openapi._effective.source_file import Document, read_source
from safelight_openapi._errors import SpecError

INDENT = b"    "
NUMBERED = re.compile(r"([a-z-]+) ([1-9]\d*) of ([1-9]\d*)")
TRANSCRIBED = "transcribed"  # written by hand after a page that holds no document: there is nothing to cut


def extract(page: bytes, cut: str) -> bytes:
    """Find the bytes of the document inside `page`, in the manner `cut` names.

    A page with several blocks of a kind says which and of how many: `fenced-json 2 of 4`.
    """
    manner, number, count = _asked(cut)
    if manner not in CUTS:
        raise SpecError(f"cut {cut!r}", [f"known cuts are {', '.join(sorted(CUTS))}"])
    found = CUTS[manner](page)
    if len(found) != count or number > count:
        raise SpecError("extraction", [f"{cut}: the page holds {len(found)} of: {manner}; {count} expected"])
    return found[number - 1]


def changes(document: Document) -> list[str]:
    """Say what differs between a vendored document, its page and the digests noted for both."""
    page = document.page.read_bytes()
    found = [
        (document.page, _digest(page), document.page_sha256),
        (document.file, _digest(document.file.read_bytes()), document.sha256),
    ]
    if document.cut != TRANSCRIBED:
        found.append((document.file, _digest(extract(page, document.cut)), document.sha256))
    return [f"{path} has sha256 {has}, not {noted}" for path, has, noted in found if has != noted]


def write(root: Path, vendor: str) -> list[Path]:
    """Write every document of `vendor` that is cut out of its page; the files written."""
    documents = [one for one in read_source(root, vendor).documents if one.cut != TRANSCRIBED]
    for document in documents:
        document.file.write_bytes(extract(document.page.read_bytes(), document.cut))
    return [document.file for document in documents]


def _asked(cut: str) -> tuple[str, int, int]:
    match = NUMBERED.fullmatch(cut)
    return (match[1], int(match[2]), int(match[3])) if match else (cut, 1, 1)


def _whole(page: bytes) -> list[bytes]:
    return [page]


def _fenced_json(page: bytes) -> list[bytes]:
    return re.findall(rb"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def _indented_yaml(page: bytes) -> list[bytes]:
    """Find the code blocks that start with `openapi:`, less the four spaces that made them one."""
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
