"""Writes fidelity.md: what the twin does and on whose word, from the rows of fidelity.toml.

`python docs/fidelity.py` rewrites it; with `--check` it writes nothing and fails when the page is stale.
"""

import ast
import os
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROWS, PAGE = DOCS / "fidelity.toml", DOCS / "fidelity.md"
TESTS = ("tests", "contract_tests")
MARKER = "fidelity"

MARKS: Mapping[str, str] = {
    "documented": "stands in a document of the vendor's that is vendored under `openapi/`",
    "documented later": "stands in a document or on a page of the vendor's that is not vendored here",
    "observed": "seen in public client code that works against the service",
    "assumed": "our reading where no source says anything: the service may do otherwise",
    "ours": "belongs to the twin; the service has nothing like it",
}

INTRODUCTION = """\
<!-- Made by `python docs/fidelity.py` from fidelity.toml; do not edit. -->

# What the twin does, and on whose word

A twin is worth as much as one knows about where it differs. Each row says what the twin does, what that rests
on, and which tests hold it. Sources: *enhance 1.0.0*, *matting 1.2.0* and *denoise page* are the vendor's
documents under `openapi/topaz/`, *async page* is Claid's under `openapi/claid/` and *detailer page* Tengr's
under `openapi/tengr/`; all others are named and not part of this project.

A row marked *not reached* describes something the service does and the twin cannot be brought to do yet.
`tests/docs/test_fidelity.py` fails for an operation, an answer or a setting without a row.
"""

# Headings in their order, each with the sign its rows have in their id.
SECTIONS: Mapping[str, str] = {"Operations and answers": "/", "Behaviour": ":", "Settings": "."}

HEAD = """\
| what | what the twin does | mark | source | held by |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing the twin does. Its fields are explained at the top of fidelity.toml."""

    id: str
    about: str
    mark: str
    source: str
    covers: Sequence[str] = ()
    reached: bool = True

    @property
    def section(self) -> str:
        """The heading it stands under."""
        return next((title for title, sign in SECTIONS.items() if sign in self.id), "")


def read(path: Path) -> list[Row]:
    """Read all rows; raises TypeError for a field no row has."""
    return [Row(**row) for row in tomllib.loads(path.read_text(encoding="utf-8"))["row"]]


def held(root: Path) -> Mapping[str, Sequence[str]]:
    """Map row ids to the tests marked with them, as `path::name`; files are parsed, not imported."""
    tests: dict[str, list[str]] = defaultdict(list)
    for path in sorted(path for folder in TESTS for path in (root / folder).rglob("test_*.py")):
        for name, row in _marked(path.read_text(encoding="utf-8")):
            tests[row].append(f"{path.relative_to(root).as_posix()}::{name}")
    return tests


def _marked(text: str) -> Iterator[tuple[str, str]]:
    """Yield each test and row id of a module: decorated functions, and state machines marked by a call."""
    if f"mark.{MARKER}(" not in text:
        return
    for node in ast.parse(text).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from ((node.name, row) for mark in node.decorator_list for row in _ids(mark))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=mark)):
                yield from ((name, row) for row in _ids(mark))


def _ids(mark: ast.expr) -> Iterator[str]:
    match mark:
        case ast.Call(func=ast.Attribute(attr=attr), args=ids) if attr == MARKER:
            yield from (ast.literal_eval(one) for one in ids)


def render(rows: Sequence[Row], tests: Mapping[str, Sequence[str]]) -> str:
    """Write the page."""
    tables = (_table(title, rows, tests) for title in SECTIONS)
    return "\n".join([INTRODUCTION, _marks(rows), *tables])


def _table(title: str, rows: Iterable[Row], tests: Mapping[str, Sequence[str]]) -> str:
    lines = (_line(row, tests.get(row.id, ())) for row in rows if row.section == title)
    return f"## {title}\n\n{HEAD}{''.join(lines)}"


def _marks(rows: Iterable[Row]) -> str:
    counts = Counter(row.mark for row in rows)
    lines = [f"| {mark} | {counts[mark]} | {meaning} |\n" for mark, meaning in MARKS.items()]
    return f"| mark | rows | meaning |\n|---|---|---|\n{''.join(lines)}"


def _line(row: Row, tests: Sequence[str]) -> str:
    names = "<br>".join(f"`{name}`" for name in (row.id, *row.covers))
    mark = row.mark if row.reached else f"{row.mark}, *not reached*"
    links = "<br>".join(map(_test, tests)) or "no test"
    return f"| {names} | {row.about} | {mark} | {row.source} | {links} |\n"


def _test(node: str) -> str:
    path, _, name = node.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{path})"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or check it."""
    page = render(read(ROWS), held(DOCS.parent))
    if "--check" not in arguments:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        sys.stderr.write(f"{os.path.relpath(PAGE)} is stale; run: python {os.path.relpath(__file__)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
