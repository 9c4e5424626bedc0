"""Whether the vendored bytes are those that `source.toml` notes, vendor by vendor."""

from collections.abc import Iterator
from pathlib import Path

from safelight_openapi._effective.extract import changes
from safelight_openapi._effective.source_file import Document, read_source
from safelight_openapi._errors import SpecError

_ADVICE = "git checkout it, or vendor it anew and note its sha256 in"


def source_faults(root: Path, vendor: str) -> Iterator[str]:
    """Say in one line each what is not as it was vendored."""
    try:
        source = read_source(root, vendor)
    except SpecError as error:
        yield error.line
        return
    for document in source.documents:
        yield from (f"{fault}: {_ADVICE} {source.path.as_posix()}" for fault in _faults(document))


def _faults(document: Document) -> list[str]:
    try:
        return list(dict.fromkeys(changes(document)))
    except OSError as error:
        return [f"{error.filename} cannot be read ({error.strerror})"]
    except SpecError as error:
        return [f"{document.file}: {error.line}"]
