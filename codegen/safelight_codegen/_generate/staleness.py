"""Explains why a generated tree is outdated."""

import difflib
from collections.abc import Iterator, Mapping
from itertools import islice

from safelight_codegen._generate.file_tree import Tree
from safelight_codegen._generate.manifest import MANIFEST_NAME, read_manifest, sha256_digests

_FILES_SHOWN = 5
_LINES_SHOWN = 25


def explain_staleness(current: Tree, fresh: Tree) -> list[str]:
    """Return lines that say which files differ, how, and why; none if the trees are equal."""
    names = sorted(name for name in current.keys() | fresh.keys() if current.get(name) != fresh.get(name))
    if not names:
        return []
    shown = [name for name in names if name != MANIFEST_NAME][:_FILES_SHOWN]
    return [
        *(f"{_state(name, current, fresh)}: generated/{name}" for name in names),
        *(line for name in shown for line in _diff(name, current, fresh)),
        *_causes(current, fresh),
        "generated/ is outdated; run: make generate",
    ]


def _state(name: str, current: Tree, fresh: Tree) -> str:
    if name not in current:
        return "missing"
    return "differs" if name in fresh else "unexpected"


def _diff(name: str, current: Tree, fresh: Tree) -> Iterator[str]:
    old, new = (tree.get(name, b"").decode(errors="replace").splitlines() for tree in (current, fresh))
    lines = difflib.unified_diff(old, new, f"generated/{name}", f"regenerated/{name}", n=1, lineterm="")
    yield from islice(lines, _LINES_SHOWN)
    if remaining := sum(1 for _ in lines):
        yield f"… {remaining} more lines"


def _causes(current: Tree, fresh: Tree) -> list[str]:
    old, new = read_manifest(current), read_manifest(fresh)
    inputs = (f"input {change}: {name}" for name, change in _changes(old.inputs, new.inputs))
    tools = (
        f"tool {change}: {name} {new.tools.get(name, '')}" for name, change in _changes(old.tools, new.tools)
    )
    causes = [*_edited(current, old.outputs), *inputs, *tools]
    return causes or ["no input changed, so the code of the generator did"]


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, "added" if name not in old else "changed" if name in new else "removed"


def _edited(current: Tree, recorded: Mapping[str, str]) -> Iterator[str]:
    now = sha256_digests(current)
    for name in sorted(recorded.keys() & now.keys()):
        if now[name] != recorded[name]:
            yield f"edited by hand: generated/{name} (change an overlay or a template instead)"
