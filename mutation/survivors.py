"""Mutants that no test detects: as recorded by mutmut, and as explained in survivors.toml."""

import ast
import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

NOTICED = frozenset({1, 3, 24, 36, 152, 255, -24})  # exit codes of mutmut's: a test failed, or did not end
ORIGINAL, MUTANT = "__mutmut_orig", "__mutmut_"
MARK = "# type: ignore # mutmut generated"
TOKEN = re.compile(r"[\w.]+|[<>=!+*/|&-]+|\s+|.")

Reasons = Mapping[str, str]
"""Why a change may go unnoticed, by its description."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The mutants that may survive: single ones, and every one of some forms, as patterns for `fnmatch`."""

    reasons: Reasons
    forms: Reasons

    def has_form(self, change: str) -> bool:
        """Return whether a change is of an accepted form."""
        return any(fnmatchcase(change, form) for form in self.forms)


def listed(path: Path) -> Accepted:
    """Return the mutants that may survive, each with its reason."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["survivors"]
    reasons, forms = (
        {change: group["reason"] for group in groups for change in group.get(key, ())}
        for key in ("changes", "forms")
    )
    return Accepted(reasons, forms)


def outcomes(meta: Path) -> tuple[int, list[str]]:
    """Return how many changes mutmut made to a module, from its record of them, and the undetected ones.

    A change is identified by its function and its lines with what is replaced in them: mutmut's numbers move
    with the code.
    """
    codes: Mapping[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    functions = dict(_functions(meta.with_suffix("")))
    return len(codes), [_described(name, functions) for name, code in codes.items() if code not in NOTICED]


def unexplained(survivors: Sequence[str], reasons: Reasons) -> Iterator[str]:
    """Yield survivors without a reason, and reasons without a survivor."""
    yield from (f"survived without a reason: {one}" for one in survivors if one not in reasons)
    yield from (f"listed as a survivor, but noticed: {one}" for one in reasons if one not in survivors)


def _functions(module: Path) -> Iterator[tuple[str, str]]:
    """Yield the functions of a module that mutmut wrote, by name, as text."""
    text = module.read_text(encoding="utf-8").replace(MARK, "")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            yield node.name, "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _described(name: str, functions: Mapping[str, str]) -> str:
    """Describe a change: `core.job.status: the line with {these words => those}`."""
    module, _, mutant = name.rpartition(".")
    mangled = mutant.rpartition(MUTANT)[0]
    function = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    before, after = (
        [line.strip() for line in functions[one].replace(one, function.rpartition(".")[2]).splitlines()]
        for one in (f"{mangled}{ORIGINAL}", mutant)
    )
    lines = [line for line in difflib.ndiff(before, after) if line.startswith(("- ", "+ "))]
    gone, come = (" ".join(line[2:] for line in lines if line.startswith(sign)) for sign in "-+")
    return f"{module.partition('.')[2]}.{function}: {_marked(gone, come)}"


def _marked(before: str, after: str) -> str:
    """Return a text with the one part of it that was replaced: `a {b => c} d`."""
    gone, come = TOKEN.findall(before), TOKEN.findall(after)
    start = _shared(gone, come)
    old, new = gone[start:], come[start:]
    end = _shared(old[::-1], new[::-1])
    kept = len(old) - end
    parts = (gone[:start], old[:kept], new[: len(new) - end], old[kept:])
    first, removed, added, last = map("".join, parts)
    return f"{first}{{{removed} => {added}}}{last}"


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many of the first texts are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
