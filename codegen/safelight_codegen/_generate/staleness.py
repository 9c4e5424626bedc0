"""Why a generated tree is stale, told so that one knows what to do about it."""

import difflib
from collections.abc import Iterator, Mapping
from itertools import islice

from safelight_codegen._generate.file_tree import Tree
from safelight_codegen._generate.manifest import NAME, digests, read_manifest

_FILES_SHOWN = 5
_LINES_SHOWN = 25


def explain(current: Tree, fresh: Tree) -> list[str]:
    """Tell which files differ, how, and what made them differ; empty when the trees are equal."""
    names = sorted(name for name in current.keys() | fresh.keys() if current.get(name) != fresh.get(name))
    if not names:
        return []
    shown = [name for name in names if name != NAME][:_FILES_SHOWN]
    return [
        *(f"{_verdict(name, current, fresh)}: generated/{name}" for name in names),
        *(line for name in shown for line in _diff(name, current, fresh)),
        *_causes(current, fresh),
        "generated/ is stale. Mend it with: make generate",
    ]


def _verdict(name: str, current: Tree, fresh: Tree) -> str:
    if name not in current:
        return "missing"
    return "differs" if name in fresh else "unexpected"


def _diff(name: str, current: Tree, fresh: Tree) -> Iterator[str]:
    old, new = (tree.get(name, b"").decode(errors="replace").splitlines() for tree in (current, fresh))
    lines = difflib.unified_diff(old, new, f"generated/{name}", f"regenerated/{name}", n=1, lineterm="")
    yield from islice(lines, _LINES_SHOWN)
    if left := sum(1 for _ in lines):
        yield f"… {left} more lines"


def _causes(current: Tree, fresh: Tree) -> list[str]:
    old, new = read_manifest(current), read_manifest(fresh)
    inputs = (f"input {verdict}: {name}" for name, verdict in _changes(old.inputs, new.inputs))
    tools = (
        f"tool {verdict}: {name} {new.tools.get(name, '')}"
        for name, verdict in _changes(old.tools, new.tools)
    )
    causes = [*_edited(current, old.outputs), *inputs, *tools]
    return causes or ["no input changed since: the generator's own code did"]


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, "added" if name not in old else "changed" if name in new else "removed"


def _edited(current: Tree, noted: Mapping[str, str]) -> Iterator[str]:
    now = digests(current)
    for name in sorted(noted.keys() & now.keys()):
        if now[name] != noted[name]:
            yield f"edited by hand: generated/{name} (an overlay or a template is the place for it)"
