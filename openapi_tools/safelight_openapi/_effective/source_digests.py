"""Compares vendored files with the digests in `source.toml`."""

from collections.abc import Iterator
from pathlib import Path

from safelight_openapi._effective.extract import digest_mismatches
from safelight_openapi._effective.source_file import VendoredDocument, read_source
from safelight_openapi._errors import SpecError

_ADVICE = "run `git checkout` for it, or vendor it again and write its sha256 into"


def source_mismatches(root: Path, vendor: str) -> Iterator[str]:
    """Return a line for each file of a vendor that differs from its digest, is missing or cannot be read."""
    try:
        source = read_source(root, vendor)
    except SpecError as error:
        yield error.summary
        return
    for document in source.documents:
        yield from (f"{problem}: {_ADVICE} {source.path.as_posix()}" for problem in _problems(document))


def _problems(document: VendoredDocument) -> list[str]:
    try:
        return list(dict.fromkeys(digest_mismatches(document)))
    except OSError as error:
        return [f"{error.filename} cannot be read ({error.strerror})"]
    except SpecError as error:
        return [f"{document.file}: {error.summary}"]
