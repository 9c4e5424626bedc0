"""Renders a coverage in one of four formats, and writes it to a file."""

import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from secrets import token_hex

import msgspec

from safelight_lifecycle import JSON
from safelight_mock.config.arguments import check_type
from safelight_mock.coverage.junit import as_junit
from safelight_mock.coverage.page import as_page
from safelight_mock.coverage.report import Coverage
from safelight_mock.coverage.summary import totals
from safelight_mock.coverage.text import as_text


class CoverageFormat(StrEnum):
    """A format of reports."""

    JSON = "json"
    TEXT = "text"
    HTML = "html"
    JUNIT = "junit"


ENDINGS: Mapping[str, CoverageFormat] = {
    ".json": CoverageFormat.JSON,
    ".txt": CoverageFormat.TEXT,
    ".html": CoverageFormat.HTML,
    ".xml": CoverageFormat.JUNIT,
}


MEDIA_TYPES: Mapping[CoverageFormat, str] = {
    CoverageFormat.JSON: "application/json",
    CoverageFormat.TEXT: "text/plain",
    CoverageFormat.HTML: "text/html",
    CoverageFormat.JUNIT: "application/xml",
}


def whole(report: Coverage) -> dict[str, JSON]:
    """Return all of a coverage as JSON values, with its `totals`."""
    return {"totals": msgspec.to_builtins(totals(report)), **msgspec.to_builtins(report)}


def as_json(report: Coverage) -> str:
    """Return all of a coverage as JSON, which `read_coverage` reads again."""
    return msgspec.json.format(msgspec.json.encode(whole(report)), indent=1).decode() + "\n"


RENDERERS: Mapping[CoverageFormat, Callable[[Coverage], str]] = {
    CoverageFormat.JSON: as_json,
    CoverageFormat.TEXT: as_text,
    CoverageFormat.HTML: as_page,
    CoverageFormat.JUNIT: as_junit,
}


def rendered(report: Coverage, form: CoverageFormat) -> str:
    """Return a report in a format."""
    return RENDERERS[form](report)


def format_of(path: Path) -> CoverageFormat:
    """Return the format of a file by the end of its name; raises ValueError for another one."""
    form = ENDINGS.get(path.suffix.lower())
    if form is None:
        raise ValueError(f"{path.name} has no format; let its name end with {', '.join(ENDINGS)}")
    return form


def check_file(path: Path) -> None:
    """Raise ValueError for a name without a format, for a folder, and for a file below a file."""
    format_of(path)
    if path.is_dir():
        raise ValueError(f"{path} is a folder; name a file in it")
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if not above.is_dir():
        raise ValueError(f"{path} is below {above}, which is a file; choose another folder")


def write_coverage(report: Coverage, path: str | os.PathLike[str]) -> None:
    """Write a report in the format by the end of the file's name; readers see the old file or the new one.

    Folders are made as needed. Raises ValueError for another ending, and OSError.
    """
    check_type("report", report, Coverage, "a Coverage")
    check_type("path", path, (str, os.PathLike), "a path")
    target = Path(path).resolve()
    text = rendered(report, format_of(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
