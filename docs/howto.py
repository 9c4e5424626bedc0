"""Insert tests into the how-to pages as their examples.

A page names code in a comment, `<!-- shown: PATH::NAME,NAME -->`, and the code follows it: functions, classes
and constants, `imports` for the imports of the file, or without names the whole file. A list of tuples is
shown as a table by `<!-- table: PATH::NAME; first column; second column -->`.

`python docs/howto.py` rewrites the pages; with `--check` it only fails at the first stale one.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
IMPORTS = "imports"
LANGUAGES: Mapping[str, str] = {".py": "python", ".mjs": "javascript", ".rb": "ruby", ".txt": "text"}

SHOWN = re.compile(
    r"^<!-- shown: (?P<path>\S+?)(?:::(?P<names>[\w,]+))? -->\n(?:```.*?^```\n)?", re.MULTILINE | re.DOTALL
)


TABLE = re.compile(
    r"^<!-- table: (?P<path>\S+?)::(?P<name>\w+); (?P<columns>[^\n]+?) -->\n(?:\|[^\n]*\n)*", re.MULTILINE
)


def woven(page: str) -> str:
    """Insert the code below each mark; raises KeyError for an unknown name."""
    return TABLE.sub(_table, SHOWN.sub(_shown, page))


def pieces(source: str) -> dict[str, str]:
    """Return the source of each top-level definition by its name."""
    lines = source.splitlines()
    sources: dict[str, str] = {}
    for node in ast.parse(source).body:
        for name in _names(node):
            first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
            piece = "\n".join(lines[first - 1 : node.end_lineno])
            sources[name] = f"{sources[name]}\n{piece}" if name in sources else piece
    return sources


def pages() -> Iterator[Path]:
    """Yield the pages with marks."""
    return (page for page in sorted(DOCS.glob("*.md")) if _is_woven(page.read_text(encoding="utf-8")))


def _is_woven(page: str) -> bool:
    return bool(SHOWN.search(page) or TABLE.search(page))


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.Import() | ast.ImportFrom():
            return [IMPORTS]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=[*targets]):
            return [name for target in targets for name in _assigned(target)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _assigned(target: ast.expr) -> list[str]:
    return [name.id for name in ast.walk(target) if isinstance(name, ast.Name)]


def _shown(mark: re.Match[str]) -> str:
    path, names = mark["path"], mark["names"]
    source = (ROOT / path).read_text(encoding="utf-8")
    code = "\n\n".join(map(pieces(source).__getitem__, names.split(","))) if names else source.strip()
    first, _, _ = mark[0].partition("\n")
    return f"{first}\n```{LANGUAGES[Path(path).suffix]}\n{code}\n```\n"


def _table(mark: re.Match[str]) -> str:
    source = (ROOT / mark["path"]).read_text(encoding="utf-8")
    rows = ast.literal_eval(pieces(source)[mark["name"]].partition(" = ")[2])
    columns = mark["columns"].split("; ")
    lines = [columns, ["---"] * len(columns), *(map(_cell, row) for row in rows)]
    first, _, _ = mark[0].partition("\n")
    return "\n".join([first, *(f"| {' | '.join(line)} |" for line in lines), ""])


def _cell(value: object) -> str:
    """Format a cell: each entry of a mapping, or the value."""
    if isinstance(value, dict):
        return ", ".join(f"`{name}: {_plain(one)}`" for name, one in value.items())
    return f"`{_plain(value)}`"


def _plain(value: object) -> str:
    """Format a value as a header or an option does."""
    if isinstance(value, dict):
        return ", ".join(f"{name}={one}" for name, one in value.items())
    return ", ".join(sorted(map(str, value))) if isinstance(value, set) else str(value)


def main(arguments: Sequence[str]) -> int:
    """Rewrite the pages, or check them."""
    for page in pages():
        there = page.read_text(encoding="utf-8")
        current = woven(there)
        if "--check" not in arguments:
            page.write_text(current, encoding="utf-8")
        elif there != current:
            sys.stderr.write(f"{os.path.relpath(page)} is stale; run: python {os.path.relpath(__file__)}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
