"""Tables of pages that come from the command, the settings, the measurements and the tests.

A page names a table in a comment, `<!-- made: NAME -->`, and the table follows it.

`python docs/tables.py` rewrites the tables; with `--check` it only fails at the first stale page.
"""

import ast
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click

from safelight_mock import Settings
from safelight_mock.adapters.cli import serve
from safelight_mock.adapters.grouped_options import GroupedOption
from safelight_mock.adapters.record.command import record
from safelight_mock.config.services import services
from safelight_mock.scenarios.library import library_names, library_scenario

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
PAGES = (
    ROOT / "README.md",
    DOCS / "options.md",
    DOCS / "scenarios.md",
    DOCS / "record.md",
    ROOT / "examples" / "README.md",
)
SCENARIOS = ROOT / "tests" / "scenarios"
SDKS = ROOT / "tests" / "sdks"
RESULTS = ROOT / "benchmarks" / "RESULTS.md"

MARK = re.compile(r"^<!-- made: (?P<name>\w+) -->\n(?:\|[^\n]*\n)*", re.MULTILINE)

# Figures of benchmarks/RESULTS.md by the first words of their row.
FIGURES: Mapping[str, str] = {
    "W1": "status polls per second",
    "W2": "uploads of a photograph per second",
    "cold start": "seconds from the command to the first response",
    "idle memory": "memory at rest, MB",
}

Cells = Sequence[str]


def options() -> Iterator[Cells]:
    """Options of `safelight-mock serve`, in the groups of its help."""
    yield "option", "default", "environment", "what it does"
    context = click.Context(serve, show_default=True)
    options = (option for option in serve.params if isinstance(option, GroupedOption))
    for title, group in groupby(options, key=attrgetter("group")):
        yield f"**{title}**", "", "", ""
        for option in group:
            names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
            yield names, _default(option, context), f"`{option.variable}`", option.help or ""


def scenarios() -> Iterator[Cells]:
    """Scenarios of the library, and what the naive clients of their tests get wrong."""
    yield "scenario", "what goes wrong", "what a naive client does"
    naive = dict(_naive_clients())
    for name in library_names():
        module, sentence = naive[name]
        yield f"`{name}`", library_scenario(name).description, f"[{sentence}](../{module})"


def _naive_clients() -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each scenario that a test names, with its module and its sentence about the naive client."""
    for file in sorted(SCENARIOS.glob("test_*.py")):
        for test in ast.parse(file.read_text(encoding="utf-8")).body:
            sentence = ast.get_docstring(test) if isinstance(test, ast.FunctionDef) else None
            for node in ast.walk(test) if sentence else ():
                if isinstance(node, ast.Constant) and node.value in library_names():
                    yield str(node.value), (file.relative_to(ROOT).as_posix(), str(sentence))


def record_options() -> Iterator[Cells]:
    """Options of `safelight-mock record`."""
    yield "option", "default", "what it does"
    context = click.Context(record, show_default=True)
    for option in record.params:
        if isinstance(option, click.Option):
            default = "required" if option.required else _default(option, context)
            yield ", ".join(f"`{name}`" for name in option.opts), default, option.help or ""


def settings() -> Iterator[Cells]:
    """Vendors' settings, for `--set`."""
    yield "setting", "default", "what it does"
    for slug, service in services(Settings()).items():
        for name, setting in service.vendor.settings.items():
            value = service.options[name]
            yield f"`{slug}.{name}`", f"`{value}`" if value != "" else "empty", setting.about


def figures() -> Iterator[Cells]:
    """Medians of benchmarks/RESULTS.md."""
    header, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in RESULTS.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    )
    yield "median", *header[1:]
    for label, *cells in rows:
        name = re.split(r",| \(", label)[0]
        if name in FIGURES:
            yield FIGURES[name], *(cell.partition(" ")[0] for cell in cells)


def sdks() -> Iterator[Cells]:
    """Official SDKs of examples: their locked versions, and what their tests verify."""
    yield "SDK", "version", "example", "verified"
    for wanted in sorted((SDKS / "locks").glob("*.in")):
        tests = SDKS / f"test_{wanted.stem.partition('-')[0]}.py"
        if not tests.exists():  # of a client that is not the official one of an example
            continue
        names = re.findall(r"^[\w-]+", wanted.read_text(), re.MULTILINE)
        pinned = dict(re.findall(r"^([\w-]+)==(\S+)", wanted.with_suffix(".txt").read_text(), re.MULTILINE))
        verified = re.findall(r"^def test_(\w+)\(", tests.read_text(), re.MULTILINE)
        yield (
            ", ".join(names),
            ", ".join(pinned[name] for name in names),
            f"[{wanted.stem}]({wanted.stem}/)",
            "; ".join(name.replace("_", " ") for name in verified),
        )


TABLES: Mapping[str, Callable[[], Iterable[Cells]]] = {
    "figures": figures,
    "options": options,
    "record": record_options,
    "sdks": sdks,
    "scenarios": scenarios,
    "settings": settings,
}


def filled(page: str) -> str:
    """Put the table below each mark; raises KeyError for an unknown name."""
    return MARK.sub(lambda mark: f"<!-- made: {mark['name']} -->\n{_table(TABLES[mark['name']]())}", page)


def _table(rows: Iterable[Cells]) -> str:
    header, *rest = rows
    lines = (header, ["---"] * len(header), *rest)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _default(option: click.Option, context: click.Context) -> str:
    """Default of an option as its help shows it: a value, or words in parentheses."""
    shown = option.get_help_extra(context).get("default", "(off)")
    return shown[1:-1] if shown.startswith("(") else f"`{shown}`"


def main(arguments: Sequence[str]) -> int:
    """Rewrite the tables, or check them."""
    for page in PAGES:
        there = page.read_text(encoding="utf-8")
        current = filled(there)
        if "--check" not in arguments:
            page.write_text(current, encoding="utf-8")
        elif there != current:
            sys.stderr.write(f"{os.path.relpath(page)} is stale; run: python {os.path.relpath(__file__)}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
